import { describeServer } from '../describeServer.ts';
import { inspectScreen } from '../inspectScreen.ts';
import { startServe } from '../startServe.ts';

describeServer('serve', startServe, inspectScreen);
