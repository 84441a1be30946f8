import { expect, vi } from 'vitest';

/** Files of one worker share what they import, which halves their cost. The page's stores are one of each: there every file gets its own. */
if (expect.getState().testPath?.includes('/renderer/') === true) vi.resetModules();
