import { combineCrc } from './combineCrc.ts';

/** Bytes `start` to `end` (exclusive) that lie in the partial file. */
export interface HeldPiece {
  readonly start: number;
  readonly end: number;
  /** CRC-32 of these bytes as they were received. */
  readonly crc: number;
  /** They came from an answer that was cut, retried or otherwise odd. */
  readonly isSuspect: boolean;
}

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Which bytes of a file are held, as pieces in order that neither overlap nor cross a multiple of `blockBytes`. Neighbours in a block are joined, so a
 * complete file is one piece a block.
 */
export interface HeldBytes {
  pieces(): readonly HeldPiece[];
  bytes(): number;
  isComplete(): boolean;
  /** End of what is held without a gap from the start. */
  frontier(): number;
  /** Adds written bytes that were not held. */
  add(piece: HeldPiece): void;
  /** Something went wrong where this piece ends. */
  suspect(end: number): void;
  /** Gives up every piece that touches the range. @returns what was given up */
  drop(range: ByteRange): readonly HeldPiece[];
  /** First bytes at or after `from` that are neither held nor in `claimed`. */
  firstGap(from: number, claimed: readonly ByteRange[]): ByteRange | null;
}

export function createHeldBytes(options: {
  readonly sizeBytes: number;
  readonly blockBytes: number;
  readonly pieces: readonly HeldPiece[];
}): HeldBytes {
  const { sizeBytes, blockBytes } = options;
  let pieces: HeldPiece[] = [...options.pieces];
  let total = pieces.reduce((sum, piece) => sum + piece.end - piece.start, 0);
  let frontier = 0;
  advanceFrontier();

  /** Index of the first piece that begins after `position`. */
  function indexAfter(position: number): number {
    let low = 0;
    let high = pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((pieces[middle] as HeldPiece).start <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function advanceFrontier(): void {
    for (let index = Math.max(0, indexAfter(frontier) - 1); index < pieces.length; index++) {
      const piece = pieces[index] as HeldPiece;
      if (piece.start > frontier) return;
      frontier = Math.max(frontier, piece.end);
    }
  }

  const isJoinable = (first: HeldPiece | undefined, second: HeldPiece | undefined): boolean =>
    first !== undefined && second !== undefined && first.end === second.start && second.start % blockBytes !== 0;

  function joinAt(index: number): void {
    const [first, second] = pieces.slice(index, index + 2) as [HeldPiece, HeldPiece];
    const joined = {
      start: first.start,
      end: second.end,
      crc: combineCrc(first.crc, second.crc, second.end - second.start),
      isSuspect: first.isSuspect || second.isSuspect,
    };
    pieces.splice(index, 2, joined);
  }

  return {
    pieces: () => pieces,
    bytes: () => total,
    isComplete: () => total === sizeBytes,
    frontier: () => frontier,
    add(piece) {
      let index = indexAfter(piece.start);
      pieces.splice(index, 0, piece);
      if (isJoinable(pieces[index], pieces[index + 1])) joinAt(index);
      if (isJoinable(pieces[index - 1], pieces[index])) joinAt(--index);
      total += piece.end - piece.start;
      if (piece.start === frontier) advanceFrontier();
    },
    suspect(end) {
      const index = indexAfter(end - 1) - 1;
      const piece = pieces[index];
      if (piece !== undefined && piece.end >= end) pieces[index] = { ...piece, isSuspect: true };
    },
    drop(range) {
      const given = pieces.filter((piece) => piece.start < range.end && piece.end > range.start);
      const isGiven = new Set(given);
      pieces = pieces.filter((piece) => !isGiven.has(piece));
      total -= given.reduce((sum, piece) => sum + piece.end - piece.start, 0);
      frontier = Math.min(frontier, given[0]?.start ?? frontier);
      return given;
    },
    firstGap(from, claimed) {
      const taken = [...claimed].sort((one, other) => one.start - other.start);
      let start = from;
      let nextTaken = 0;
      for (let index = Math.max(0, indexAfter(start) - 1); start < sizeBytes; ) {
        const piece = pieces[index];
        const claim = taken[nextTaken];
        if (piece !== undefined && piece.start <= start) {
          start = Math.max(start, piece.end);
          index++;
        } else if (claim !== undefined && claim.start <= start) {
          start = Math.max(start, claim.end);
          nextTaken++;
        } else {
          return { start, end: Math.min(piece?.start ?? sizeBytes, claim?.start ?? sizeBytes) };
        }
      }
      return null;
    },
  };
}
