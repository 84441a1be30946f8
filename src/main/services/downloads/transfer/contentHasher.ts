import { Worker } from 'node:worker_threads';
import { type CheckedPiece, type FromHasher, type HasherInput, hashFile, type ToHasher } from './hashFile.ts';
import type { ByteRange, HeldPiece } from './heldBytes.ts';
import { toFileError } from './partialFile.ts';

export interface ContentDigests {
  readonly sha256: string;
  /** As git names a blob of this content; null when not asked for. */
  readonly gitSha1: string | null;
}

/** Hashes a partial file in a thread of its own, close behind the bytes as they are written. */
export interface ContentHasher {
  /** Everything before `position` is written now. */
  advance(position: number): void;
  /** Bytes from `position` on will be others than those hashed. */
  rewind(position: number): void;
  /** @returns the digests once the whole file is hashed; null when bytes on the disk turned out not to be those once received. */
  whole(): Promise<ContentDigests | null>;
  /** Bytes hashed. */
  position(): number;
  /** Rereads pieces from the disk. @returns those that are not what was received */
  findDamaged(pieces: readonly HeldPiece[]): Promise<readonly ByteRange[]>;
  dispose(): Promise<void>;
}

/**
 * Starts hashing a partial file from its beginning.
 * The thread reads what was just written out of the page cache: that costs a copy in another core's time, while handing buffers over would keep
 * every connection's out-of-order bytes in memory.
 * @param options.earlier pieces from an earlier run; they are compared with their digests on the way
 * @param options.onDamaged some of those differ; they must be fetched again, and hashing waits in front of them
 */
export function createContentHasher(options: {
  readonly path: string;
  readonly sizeBytes: number;
  readonly blockBytes: number;
  readonly withGitSha1: boolean;
  readonly earlier: readonly HeldPiece[];
  readonly onDamaged: (range: ByteRange) => void;
  readonly onFailed: (error: unknown) => void;
}): ContentHasher {
  const input: HasherInput = {
    path: options.path,
    sizeBytes: options.sizeBytes,
    blockBytes: options.blockBytes,
    withGitSha1: options.withGitSha1,
    checks: options.earlier.map(toChecked),
  };
  // A script of its own would have to be found in source, build and archive alike; this function stands alone.
  const worker = new Worker(`(${hashFile.toString()})()`, {
    eval: true,
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
  });
  let position = 0;
  let digests: ContentDigests | null = null;
  /** Counts rewinds: a digest that was on its way when one happened is not that of the file any more. */
  let round = 0;
  let failure: unknown = null;
  let waiting: PromiseWithResolvers<ContentDigests | null> | null = null;
  let checking: PromiseWithResolvers<readonly ByteRange[]> | null = null;

  function fail(error: unknown): void {
    if (failure !== null) return;
    failure = error;
    waiting?.reject(error);
    checking?.reject(error);
    options.onFailed(error);
  }

  worker.on('error', fail);
  worker.on('message', (message: FromHasher) => {
    switch (message.kind) {
      case 'hashed':
        position = message.position;
        return;
      case 'digest':
        if (message.round !== round) return;
        position = options.sizeBytes;
        digests = { sha256: message.sha256, gitSha1: message.gitSha1 };
        waiting?.resolve(digests);
        return;
      case 'damaged':
        options.onDamaged(message.range);
        waiting?.resolve(null);
        return;
      case 'checked':
        checking?.resolve(message.damaged);
        return;
      case 'failed':
        fail(toFileError({ code: message.code }));
        return;
    }
  });
  const send = (message: ToHasher): void => worker.postMessage(message);

  return {
    advance: (to) => send({ kind: 'advance', to }),
    rewind(to) {
      digests = null;
      round++;
      send({ kind: 'rewind', to, round });
    },
    async whole() {
      if (failure !== null) throw failure;
      if (digests !== null) return digests;
      waiting = Promise.withResolvers();
      send({ kind: 'advance', to: options.sizeBytes });
      return await waiting.promise;
    },
    position: () => position,
    async findDamaged(pieces) {
      if (failure !== null) throw failure;
      checking = Promise.withResolvers();
      send({ kind: 'check', pieces: pieces.map(toChecked) });
      return await checking.promise;
    },
    async dispose() {
      failure ??= new DOMException('The transfer has ended.', 'AbortError');
      await worker.terminate();
    },
  };
}

function toChecked(piece: HeldPiece): CheckedPiece {
  return [piece.start, piece.end, piece.crc];
}
