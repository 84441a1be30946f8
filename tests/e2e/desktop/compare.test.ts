import { describeCompare } from '../describeCompare.ts';
import { startDesktop } from '../startDesktop.ts';

describeCompare('the desktop app', startDesktop);
