import { describeCompare } from '../describeCompare.ts';
import { inspectScreen } from '../inspectScreen.ts';
import { startServe } from '../startServe.ts';

describeCompare('serve', startServe, inspectScreen);
