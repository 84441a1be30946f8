import { describeChat } from '../describeChat.ts';
import { startDesktop } from '../startDesktop.ts';

describeChat('the desktop app', startDesktop);
