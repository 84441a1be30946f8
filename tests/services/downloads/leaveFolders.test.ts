import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Download } from '#main/services/downloads/download.ts';
import { leaveFolders } from '#main/services/downloads/leaveFolders.ts';
import type { Placement } from '#main/services/downloads/placement/placement.ts';
import type { DownloadRow } from '#main/storage/downloadTable.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

test('a folder is left to a job that is cancelled too and whose files still lie there, and goes with it', async () => {
  const folder = temporaryFolder();
  const cache = join(folder, 'cache');
  const partial = join(cache, 'second.incomplete');
  mkdirSync(cache);
  writeFileSync(partial, 'half');
  const job = (id: string, madeFolders: readonly string[]): Download =>
    ({ row: { id, state: 'cancelled', madeFolders, files: [{ path: id }] } as unknown as DownloadRow }) as Download;
  const [first, second] = [job('first', [cache]), job('second', [])];
  const leaving = new Set(['second']);
  const jobs = {
    store: {
      all: () => [first, second],
      saveIfPossible: (download: Download, change: Partial<DownloadRow>) => {
        download.row = { ...download.row, ...change };
        return true;
      },
    },
    placementOf: () => ({ place: () => ({ partialPath: partial, finalPath: join(cache, 'second.gguf') }) }) as unknown as Placement,
    leaving,
  };
  await leaveFolders(first.row, jobs);
  expect(existsSync(cache)).toBe(true);

  rmSync(partial);
  leaving.delete('second');
  await leaveFolders(second.row, jobs);
  expect(existsSync(cache)).toBe(false);
});
