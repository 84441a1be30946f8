import type { DownloadRow, DownloadTable } from '#main/storage/downloadTable.ts';
import { downloadErrors } from '#shared/contract/downloads.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { createDownload, type Download, isFinished } from './download.ts';

/** All jobs, in memory and in the database. */
export interface DownloadStore {
  /** In the order of the queue. */
  all(): Download[];
  find(id: string): Download | undefined;
  /** @throws {RpcError} download-not-found */
  require(id: string): Download;
  /** Takes a new job in behind the others. @throws {RpcError} disk-full */
  add(row: Omit<DownloadRow, 'position'>): Download;
  /** Changes a job, and writes it down. @throws {RpcError} disk-full; then nothing has changed */
  save(download: Download, patch: Partial<DownloadRow>): void;
  /** Changes a job also where the disk is too full to write that down: it is tried again with the next change. */
  saveIfPossible(download: Download, patch: Partial<DownloadRow>): void;
  remove(ids: readonly string[]): void;
  /** Puts a job before another one, or last. */
  move(download: Download, before: Download | null): void;
}

/**
 * Loads the jobs of the database.
 * @param options.isHeld whether what an earlier process left has to wait until it is asked for
 * @param options.onChange told after every change of a job
 */
export function createDownloadStore(options: {
  readonly table: DownloadTable;
  readonly log: Log;
  readonly isHeld: boolean;
  readonly onChange: (id: string) => void;
}): DownloadStore {
  const { table, log, onChange } = options;
  const downloads = new Map<string, Download>();
  for (const row of table.list()) downloads.set(row.id, createDownload(row, { isHeld: options.isHeld }));

  const all = (): Download[] => [...downloads.values()].sort((left, right) => left.row.position - right.row.position);

  function save(download: Download, patch: Partial<DownloadRow>): void {
    const row = { ...download.row, ...patch };
    // One that was taken off the list while its run ended does not come back to it.
    if (downloads.get(row.id) === download) table.save([row]);
    download.row = row;
    download.isUnsaved = false;
    onChange(row.id);
  }

  return {
    all,
    find: (id) => downloads.get(id),
    require(id) {
      const download = downloads.get(id);
      if (download !== undefined) return download;
      throw new RpcError(downloadErrors.notFound, 'There is no such download any more.', { hint: 'It was taken off the list.' });
    },
    add(row) {
      const last = all().at(-1)?.row.position ?? 0;
      const download = createDownload({ ...row, position: last + 1 }, { isHeld: false });
      table.save([download.row]);
      downloads.set(row.id, download);
      onChange(row.id);
      return download;
    },
    save,
    saveIfPossible(download, patch) {
      try {
        save(download, patch);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        if (!download.isUnsaved) log.warn('download-not-saved', { id: download.row.id, code: error.code });
        download.row = { ...download.row, ...patch };
        download.isUnsaved = true;
        onChange(download.row.id);
      }
    },
    remove(ids) {
      table.remove(ids);
      for (const id of ids) downloads.delete(id);
    },
    move(download, before) {
      if (download === before) return;
      const others = all().filter((other) => other !== download);
      const index = before === null ? others.length : others.indexOf(before);
      const ordered = others.toSpliced(index, 0, download);
      const rows = ordered.map((entry, place) => ({ ...entry.row, position: place + 1 }));
      table.save(rows);
      for (const [place, entry] of ordered.entries()) {
        if (entry.row.position === place + 1) continue;
        entry.row = { ...entry.row, position: place + 1 };
        if (!isFinished(entry.row)) onChange(entry.row.id);
      }
    },
  };
}
