import { describe } from 'vitest';
import { isThorough } from '../../fixtures/thorough.ts';
import { describeFit } from '../describeFit.ts';
import { startDesktop } from '../startDesktop.ts';

describe.runIf(isThorough)('with RIGHTSIZE_THOROUGH', () => describeFit('desktop', startDesktop, { looks: false }));
