import { describeChat } from '../describeChat.ts';
import { inspectScreen } from '../inspectScreen.ts';
import { startServe } from '../startServe.ts';

describeChat('serve', startServe, inspectScreen);
