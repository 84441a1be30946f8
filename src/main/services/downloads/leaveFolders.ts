import { rmdir } from 'node:fs/promises';
import type { DownloadRow } from '#main/storage/downloadTable.ts';
import { type Download, isFinished } from './download.ts';
import type { DownloadStore } from './downloadStore.ts';
import { isWithin } from './placement/folderGuard.ts';
import type { Placement } from './placement/placement.ts';

/**
 * Removes the folders that a job made and that are empty. One that another job still needs stays, and is that job's to remove from now on:
 * quants of a repo share their folders, and whoever came first has made them.
 */
export async function leaveFolders(
  row: DownloadRow,
  jobs: {
    readonly store: Pick<DownloadStore, 'all' | 'saveIfPossible'>;
    readonly placementOf: (row: DownloadRow) => Placement;
    /** Cancelled jobs whose files are still there. */
    readonly leaving: ReadonlySet<string>;
  },
): Promise<void> {
  const needs = (other: Download, folder: string): boolean => {
    if (other.row.id === row.id || (isFinished(other.row) && !jobs.leaving.has(other.row.id))) return false;
    const placement = jobs.placementOf(other.row);
    const paths = other.row.files.map((file) => placement.place(file)).flatMap((place) => [place.partialPath, place.finalPath]);
    return paths.some((path) => isWithin(folder, path));
  };
  for (const folder of row.madeFolders.toReversed()) {
    const heir = jobs.store.all().find((other) => needs(other, folder));
    // A folder that others use by now, or that is gone, stays as it is.
    if (heir === undefined) await rmdir(folder).catch(() => undefined);
    else if (!heir.row.madeFolders.includes(folder)) {
      const madeFolders = [...heir.row.madeFolders, folder].sort((one, other) => one.length - other.length);
      jobs.store.saveIfPossible(heir, { madeFolders });
    }
  }
}
