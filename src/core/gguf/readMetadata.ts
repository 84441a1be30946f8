import { decodeUtf8 } from './decodeUtf8.ts';
import type { GgufArray, GgufLongText, GgufScalar, GgufValue, GgufVocabulary } from './ggufHeader.ts';
import { formatCount, type HeaderCursor } from './headerCursor.ts';

const countLimit = 65_536;
const keyLimitBytes = 65_535;
const textLimitBytes = 1024 * 1024;
const longTextKeptBytes = 16 * 1024;
/** Strings held of one file, all together: a template and notes need a few hundred kB. */
const heldTextLimitBytes = 16 * 1024 * 1024;
const numbersKept = 512;
const stringsKept = 16;
const stringKeptBytes = 1024;
const nestingLimit = 4;
/** Four times the largest vocabulary known. A longer one is refused before it fills the memory. */
const vocabularyLimit = 1_048_576;
const vocabularyKey = 'tokenizer.ggml.tokens';

interface ScalarType {
  readonly name: string;
  readonly bytes: number;
  readonly read: (cursor: HeaderCursor) => number | boolean;
}

const scalarTypes: ReadonlyMap<number, ScalarType> = new Map([
  [0, { name: 'uint8', bytes: 1, read: (cursor: HeaderCursor) => cursor.uint8() }],
  [1, { name: 'int8', bytes: 1, read: (cursor: HeaderCursor) => cursor.int8() }],
  [2, { name: 'uint16', bytes: 2, read: (cursor: HeaderCursor) => cursor.uint16() }],
  [3, { name: 'int16', bytes: 2, read: (cursor: HeaderCursor) => cursor.int16() }],
  [4, { name: 'uint32', bytes: 4, read: (cursor: HeaderCursor) => cursor.uint32() }],
  [5, { name: 'int32', bytes: 4, read: (cursor: HeaderCursor) => cursor.int32() }],
  [6, { name: 'float32', bytes: 4, read: (cursor: HeaderCursor) => cursor.float32() }],
  [7, { name: 'bool', bytes: 1, read: (cursor: HeaderCursor) => cursor.uint8() !== 0 }],
  [10, { name: 'uint64', bytes: 8, read: (cursor: HeaderCursor) => cursor.uint64() }],
  [11, { name: 'int64', bytes: 8, read: (cursor: HeaderCursor) => cursor.int64() }],
  [12, { name: 'float64', bytes: 8, read: (cursor: HeaderCursor) => cursor.float64() }],
] satisfies [number, ScalarType][]);
const stringType = 8;
const arrayType = 9;

export interface Metadata {
  readonly values: ReadonlyMap<string, GgufValue>;
  readonly types: ReadonlyMap<string, string>;
  readonly vocabulary: GgufVocabulary | null;
}

/**
 * Reads all key-value pairs of a header.
 * @param cursor stands at the first key
 * @param count number of pairs that the header claims
 * @returns values and their types by key; throws GgufFault on anything broken
 */
export async function readMetadata(cursor: HeaderCursor, count: number): Promise<Metadata> {
  if (count > countLimit) throw cursor.invalid(`claims ${formatCount(count)} metadata entries; ${countLimit} is the most that is read`);
  const values = new Map<string, GgufValue>();
  const types = new Map<string, string>();
  const budget: TextBudget = { leftBytes: heldTextLimitBytes };
  let vocabulary: GgufVocabulary | null = null;
  for (let index = 0; index < count; index += 1) {
    cursor.reading = `metadata key ${index + 1} of ${count}`;
    const key = await readKey(cursor);
    if (values.has(key)) throw cursor.invalid(`repeats "${shorten(key)}"`);
    cursor.reading = `the value of "${shorten(key)}"`;
    await cursor.need(4);
    const type = cursor.uint32();
    const scalar = scalarTypes.get(type);
    if (scalar) {
      await cursor.need(scalar.bytes);
      values.set(key, scalar.read(cursor));
      types.set(key, scalar.name);
    } else if (type === stringType) {
      values.set(key, await readText(cursor, budget));
      types.set(key, 'string');
    } else if (type === arrayType) {
      const tokens = key === vocabularyKey ? { seen: new Set<string>(), duplicate: null } : null;
      const array = await readArray(cursor, { depth: 1, tokens });
      values.set(key, array);
      types.set(key, `array<${array.elementType}>`);
      if (tokens && array.elementType === 'string') vocabulary = { length: array.length, duplicate: tokens.duplicate };
    } else {
      throw cursor.invalid(`has the unknown type ${type}`);
    }
  }
  return { values, types, vocabulary };
}

interface TextBudget {
  leftBytes: number;
}

interface TokenCheck {
  readonly seen: Set<string>;
  duplicate: string | null;
}

async function readKey(cursor: HeaderCursor): Promise<string> {
  await cursor.need(8);
  const length = cursor.uint64();
  if (length === 0) throw cursor.invalid('is empty');
  if (length > keyLimitBytes) throw cursor.invalid(`claims ${formatCount(length)} bytes; a key has at most ${keyLimitBytes}`);
  await cursor.need(length);
  return cursor.text(length);
}

async function readText(cursor: HeaderCursor, budget: TextBudget): Promise<string | GgufLongText> {
  await cursor.need(8);
  const length = cursor.uint64();
  if (length > textLimitBytes || length > budget.leftBytes) {
    cursor.expect(length);
    const keptBytes = Math.min(length, longTextKeptBytes);
    await cursor.need(keptBytes);
    const firstText = cursor.text(keptBytes);
    cursor.skip(length - keptBytes);
    return { sizeBytes: length, firstText };
  }
  await cursor.need(length);
  budget.leftBytes -= length;
  return cursor.text(length);
}

async function readArray(cursor: HeaderCursor, options: { depth: number; tokens: TokenCheck | null }): Promise<GgufArray> {
  await cursor.need(12);
  const type = cursor.uint32();
  const length = cursor.uint64();
  const scalar = scalarTypes.get(type);
  if (scalar) {
    const kept = Math.min(length, numbersKept);
    const first: GgufScalar[] = [];
    if (kept > 0) await cursor.need(kept * scalar.bytes);
    for (let index = 0; index < kept; index += 1) first.push(scalar.read(cursor));
    cursor.skip((length - kept) * scalar.bytes);
    return { elementType: scalar.name, length, first };
  }
  if (type === stringType) return { elementType: 'string', length, first: await readStrings(cursor, { length, tokens: options.tokens }) };
  if (type !== arrayType) throw cursor.invalid(`is an array of the unknown type ${type}`);
  if (options.depth >= nestingLimit) throw cursor.invalid(`nests arrays more than ${nestingLimit} deep`);
  cursor.expect(length * 12);
  for (let index = 0; index < length; index += 1) await readArray(cursor, { depth: options.depth + 1, tokens: null });
  return { elementType: 'array', length, first: [] };
}

async function readStrings(cursor: HeaderCursor, claim: { length: number; tokens: TokenCheck | null }): Promise<GgufScalar[]> {
  const { length, tokens } = claim;
  cursor.expect(length * 8);
  if (tokens && length > vocabularyLimit)
    throw cursor.invalid(`has ${formatCount(length)} tokens; ${vocabularyLimit} is the most that is read`);
  const first: string[] = [];
  for (let index = 0; index < length; index += 1) {
    if (!cursor.has(8)) await cursor.need(8);
    const bytes = cursor.uint64();
    const kept = index < stringsKept || tokens ? Math.min(bytes, stringKeptBytes) : 0;
    cursor.expect(bytes);
    if (kept > 0 && !cursor.has(kept)) await cursor.need(kept);
    const start = cursor.bytes(kept);
    if (index < stringsKept) first.push(decodeUtf8(start));
    // A token longer than what is kept is never called a duplicate; the engine replaces empty ones by their number.
    if (tokens && tokens.duplicate === null && bytes > 0 && bytes === kept) noteToken(tokens, start);
    if (bytes > kept) cursor.skip(bytes - kept);
  }
  return first;
}

/** Bytes as a string of their values: exact, and cheaper than decoding. */
function noteToken(tokens: TokenCheck, bytes: Uint8Array): void {
  const key = String.fromCharCode(...bytes);
  if (tokens.seen.has(key)) tokens.duplicate = decodeUtf8(bytes);
  else tokens.seen.add(key);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
