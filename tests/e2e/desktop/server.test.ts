import { describeServer } from '../describeServer.ts';
import { startDesktop } from '../startDesktop.ts';

describeServer('the desktop app', startDesktop);
