import type { ByteRange } from './heldBytes.ts';

/** To the hashing thread. */
export type ToHasher =
  | { readonly kind: 'advance'; readonly to: number }
  | { readonly kind: 'rewind'; readonly to: number; readonly round: number }
  | { readonly kind: 'check'; readonly pieces: readonly CheckedPiece[] };
/** From the hashing thread. */
export type FromHasher =
  | { readonly kind: 'hashed'; readonly position: number }
  | { readonly kind: 'digest'; readonly sha256: string; readonly gitSha1: string | null; readonly round: number }
  | { readonly kind: 'damaged'; readonly range: ByteRange }
  | { readonly kind: 'checked'; readonly damaged: readonly ByteRange[] }
  | { readonly kind: 'failed'; readonly code: string };
/** start, end, CRC-32 */
export type CheckedPiece = readonly [number, number, number];
export interface HasherInput {
  readonly path: string;
  readonly sizeBytes: number;
  readonly blockBytes: number;
  readonly withGitSha1: boolean;
  readonly checks: readonly CheckedPiece[];
}

/**
 * Hashes a file in a thread, close behind what is written to it. Its source is the whole script of the thread, so it uses nothing from outside itself.
 */
export function hashFile(): void {
  const { workerData, parentPort } = process.getBuiltinModule('node:worker_threads');
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { openSync, readSync } = process.getBuiltinModule('node:fs');
  const { crc32 } = process.getBuiltinModule('node:zlib');
  const { path, sizeBytes, blockBytes, withGitSha1, checks } = workerData as HasherInput;
  const post = (message: FromHasher): void => parentPort?.postMessage(message);
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

  parentPort?.on('message', (message: ToHasher) => {
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
