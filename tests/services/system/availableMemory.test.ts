import { totalmem } from 'node:os';
import { expect, test } from 'vitest';
import { parseMemAvailable, parseVmStat, readAvailableMemory } from '#main/services/system/availableMemory.ts';

// Recorded on a Mac with 24 GiB under memory pressure, where 5.6 GB of "inactive" pages are no files.
const vmStat = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                                    11887.
Pages active:                                 467336.
Pages inactive:                               363803.
Pages speculative:                            102040.
Pages throttled:                                   0.
Pages wired down:                             196995.
Pages purgeable:                                1044.
"Translation faults":                     1179544352.
File-backed pages:                            264584.
Anonymous pages:                              668595.
Pages stored in compressor:                  1236954.
Pages occupied by compressor:                 388325.
Swapins:                                     1499821.
Swapouts:                                    2314393.
`;

test('available memory is what can be taken, not more than there is', async () => {
  const available = await readAvailableMemory();
  expect(available).toBeGreaterThan(0);
  expect(available).toBeLessThanOrEqual(totalmem());
});

test('on macOS memory that holds files or is free can be taken, memory that would have to be compressed cannot', () => {
  expect(parseVmStat(vmStat)).toBe((11887 + 264584 + 1044) * 16384);
});

test.each([
  '',
  'vm_stat: command not found',
  vmStat.replace('16384', 'some'),
  vmStat.replace('File-backed pages', 'Other pages'),
  vmStat.replace('1044', 'few'),
])('what vm_stat does not tell is unknown, never 0 (%#)', (text) => {
  expect(parseVmStat(text)).toBeUndefined();
});

test('on Linux it is what the kernel says', () => {
  expect(parseMemAvailable('MemTotal:       24683520 kB\nMemFree:        20222464 kB\nMemAvailable:   21400000 kB\n')).toBe(
    21_400_000 * 1024,
  );
  expect(parseMemAvailable('MemFree: 1 kB\n')).toBeUndefined();
});
