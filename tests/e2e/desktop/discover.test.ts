import { describe } from 'vitest';
import { isThorough } from '../../fixtures/thorough.ts';
import { describeDiscover } from '../describeDiscover.ts';
import { startDesktop } from '../startDesktop.ts';

describe.runIf(isThorough)('with RIGHTSIZE_THOROUGH', () => describeDiscover('desktop', startDesktop));
