import { describeLab } from '../describeLab.ts';
import { inspectScreen } from '../inspectScreen.ts';
import { startServe } from '../startServe.ts';

describeLab('serve', startServe, inspectScreen);
