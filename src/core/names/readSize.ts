import { leadingNumber } from './readNumber.ts';

/** What a size in a name counts. Plain numbers: 30e9. */
export type SizeReading =
  | { readonly kind: 'total'; readonly parameters: number; readonly unit: SizeUnit }
  | { readonly kind: 'active'; readonly parameters: number }
  | { readonly kind: 'effective'; readonly parameters: number }
  | { readonly kind: 'total-and-active'; readonly total: number; readonly active: number }
  /** `8x7B`: experts and the size of one. */
  | { readonly kind: 'mixture'; readonly experts: number; readonly each: number }
  /** `16E`. */
  | { readonly kind: 'experts'; readonly experts: number }
  /** `128k`. */
  | { readonly kind: 'context'; readonly tokens: number };

type SizeUnit = 'm' | 'b' | 't';

const factors: Readonly<Record<SizeUnit, number>> = { m: 1e6, b: 1e9, t: 1e12 };
/** Windows that are powers of two but are written in thousands: `131k` is 131,072. */
const roundedKilobinary: ReadonlyMap<number, number> = new Map(
  [65, 131, 262, 524, 1048].map((k) => [k, 2 ** Math.round(Math.log2(k * 1000))]),
);

/**
 * Reads a word as a size: `30B`, `A3B`, `E2B`, `8x7B`, `7Bx2`, `4BA0.6B`, `16E`, `128k`.
 * @param word lower case
 * @returns null for what is no size: `12hz`, `4bit`, `17gb`
 */
export function readSize(word: string): SizeReading | null {
  if (word[0] === 'a' || word[0] === 'e') {
    const amount = readAmount(word.slice(1));
    if (!amount || amount.unit === 't') return null;
    return { kind: word[0] === 'a' ? 'active' : 'effective', parameters: amount.parameters };
  }
  const number = leadingNumber(word);
  if (!number || !Number.isFinite(number.value) || number.value <= 0) return null;
  const { value, rest } = number;
  if (rest === 'k') return { kind: 'context', tokens: contextTokens(value) };
  if (rest === 'e') return Number.isInteger(value) ? { kind: 'experts', experts: value } : null;
  if (rest[0] === 'x') return readMixture(value, rest.slice(1));
  const unit = rest[0];
  if (unit !== 'm' && unit !== 'b' && unit !== 't') return null;
  const parameters = scaled(value, unit);
  const tail = rest.slice(1);
  if (tail === '') return { kind: 'total', parameters, unit };
  if (unit !== 'b') return null;
  return readTail(parameters, tail);
}

/** `128k` counts in powers of two, `200k` in thousands. */
function contextTokens(thousands: number): number {
  return roundedKilobinary.get(thousands) ?? Math.round(thousands * (thousands % 100 === 0 ? 1000 : 1024));
}

/** `1ba` and `7bt` of `1BA-7BT`, `4ba0.6b`, `7bx2`. */
function readTail(parameters: number, tail: string): SizeReading | null {
  if (tail === 'a') return { kind: 'active', parameters };
  if (tail === 't') return { kind: 'total', parameters, unit: 'b' };
  if (tail[0] === 'x') {
    const experts = leadingNumber(tail, 1);
    return experts?.rest === '' && Number.isInteger(experts.value) ? { kind: 'mixture', experts: experts.value, each: parameters } : null;
  }
  const active = tail[0] === 'a' ? readAmount(tail.slice(1)) : null;
  return active ? { kind: 'total-and-active', total: parameters, active: active.parameters } : null;
}

function readMixture(experts: number, each: string): SizeReading | null {
  const amount = readAmount(each);
  return amount && Number.isInteger(experts) && experts > 1 ? { kind: 'mixture', experts, each: amount.parameters } : null;
}

function readAmount(word: string): { readonly parameters: number; readonly unit: SizeUnit } | null {
  const number = leadingNumber(word);
  const unit = number?.rest;
  if (!number || !(number.value > 0) || (unit !== 'm' && unit !== 'b' && unit !== 't')) return null;
  return { parameters: scaled(number.value, unit), unit };
}

/** Whole weights, without the last digits of binary fractions. */
function scaled(value: number, unit: SizeUnit): number {
  return Math.round(value * factors[unit]);
}
