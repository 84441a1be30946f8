import { Worker } from 'node:worker_threads';
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

type ToWorker =
  | { readonly kind: 'advance'; readonly to: number }
  | { readonly kind: 'rewind'; readonly to: number; readonly round: number }
  | { readonly kind: 'check'; readonly pieces: readonly CheckedPiece[] };
type FromWorker =
  | { readonly kind: 'hashed'; readonly position: number }
  | { readonly kind: 'digest'; readonly sha256: string; readonly gitSha1: string | null; readonly round: number }
  | { readonly kind: 'damaged'; readonly range: ByteRange }
  | { readonly kind: 'checked'; readonly damaged: readonly ByteRange[] }
  | { readonly kind: 'failed'; readonly code: string };
/** start, end, CRC-32 */
type CheckedPiece = readonly [number, number, number];
interface WorkerInput {
  readonly path: string;
  readonly sizeBytes: number;
  readonly blockBytes: number;
  readonly withGitSha1: boolean;
  readonly checks: readonly CheckedPiece[];
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
  const input: WorkerInput = {
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
  worker.on('message', (message: FromWorker) => {
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
  const send = (message: ToWorker): void => worker.postMessage(message);

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

/** Runs in the worker. Uses nothing from outside itself. */
function hashFile(): void {
  const { workerData, parentPort } = process.getBuiltinModule('node:worker_threads');
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { openSync, readSync } = process.getBuiltinModule('node:fs');
  const { crc32 } = process.getBuiltinModule('node:zlib');
  const { path, sizeBytes, blockBytes, withGitSha1, checks } = workerData as WorkerInput;
  const post = (message: FromWorker): void => parentPort?.postMessage(message);
  const buffer = Buffer.allocUnsafeSlow(2 ** 20);
  const file = openSync(path, 'r');

  const beginning = (): ReturnType<typeof createHash>[] => [
    createHash('sha256'),
    ...(withGitSha1 ? [createHash('sha1').update(`blob ${sizeBytes}\0`)] : []),
  ];
  let hashes = beginning();
  let position = 0;
  let frontier = 0;
  /** The hashes as they were at the start of each block, so that one replaced block does not cost reading all before it again. */
  let marks: { readonly position: number; readonly hashes: typeof hashes }[] = [];
  let nextCheck = 0;
  let round = 0;
  let isRunning = false;
  let isHeld = false;
  let isTold = false;

  const copies = (): typeof hashes => hashes.map((hash) => hash.copy());

  /** Reads once. @returns bytes read; 0 where the file ends too early. */
  function read(from: number, to: number): Uint8Array {
    const bytesRead = readSync(file, buffer, 0, Math.min(buffer.length, to - from), from);
    return buffer.subarray(0, bytesRead);
  }

  /** @returns whether the piece is on the disk as it was received; reads in slices of a megabyte and passes them on. */
  function isIntact([start, end, crc]: CheckedPiece, pass?: (bytes: Uint8Array) => void): boolean {
    let sum = 0;
    for (let at = start; at < end; ) {
      const bytes = read(at, end);
      if (bytes.length === 0) return false;
      sum = crc32(bytes, sum);
      pass?.(bytes);
      at += bytes.length;
    }
    return sum === crc;
  }

  /** One slice or one checked piece. @returns false when it cannot go on for now */
  function step(): boolean {
    if (isHeld || position >= frontier) return false;
    if (position % blockBytes === 0 && marks.at(-1)?.position !== position) marks.push({ position, hashes: copies() });
    while ((checks[nextCheck]?.[0] ?? sizeBytes) < position) nextCheck++;
    const check = checks[nextCheck];
    if (check !== undefined && check[0] === position && check[1] <= frontier) {
      const before = copies();
      nextCheck++;
      if (!isIntact(check, (bytes) => hashes.forEach((hash) => hash.update(bytes)))) {
        hashes = before;
        isHeld = true;
        post({ kind: 'damaged', range: { start: check[0], end: check[1] } });
        return false;
      }
      position = check[1];
      return true;
    }
    const blockEnd = (Math.floor(position / blockBytes) + 1) * blockBytes;
    const bytes = read(position, Math.min(frontier, blockEnd, check === undefined || check[0] === position ? sizeBytes : check[0]));
    if (bytes.length === 0) {
      isHeld = true;
      post({ kind: 'damaged', range: { start: position, end: blockEnd } });
      return false;
    }
    for (const hash of hashes) hash.update(bytes);
    position += bytes.length;
    return true;
  }

  function run(): void {
    isRunning = false;
    try {
      if (step()) {
        isRunning = true;
        setImmediate(run);
        if (position % blockBytes === 0) post({ kind: 'hashed', position });
      } else if (position === sizeBytes && !isHeld && !isTold) {
        isTold = true;
        const [sha256, gitSha1] = copies().map((hash) => hash.digest('hex'));
        post({ kind: 'digest', sha256: sha256 ?? '', gitSha1: gitSha1 ?? null, round });
      }
    } catch (error) {
      post({ kind: 'failed', code: (error as NodeJS.ErrnoException).code ?? 'unknown error' });
    }
  }

  parentPort?.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'advance':
        frontier = Math.max(frontier, message.to);
        break;
      case 'rewind': {
        round = message.round;
        frontier = Math.min(frontier, message.to);
        isHeld = false;
        isTold = false;
        if (position > message.to) {
          marks = marks.filter((mark) => mark.position <= message.to);
          const mark = marks.at(-1);
          position = mark?.position ?? 0;
          hashes = mark === undefined ? beginning() : mark.hashes.map((hash) => hash.copy());
        }
        break;
      }
      case 'check':
        post({ kind: 'checked', damaged: message.pieces.filter((piece) => !isIntact(piece)).map(([start, end]) => ({ start, end })) });
        return;
    }
    if (!isRunning) run();
  });
}
