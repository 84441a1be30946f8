import type { Piece } from './piece.ts';

/** `70B-R1-v4.1`: tuned to reason as DeepSeek R1 does; the version comes behind. */
const reasoningMark = 'r1';

/**
 * Looks for the version behind a family's name: `Mistral-Small-3.1`, `Codestral-22B-v0.1`. Behind a size only `v0.1` and `0.1` count, and
 * what follows another name belongs to that.
 * @param from the piece behind the name
 * @param options.isUnknown the name is in no table, so that `R1` may stand between
 * @param options.stopsAtSize what stands behind the size is not the family's
 */
export function findVersion(
  pieces: readonly Piece[],
  from: number,
  options: { readonly isUnknown: boolean; readonly stopsAtSize: boolean },
): { readonly at: number; readonly version: string } | null {
  let isBehindSize = false;
  for (let at = from; at < pieces.length; at += 1) {
    const piece = pieces[at];
    switch (piece?.kind) {
      case 'version':
        if (!isBehindSize || piece.hasMark || piece.version.includes('.')) return { at, version: piece.version };
        return null;
      case 'size':
        if (options.stopsAtSize) return null;
        isBehindSize = true;
        break;
      case 'word':
        if (piece.word.kind === 'teacher' || piece.word.method === 'distilled') return null;
        break;
      case 'date':
      case 'amount':
      case 'short-family':
        break;
      case 'name':
        if (piece.text.toLowerCase() !== reasoningMark || !options.isUnknown) return null;
        break;
      default:
        return null;
    }
  }
  return null;
}

/** `GLM-4.5V` sees images; its version is 4.5. */
export function withoutCameraMark(version: string | null): string | null {
  return version?.endsWith('v') && version.length > 1 ? version.slice(0, -1) : version;
}
