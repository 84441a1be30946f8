import { downloadErrors } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { ContentHasher } from './contentHasher.ts';
import type { ByteRange, HeldBytes, HeldPiece } from './heldBytes.ts';

/** Finds which bytes of a complete file are wrong when its hash is. */
export interface BadRangeSearch {
  /**
   * Gives up what is to be fetched again next: first what the disk does not hold as it was received, then piece by piece what may have come wrong,
   * the most suspicious first.
   * @returns the ranges given up
   * @throws {RpcError} hash-mismatch when everything came twice alike
   */
  giveUpNext(): Promise<readonly ByteRange[]>;
  /** Called when the file is complete again. @returns where bytes differ from those before, from the first on; null when nothing has changed */
  changedFrom(): number | null;
}

/** Rounds through the whole file, where each brought some other bytes and none the right ones. */
const maxRounds = 3;

export function createBadRangeSearch(options: {
  readonly held: HeldBytes;
  readonly hasher: ContentHasher;
  /** Pieces fetched again at a time. */
  readonly atOnce: number;
}): BadRangeSearch {
  const { held, hasher } = options;
  let hasReadDisk = false;
  let waiting: HeldPiece[] = [];
  let asked: readonly HeldPiece[] = [];
  /** What was asked for again was not on the disk as it came, so the same bytes are a change. */
  let areDamaged = false;
  let rounds = 0;
  let hasFoundOther = true;

  function drop(pieces: readonly HeldPiece[], { isDamaged } = { isDamaged: false }): readonly ByteRange[] {
    asked = pieces;
    areDamaged = isDamaged;
    for (const piece of pieces) held.drop(piece);
    return pieces;
  }

  return {
    async giveUpNext() {
      if (!hasReadDisk) {
        hasReadDisk = true;
        const damaged = await hasher.findDamaged(held.pieces());
        const starts = new Set(damaged.map((range) => range.start));
        if (starts.size > 0)
          return drop(
            held.pieces().filter((piece) => starts.has(piece.start)),
            { isDamaged: true },
          );
      }
      if (waiting.length === 0) {
        if (!hasFoundOther || rounds >= maxRounds) throw hashMismatch();
        rounds++;
        hasFoundOther = false;
        waiting = [...held.pieces()].sort((one, other) => Number(other.isSuspect) - Number(one.isSuspect));
      }
      const isSuspect = waiting[0]?.isSuspect ?? false;
      const next = waiting.slice(0, options.atOnce).filter((piece) => piece.isSuspect === isSuspect);
      waiting = waiting.slice(next.length);
      return drop(next);
    },
    changedFrom() {
      const changed = asked.filter((before) => areDamaged || !isSame(before, held.pieces()));
      asked = [];
      if (changed.length > 0) hasFoundOther = true;
      return changed.length === 0 ? null : Math.min(...changed.map((piece) => piece.start));
    },
  };
}

function isSame(before: HeldPiece, pieces: readonly HeldPiece[]): boolean {
  return pieces.some((piece) => piece.start === before.start && piece.end === before.end && piece.crc === before.crc);
}

function hashMismatch(): RpcError {
  return new RpcError(
    downloadErrors.hashMismatch,
    'The bytes are not those the hub promises: the checksum is wrong, and fetching every part again brought the same. The file was not put in place.',
    { hint: 'The copy on the hub is broken. Tell its publisher, or choose another quant or repo.' },
  );
}
