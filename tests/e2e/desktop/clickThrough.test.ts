import { describeClickThrough } from '../describeClickThrough.ts';
import { startDesktop } from '../startDesktop.ts';

describeClickThrough('the desktop app', startDesktop);
