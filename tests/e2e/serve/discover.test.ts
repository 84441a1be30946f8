import { describeDiscover } from '../describeDiscover.ts';
import { startServe } from '../startServe.ts';

describeDiscover('serve', startServe);
