export type GgufScalar = string | number | boolean;

/** An array is never held whole: its length and its first elements are kept, the rest is skipped. */
export interface GgufArray {
  readonly elementType: string;
  readonly length: number;
  /** Numbers and booleans: up to 512, so that per-layer arrays are complete. Strings: up to 16, each cut at 1 KiB. */
  readonly first: readonly GgufScalar[];
}

/** A string too long to be held: its size in bytes and how it starts. */
export interface GgufLongText {
  readonly sizeBytes: number;
  readonly firstText: string;
}

/** 64-bit integers beyond 2^53 are rounded to the nearest double. */
export type GgufValue = GgufScalar | GgufArray | GgufLongText;

export interface GgufTensor {
  readonly name: string;
  /** ggml's name of the type, such as `Q4_K`. */
  readonly type: string;
  /** Fastest-varying first, as in the file. */
  readonly dimensions: readonly number[];
  readonly elements: number;
  /** From the start of the data section. */
  readonly offset: number;
  readonly bytes: number;
}

export interface GgufVocabulary {
  readonly length: number;
  /** The first token that appears twice, which makes the engine abort; null when all differ. */
  readonly duplicate: string | null;
}

export interface GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /** Type of each metadata value as written: `uint32`, `string`, `array<float32>`. */
  readonly metadataTypes: ReadonlyMap<string, string>;
  readonly tensors: readonly GgufTensor[];
  /** Of `tokenizer.ggml.tokens`; null when the file carries none. */
  readonly vocabulary: GgufVocabulary | null;
  readonly alignment: number;
  /** Where tensor data starts in the file. */
  readonly dataOffset: number;
  /** Size of the header without the padding after it. */
  readonly headerBytes: number;
}

export type GgufErrorCode = 'not-gguf' | 'gguf-truncated' | 'gguf-invalid' | 'gguf-version-unsupported';

/** Why a file cannot be used, in words that name what is wrong and where. */
export interface GgufProblem {
  readonly code: GgufErrorCode;
  readonly message: string;
}

export type GgufReading = { readonly ok: true; readonly header: GgufHeader } | ({ readonly ok: false } & GgufProblem);

/**
 * Tells a metadata array from the other kinds of value.
 * @param value a metadata value, or undefined where the key is missing
 */
export function isGgufArray(value: GgufValue | undefined): value is GgufArray {
  return typeof value === 'object' && 'elementType' in value;
}

/**
 * Reads a metadata value as a number.
 * @returns the number, or null where the key is missing or holds something else
 */
export function numberIn(header: GgufHeader, key: string): number | null {
  const value = header.metadata.get(key);
  return typeof value === 'number' ? value : null;
}

/**
 * Reads a metadata value as text.
 * @returns the text, or null where the key is missing, holds something else, or a text too long to be held
 */
export function textIn(header: GgufHeader, key: string): string | null {
  const value = header.metadata.get(key);
  return typeof value === 'string' ? value : null;
}

/**
 * Reads a value that may be given once or per layer.
 * @returns every number of it; empty where the key is missing or holds no numbers
 */
export function numbersIn(header: GgufHeader, key: string): readonly number[] {
  const value = header.metadata.get(key);
  if (typeof value === 'number') return [value];
  return isGgufArray(value) ? value.first.filter((entry) => typeof entry === 'number') : [];
}
