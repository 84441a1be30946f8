import type { ArtifactFile, ArtifactRow } from '#main/storage/artifactTable.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { Log } from '#shared/log.ts';
import { createBackgroundHasher } from './backgroundHasher.ts';
import { errorCode, fileProblem, problemError } from './fileProblem.ts';
import type { LibraryRows } from './libraryRows.ts';
import { reuniteHashed } from './reuniteLost.ts';
import { worthHashing } from './worthHashing.ts';

export interface ArtifactHashes {
  /** Starts hashing what has no hash. */
  wake(): void;
  hold(): () => void;
  /** A row has changed or gone: whoever waits for its hash looks again. */
  changed(id: string): void;
  /** @param find the row as it is now. @throws {RpcError} what `find` throws, or the problem of a file that cannot be read */
  whenHashed(id: string, find: () => ArtifactRow): Promise<string>;
  dispose(): Promise<void>;
}

/** Gives artifacts their sha256, and lets callers wait for any. */
export function createArtifactHashes(options: {
  readonly rows: () => LibraryRows;
  /** Looks at an artifact's files again. Never throws. */
  readonly refresh: (id: string) => Promise<void>;
  /** Whether the folder of an artifact is not there just now. */
  readonly isOffline: (row: ArtifactRow) => boolean;
  readonly log: Log;
}): ArtifactHashes {
  /** Files that could not be read though they have not changed: not tried again before they do. */
  const unhashable = new Set<string>();
  const isUnhashable = (files: readonly ArtifactFile[]): boolean => unhashable.size > 0 && unhashable.has(fingerprint(files));
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  let isDisposed = false;

  function changed(id: string): void {
    waiting.get(id)?.resolve();
    waiting.delete(id);
  }

  const hasher = createBackgroundHasher({
    pending() {
      const rows = options.rows();
      const wanted = [...waiting.keys()].flatMap((id) => rows.get(id) ?? []).filter((row) => row.state === 'ready' && row.sha256 === null);
      return [...wanted, ...worthHashing(rows.models())].filter((row) => !isUnhashable(row.files));
    },
    onHashed(job, sha256) {
      const row = options.rows().get(job.id);
      if (row === undefined || fingerprint(row.files) !== fingerprint(job.files)) return;
      const hashed = { ...row, sha256 };
      const isAwaited = waiting.has(job.id);
      options.rows().save(hashed);
      // Whoever waits for this id means to use it: it stays.
      if (!isAwaited) reuniteHashed(options.rows(), hashed, options.isOffline);
    },
    async onChanged(job, error) {
      await options.refresh(job.id);
      const row = options.rows().get(job.id);
      if (row === undefined || row.state !== 'ready' || fingerprint(row.files) !== fingerprint(job.files)) return;
      unhashable.add(fingerprint(job.files));
      options.log.warn('library.hash-failed', { artifactId: job.id, reason: errorCode(error) });
      changed(job.id);
    },
  });

  return {
    wake: () => hasher.wake(),
    hold: () => hasher.hold(),
    changed,
    async whenHashed(id, find) {
      const release = hasher.want(id);
      try {
        while (!isDisposed) {
          const row = find();
          if (row.sha256 !== null) return row.sha256;
          if (row.state !== 'ready') throw problemError(row.problem ?? fileProblem(modelErrors.fileMissing, 'The file cannot be read.'));
          if (isUnhashable(row.files)) {
            throw problemError(fileProblem(modelErrors.fileMissing, 'The file could not be read to its end.'));
          }
          const entry = waiting.get(id) ?? Promise.withResolvers<void>();
          waiting.set(id, entry);
          hasher.wake();
          await entry.promise;
        }
        throw new DOMException('Rightsize is closing.', 'AbortError');
      } finally {
        release();
      }
    },
    async dispose() {
      isDisposed = true;
      for (const id of [...waiting.keys()]) changed(id);
      await hasher.dispose();
    },
  };
}

/** What tells one state of an artifact's files from another. */
function fingerprint(files: readonly ArtifactFile[]): string {
  return JSON.stringify(files.map((file) => [file.path, file.sizeBytes, file.modifiedAtMs]));
}
