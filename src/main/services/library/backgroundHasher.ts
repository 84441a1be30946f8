import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import type { ArtifactFile } from '#main/storage/artifactTable.ts';
import { combinedHash } from './combinedHash.ts';

export interface HashJob {
  readonly id: string;
  readonly files: readonly ArtifactFile[];
}

export interface HasherOptions {
  /** What still has no hash, in the order it should get one. Asked again before every job. */
  pending(): readonly HashJob[];
  onHashed(job: HashJob, sha256: string): void;
  /** The files are not what they were when the job was made, or cannot be read: the owner looks at them again. */
  onChanged(job: HashJob, error: unknown): Promise<void>;
}

export interface BackgroundHasher {
  /** Starts working if there is something to do. */
  wake(): void;
  /** Moves an artifact to the front; while one is wanted, holds do not count and nothing is throttled. */
  want(id: string): () => void;
  /** Hashing waits until the returned function is called. */
  hold(): () => void;
  dispose(): Promise<void>;
}

/** A megabyte is hashed in about a millisecond: short enough for the event loop of the main process. */
const chunkBytes = 1_048_576;

/**
 * Hashes files one at a time, resting as long as it works, so that it takes at most half a core and half the disk. Nothing is kept of a
 * hash that was begun: after a restart the file is begun again.
 */
export function createBackgroundHasher(options: HasherOptions): BackgroundHasher {
  const stopped = new AbortController();
  const wanted = new Map<string, number>();
  let holds = 0;
  let changed = Promise.withResolvers<void>();
  let working: Promise<void> | undefined;

  function wake(): void {
    if (stopped.signal.aborted) return;
    changed.resolve();
    changed = Promise.withResolvers();
    working ??= work().finally(() => {
      working = undefined;
      // Whatever was added between the last look and this moment.
      if (next() !== undefined) wake();
    });
  }

  async function work(): Promise<void> {
    // Lets whoever woke us finish first, so that `pending` sees all that was added.
    await setImmediate();
    for (let job = next(); job !== undefined; job = next()) {
      try {
        await untilFree();
        const sha256 = await hashFiles(job);
        options.onHashed(job, sha256);
      } catch (error) {
        if (stopped.signal.aborted) return;
        if (!(error instanceof GivenWay)) await options.onChanged(job, error);
      }
    }
  }

  function next(): HashJob | undefined {
    if (stopped.signal.aborted) return undefined;
    const jobs = options.pending();
    return jobs.find((job) => wanted.has(job.id)) ?? jobs[0];
  }

  async function hashFiles(job: HashJob): Promise<string> {
    const hashes: string[] = [];
    for (const file of job.files) hashes.push(await hashFile(job.id, file));
    return combinedHash(hashes);
  }

  async function hashFile(id: string, file: ArtifactFile): Promise<string> {
    const handle = await open(file.path, 'r');
    try {
      const before = await handle.stat();
      const hash = createHash('sha256');
      const buffer = new Uint8Array(chunkBytes);
      for (;;) {
        await untilFree();
        if (wanted.size > 0 && !wanted.has(id)) throw new GivenWay();
        const startedAt = performance.now();
        const { bytesRead } = await handle.read(buffer, 0, chunkBytes, null);
        if (bytesRead === 0) break;
        hash.update(buffer.subarray(0, bytesRead));
        if (!wanted.has(id)) await delay(performance.now() - startedAt, undefined, { signal: stopped.signal });
      }
      const now = await stat(file.path);
      if (now.ino !== before.ino || now.size !== file.sizeBytes || now.mtimeMs !== file.modifiedAtMs) throw new FileChanged();
      return hash.digest('hex');
    } finally {
      await handle.close();
    }
  }

  async function untilFree(): Promise<void> {
    while (holds > 0 && wanted.size === 0) {
      stopped.signal.throwIfAborted();
      await changed.promise;
    }
    stopped.signal.throwIfAborted();
  }

  return {
    wake,
    want(id) {
      wanted.set(id, (wanted.get(id) ?? 0) + 1);
      wake();
      return once(() => {
        const left = (wanted.get(id) ?? 1) - 1;
        if (left === 0) wanted.delete(id);
        else wanted.set(id, left);
      });
    },
    hold() {
      holds++;
      return once(() => {
        holds--;
        wake();
      });
    },
    async dispose() {
      stopped.abort();
      changed.resolve();
      await working;
    },
  };
}

class FileChanged extends Error {
  override readonly name = 'FileChanged';
}

/** Another artifact's hash is waited for: this one is begun again later. */
class GivenWay extends Error {}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}
