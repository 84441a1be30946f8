import type { QuantType } from '../quant/quantTypes.ts';
import type { Family } from './families.ts';
import type { DateReading } from './readDate.ts';
import type { SizeReading } from './readSize.ts';
import type { Word } from './words.ts';

/** One piece of a name and what the tables say it is. What it means here is decided from all of them together. */
export type Piece = { readonly before: string; readonly text: string } & (
  | { readonly kind: 'word'; readonly word: Word }
  /** `word`: what is written on to it, of `Qwen3Guard`. */
  | {
      readonly kind: 'family';
      readonly family: Family;
      readonly version: string | null;
      readonly size: SizeReading | null;
      readonly word: Word | null;
    }
  /** `L3.1` at the front of a tuner's name. */
  | { readonly kind: 'short-family'; readonly family: Family; readonly version: string | null }
  /** `hasMark`: a `v` or a letter of the family stands before it. */
  | { readonly kind: 'version'; readonly version: string; readonly hasMark: boolean }
  | { readonly kind: 'size'; readonly size: SizeReading }
  | { readonly kind: 'date'; readonly date: DateReading }
  | { readonly kind: 'quant'; readonly quant: QuantType; readonly isMain: boolean }
  | { readonly kind: 'shard'; readonly index: number; readonly total: number }
  /** A number that is no size, with its unit: `12Hz`. */
  | { readonly kind: 'amount'; readonly meaning: string | null }
  | { readonly kind: 'publisher' }
  /** `version`: what a made-up word ends in: 3 of `Holo3`. */
  | { readonly kind: 'name'; readonly stem: string; readonly version: string | null }
);
