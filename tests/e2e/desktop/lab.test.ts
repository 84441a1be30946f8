import { describe } from 'vitest';
import { isThorough } from '../../fixtures/thorough.ts';
import { describeLab } from '../describeLab.ts';
import { startDesktop } from '../startDesktop.ts';

describe.runIf(isThorough)('with RIGHTSIZE_THOROUGH', () => describeLab('the desktop app', startDesktop));
