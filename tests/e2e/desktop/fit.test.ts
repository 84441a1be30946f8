import { describeFit } from '../describeFit.ts';
import { startDesktop } from '../startDesktop.ts';

describeFit('desktop', startDesktop, { looks: false });
