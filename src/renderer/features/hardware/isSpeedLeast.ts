import type { WhatFits } from '#core/fit/reference/whatFits.ts';
import type { Hardware } from '#shared/contract/system.ts';
import { largestGpu } from '../../ui/machineWords.ts';

/** Whether the speeds of a grid rest on a memory that was measured beside other work, and so may be higher. */
export function isSpeedLeast(hardware: Hardware, { onGpu }: WhatFits): boolean {
  return hardware.memory.bandwidthIsLeast === true && (!onGpu || largestGpu(hardware)?.unified === true);
}
