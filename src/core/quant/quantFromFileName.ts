import type { NameRole } from '../names/nameReading.ts';
import { joinSegments, type Segment, splitSegments } from '../names/segments.ts';
import { findQuants, mainQuant } from './findQuant.ts';
import type { QuantType } from './quantTypes.ts';

/** What a file name says. */
export interface NamedQuant {
  /** The file name without folder, shard mark and `.gguf`. */
  readonly stem: string;
  /** The stem without quant and marks: `Qwen3-4B-Instruct-2507`. */
  readonly baseName: string;
  /** The quant as people write it, marks included: `Q4_K_M`, `UD-Q4_K_XL`; null where the name holds none. */
  readonly label: string | null;
  readonly type: QuantType | null;
  /** `UD-`: unsloth's dynamic choice of types per tensor. */
  readonly dynamic: boolean;
  /** `i1`, `imat`, `imatrix`: quantised with an importance matrix. */
  readonly imatrix: boolean;
  /** From 1. */
  readonly shard: { readonly index: number; readonly total: number } | null;
  /** All but `model` belong to a model and are none themselves. */
  readonly role: NameRole;
}

const shardNumberLength = 5;
const dynamicMark = 'ud';
const imatrixMarks: ReadonlySet<string> = new Set(['i1', 'imat', 'imatrix']);
const draftMarks: ReadonlySet<string> = new Set(['draft', 'drafter', 'dflash', 'eagle', 'eagle3', 'speculator']);
const adapterMarks: ReadonlySet<string> = new Set(['lora', 'adapter']);
/** Bits stated as a number (`4.256bpw`) make a model of it, as a quant does. */
const bitsMark = 'bpw';

/**
 * Reads quant, base name and shard out of a GGUF file's name.
 * @param fileName name or path, with or without `.gguf`
 * @returns what the name says; nothing is guessed
 */
export function quantFromFileName(fileName: string): NamedQuant {
  const { segments, shard } = cutShard(splitSegments((fileName.split(/[/\\]/).at(-1) ?? '').replace(/\.gguf$/i, '')));
  const stem = joinSegments(segments);
  const found = mainQuant(findQuants(segments));
  const marks = segments.map(({ lower }) => lower);
  const role = fileRole(marks, found?.type ?? null);
  const imatrix = marks.some((mark) => imatrixMarks.has(mark)) && role !== 'imatrix';
  if (!found) return { stem, baseName: stem, label: null, type: null, dynamic: false, imatrix, shard, role };
  const dynamic = marks.includes(dynamicMark);
  const base = segments.filter((_, index) => {
    const mark = marks[index] ?? '';
    const isQuant = index >= found.start && index < found.end;
    return !isQuant && mark !== dynamicMark && !(imatrixMarks.has(mark) && role !== 'imatrix');
  });
  const label = dynamic ? `UD-${found.type.label}` : found.type.label;
  return { stem, baseName: joinSegments(base), label, type: found.type, dynamic, imatrix, shard, role };
}

/**
 * Cuts `-00001-of-00003` off the end of a name.
 * @param segments of the name, file ending left out
 * @returns the rest, and the shard from 1; null where there is none or its numbers are impossible
 */
export function cutShard(segments: readonly Segment[]): { readonly segments: readonly Segment[]; readonly shard: NamedQuant['shard'] } {
  const [number, of, count] = segments.slice(-3);
  const isMark = of?.lower === 'of' && of.before === '-' && count?.before === '-' && segments.length > 3;
  const index = shardNumber(number?.text);
  const total = shardNumber(count?.text);
  if (!isMark || index < 1 || index > total) return { segments, shard: null };
  return { segments: segments.slice(0, -3), shard: { index, total } };
}

function shardNumber(text = ''): number {
  return text.length === shardNumberLength && [...text].every((character) => character >= '0' && character <= '9') ? Number(text) : 0;
}

/**
 * Tells what a file is by the marks in its name. `..-Q4_K_M-imatrix` is a model made with a matrix, a matrix alone has no quant; a
 * merged LoRA is quantised like a model, an adapter is not; `mtp-` in front is a draft head, behind it is part of the model.
 * @param marks words of the name in lower case
 * @param quant stated in the name
 */
export function fileRole(marks: readonly string[], quant: QuantType | null): NameRole {
  if (marks.includes('mmproj')) return 'mmproj';
  const isMatrix = marks[0] === 'imatrix' || marks.at(-1) === 'imatrix';
  if (isMatrix && quant === null && !marks.some((mark) => mark.endsWith(bitsMark))) return 'imatrix';
  if (marks[0] === 'mtp' || marks.some((mark) => draftMarks.has(mark))) return 'draft';
  const isPlain = quant === null || quant.scheme === 'float';
  return isPlain && marks.some((mark) => adapterMarks.has(mark)) ? 'adapter' : 'model';
}
