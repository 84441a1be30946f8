import { quantOfFileType } from './fileTypes.ts';
import { type GgufHeader, type GgufTensor, isGgufArray, numberIn, numbersIn, textIn } from './ggufHeader.ts';

/** Characters of a name; the longest real ones have about 100. */
const labelLimit = 200;

export interface TensorTypeShare {
  readonly type: string;
  readonly count: number;
  readonly bytes: number;
}

/** What a header says of its file. Null = the header does not say. */
export interface GgufFacts {
  readonly architecture: string | null;
  /** `model`, or what the file is instead: `adapter`, `mmproj`, `imatrix`. */
  readonly role: string;
  readonly name: string | null;
  readonly sizeLabel: string | null;
  /** Such as `Q4_K_M`; from `general.file_type`, otherwise from the type that holds the most weights. */
  readonly quant: string | null;
  /** Weights of the whole model; null where this file is one shard of several. */
  readonly parameters: number | null;
  /** Weights in this file. */
  readonly tensorElements: number;
  readonly contextTokens: number | null;
  readonly blockCount: number | null;
  readonly embeddingLength: number | null;
  /** The largest of any layer, where layers differ. */
  readonly headCount: number | null;
  readonly headCountKv: number | null;
  readonly vocabularySize: number | null;
  readonly license: string | null;
  readonly chatTemplate: string | null;
  readonly shard: { readonly index: number; readonly total: number } | null;
  readonly tensorCount: number;
  readonly tensorBytes: number;
  /** By bytes, largest first. */
  readonly tensorTypes: readonly TensorTypeShare[];
  readonly bitsPerWeight: number | null;
  readonly sizeBytes: number;
}

/**
 * Draws the facts of a model out of its header.
 * @param header of one file
 * @param file.sizeBytes size of that file
 * @returns facts for the library and for `inspect`
 */
export function describeGguf(header: GgufHeader, file: { readonly sizeBytes: number }): GgufFacts {
  const architecture = textIn(header, 'general.architecture');
  const own = (key: string): string => `${architecture}.${key}`;
  const tensorElements = header.tensors.reduce((sum, tensor) => sum + tensor.elements, 0);
  const tensorBytes = header.tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  const shard = shardOf(header);
  return {
    architecture: labelIn(header, 'general.architecture'),
    role: textIn(header, 'general.type') ?? (architecture === 'clip' ? 'mmproj' : 'model'),
    name: labelIn(header, 'general.name'),
    sizeLabel: labelIn(header, 'general.size_label'),
    quant: quantOf(header),
    parameters: shard !== null || tensorElements === 0 ? null : tensorElements,
    tensorElements,
    contextTokens: numberIn(header, own('context_length')),
    blockCount: numberIn(header, own('block_count')),
    embeddingLength: numberIn(header, own('embedding_length')),
    headCount: largest(numbersIn(header, own('attention.head_count'))),
    headCountKv: largest(numbersIn(header, own('attention.head_count_kv'))),
    vocabularySize: header.vocabulary?.length ?? numberIn(header, own('vocab_size')),
    license: labelIn(header, 'general.license'),
    chatTemplate: textIn(header, 'tokenizer.chat_template'),
    shard,
    tensorCount: header.tensors.length,
    tensorBytes,
    tensorTypes: shareByType(header.tensors),
    bitsPerWeight: tensorElements > 0 ? (tensorBytes * 8) / tensorElements : null,
    sizeBytes: file.sizeBytes,
  };
}

/**
 * Lists metadata for people: one line a key, long values cut, arrays as length and first elements.
 * @param header of one file
 * @param options.valueLimit characters kept of a value
 * @returns entries in file order
 */
export function listMetadata(
  header: GgufHeader,
  options: { readonly valueLimit?: number } = {},
): readonly { readonly key: string; readonly type: string; readonly value: string }[] {
  const limit = options.valueLimit ?? 400;
  return [...header.metadata].map(([key, value]) => {
    let text: string;
    if (isGgufArray(value)) {
      const shown = value.first.slice(0, 8).map((entry) => (typeof entry === 'string' ? JSON.stringify(entry) : String(entry)));
      text = `${value.length.toLocaleString('en-US')} values: ${shown.join(', ')}${value.length > shown.length ? ', …' : ''}`;
    } else {
      text = typeof value === 'object' ? value.firstText : String(value);
    }
    return { key, type: header.metadataTypes.get(key) ?? 'unknown', value: text.length > limit ? `${text.slice(0, limit)}…` : text };
  });
}

/** A name out of a file stands in tables, sentences and terminals: one short line without control or direction marks. */
function labelIn(header: GgufHeader, key: string): string | null {
  const line = (textIn(header, key) ?? '').replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\s]+/gu, ' ').trim();
  if (line === '') return null;
  return line.length > labelLimit ? `${line.slice(0, labelLimit - 1)}…` : line;
}

function largest(numbers: readonly number[]): number | null {
  return numbers.length > 0 ? numbers.reduce((a, b) => Math.max(a, b)) : null;
}

function quantOf(header: GgufHeader): string | null {
  const fileType = numberIn(header, 'general.file_type');
  const label = fileType === null ? null : quantOfFileType(fileType);
  return label ?? shareByType(header.tensors)[0]?.type ?? null;
}

/** gguf-split writes `split.no` from 0 and `split.count`; a count of 1 is a whole file. */
function shardOf(header: GgufHeader): GgufFacts['shard'] {
  const number = numberIn(header, 'split.no');
  const total = numberIn(header, 'split.count');
  return number !== null && total !== null && total > 1 ? { index: number + 1, total } : null;
}

function shareByType(tensors: readonly GgufTensor[]): readonly TensorTypeShare[] {
  const shares = new Map<string, { type: string; count: number; bytes: number }>();
  for (const { type, bytes } of tensors) {
    const share = shares.get(type) ?? { type, count: 0, bytes: 0 };
    shares.set(type, share);
    share.count += 1;
    share.bytes += bytes;
  }
  return [...shares.values()].sort((a, b) => b.bytes - a.bytes);
}
