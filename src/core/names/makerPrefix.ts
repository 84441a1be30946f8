import { familyOfSpelling } from './families.ts';
import { publisherFacts, putsMakerInFront } from './publishers.ts';
import { firstDigit } from './readNumber.ts';
import { joinSegments, type Segment } from './segments.ts';

/** No maker's name has more words between hyphens. */
export const makerWordLimit = 3;

/**
 * Finds the maker that packagers write in front: `google_gemma-4-31B-it`, `deepseek-ai.DeepSeek-V3.2`.
 * @param segments the first ones of a name, one more than a maker may have
 * @param options.publisher who published it, where known
 * @param options.isQuant whether a quant begins at that segment: a maker is never one nor followed by one
 * @returns how many segments are the maker's; 0 for none
 */
export function makerPrefixLength(
  segments: readonly Segment[],
  options: { readonly publisher: string | null; readonly isQuant: (index: number) => boolean },
): number {
  const length = segments.findIndex(({ before }, index) => index > 0 && (before === '_' || before === '.'));
  const next = segments[length];
  if (length < 1 || length > makerWordLimit || !next) return 0;
  if (firstDigit(next.text) === 0 || segments.slice(0, length + 1).some((_, index) => options.isQuant(index))) return 0;
  const maker = joinSegments(segments, 0, length);
  if (publisherFacts(maker).kind !== 'unknown') return length;
  const words = segments.slice(0, length).map(({ lower }) => lower);
  if (words.some((word) => familyOfSpelling(word.slice(0, firstDigit(word))) !== null)) return 0;
  if (putsMakerInFront(options.publisher)) return length;
  // Unknown makers are users, whose names are mostly lower case, in front of a model, whose name is not.
  return next.before === '_' && maker === maker.toLowerCase() && next.text !== next.lower ? length : 0;
}
