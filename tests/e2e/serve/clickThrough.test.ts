import { describeClickThrough } from '../describeClickThrough.ts';
import { startServe } from '../startServe.ts';

describeClickThrough('serve', startServe);
