import { describeDiscover } from '../describeDiscover.ts';
import { startDesktop } from '../startDesktop.ts';

describeDiscover('desktop', startDesktop);
