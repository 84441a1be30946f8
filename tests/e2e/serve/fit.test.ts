import { describeFit } from '../describeFit.ts';
import { startServe } from '../startServe.ts';

describeFit('serve', startServe, { looks: true });
