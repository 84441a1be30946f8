import { crc32 } from 'node:zlib';
import type { ByteRange, HeldBytes } from './heldBytes.ts';
import type { PartialFile } from './partialFile.ts';
import type { BodyTaker } from './rangeRequest.ts';
import type { SpeedMeter } from './speedMeter.ts';

/** The bytes of one request on their way to the disk. */
export interface BodyWriter extends BodyTaker {
  /** From the first byte that is not yet held to the last one wanted. Nobody else may fetch these. */
  claim(): ByteRange;
  /** First byte that has not come yet. */
  position(): number;
  /** Whether the head of the answer was good, so that bytes may come. */
  hasBegun(): boolean;
  receivedBytes(): number;
  /** Of these, what was wanted and is written. */
  writtenBytes(): number;
  /** Leaves what begins at `end` to somebody else. */
  shorten(end: number): void;
  /** Writes what is waiting for a full batch. */
  flush(): void;
  /** Resolves when everything taken is written. @throws {RpcError} disk-full, folder-unwritable */
  settled(): Promise<void>;
  readonly speed: SpeedMeter;
}

/**
 * Takes the body of a request for `range`, digests it as it comes and writes it in batches.
 * @param options.isSuspect the bytes come after something went wrong
 * @param options.nextGap where the answer is the whole file: what else of it is wanted at or after a position
 * @param options.pace is asked to hold the connection while the disk is behind
 */
export function createBodyWriter(options: {
  readonly range: ByteRange;
  readonly isSuspect: boolean;
  readonly held: HeldBytes;
  readonly file: PartialFile;
  readonly blockBytes: number;
  readonly batchBytes: number;
  readonly maxUnwrittenBytes: number;
  readonly speed: SpeedMeter;
  readonly nextGap: (from: number) => ByteRange | null;
  readonly mayBegin: (kind: 'range' | 'whole-file') => boolean;
  readonly onBytes: (bytes: number) => void;
  readonly onWritten: () => void;
  readonly pace: (isBehind: boolean) => void;
}): BodyWriter {
  const { held, blockBytes } = options;
  let { start, end } = options.range;
  let isWholeFile = false;
  let isSuspect = options.isSuspect;
  let received = 0;
  let written = 0;
  /** Where the next byte of the body belongs, and where the next wanted one does. */
  let position = start;
  let crc = 0;
  let batch: Buffer[] = [];
  let batchStart = start;
  let batchBytes = 0;
  let unwritten = 0;
  let isBehind = false;
  let hasBegun = false;
  let writing: Promise<void> = Promise.resolve();

  function setBehind(value: boolean): void {
    isBehind = value;
    options.pace(value);
  }

  function flush(): void {
    if (batchBytes === 0) return;
    const buffers = batch;
    const piece = { start: batchStart, end: batchStart + batchBytes, crc, isSuspect };
    const bytes = batchBytes;
    batch = [];
    batchBytes = 0;
    batchStart = piece.end;
    crc = 0;
    writing = writing.then(async () => {
      await options.file.write(buffers, piece.start);
      held.add(piece);
      start = piece.end;
      for (const buffer of buffers) release(buffer);
      unwritten -= bytes;
      written += bytes;
      if (isBehind && unwritten <= options.maxUnwrittenBytes / 2) setBehind(false);
      options.onWritten();
    });
    // Whoever waits for `settled` learns of it; until then it is not unhandled.
    writing.catch(() => undefined);
  }

  /** Puts wanted bytes into the batch, which ends where a block does. */
  function put(bytes: Buffer): void {
    for (let rest = bytes; rest.length > 0; ) {
      const room = blockBytes - ((batchStart + batchBytes) % blockBytes);
      const part = rest.length <= room ? rest : rest.subarray(0, room);
      crc = crc32(part, crc);
      batch.push(part);
      batchBytes += part.length;
      unwritten += part.length;
      if (batchBytes >= options.batchBytes || part.length === room) flush();
      rest = rest.length <= room ? rest.subarray(rest.length) : rest.subarray(room);
    }
    if (!isBehind && unwritten > options.maxUnwrittenBytes) setBehind(true);
  }

  /** Moves on to what else of a whole file is wanted. */
  function goOn(): boolean {
    flush();
    const gap = isWholeFile ? options.nextGap(end) : null;
    if (gap === null) return false;
    // The claim jumps only after the last write of the one before.
    ({ end } = gap);
    start = gap.start;
    batchStart = start;
    return true;
  }

  return {
    speed: options.speed,
    claim: () => ({ start: Math.min(start, end), end }),
    position: () => batchStart + batchBytes,
    hasBegun: () => hasBegun,
    receivedBytes: () => received,
    writtenBytes: () => written,
    begin(verdict) {
      isWholeFile = verdict.kind === 'whole-file';
      hasBegun = options.mayBegin(verdict.kind);
      if (!hasBegun) return false;
      if (verdict.kind === 'range') {
        isSuspect ||= verdict.isSuspect;
        return true;
      }
      // It starts at the beginning, so it may as well bring everything that is missing.
      position = 0;
      end = 0;
      return goOn();
    },
    take(chunk) {
      received += chunk.length;
      options.onBytes(chunk.length);
      options.speed.add(chunk.length);
      for (let rest = chunk; rest.length > 0; ) {
        const wantedFrom = batchStart + batchBytes;
        if (position < wantedFrom) {
          const skipped = Math.min(rest.length, wantedFrom - position);
          position += skipped;
          rest = rest.subarray(skipped);
          continue;
        }
        if (position >= end) {
          if (goOn()) continue;
          return false;
        }
        const part = rest.subarray(0, end - position);
        put(part);
        position += part.length;
        rest = rest.subarray(part.length);
      }
      if (position < end) return true;
      // A range that was asked for in full ends by itself, and its connection can be used again.
      return isWholeFile ? goOn() : end === options.range.end;
    },
    shorten(newEnd) {
      end = Math.min(end, newEnd);
    },
    flush,
    async settled() {
      flush();
      await writing;
    },
  };
}

/**
 * Frees a network buffer as soon as it is written. Left to the garbage collector, 64 KiB of them a read add up to some 60 MB and cost a quarter of the
 * time. Only where it fills its memory alone: a smaller view may share it with bytes still to be read.
 */
function release(buffer: Buffer): void {
  if (buffer.buffer instanceof ArrayBuffer && buffer.byteLength === buffer.buffer.byteLength) buffer.buffer.transfer(0);
}
