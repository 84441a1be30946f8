import { describeLab } from '../describeLab.ts';
import { startDesktop } from '../startDesktop.ts';

describeLab('the desktop app', startDesktop);
