import type { NameRole } from '../names/nameReading.ts';
import { type QuantType, quantTypeOf } from './quantTypes.ts';

/** What a file name says. */
export interface NamedQuant {
  /** The file name without folder, shard mark and `.gguf`. */
  readonly stem: string;
  /** The file name without folder, shard mark, `.gguf` and quant: `Qwen3-4B-Instruct-2507`. */
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

/** A quant label has at most this many parts between underscores: `IQ4_NL_4_4`. */
const labelPartLimit = 4;
const dynamicMarks: ReadonlySet<string> = new Set(['UD']);
const imatrixMarks: ReadonlySet<string> = new Set(['I1', 'IMAT', 'IMATRIX']);

/** A piece of a name and the separator before it (`-`, `.`, `_` or a space). */
interface Segment {
  readonly before: string;
  readonly text: string;
}

/**
 * Reads quant, base name and shard out of a GGUF file's name.
 * @param fileName name or path, with or without `.gguf`
 * @returns what the name says; nothing is guessed
 */
export function quantFromFileName(fileName: string): NamedQuant {
  const bare = (fileName.split(/[/\\]/).at(-1) ?? '').replace(/\.gguf$/i, '');
  const { stem, shard } = cutShard(bare);
  const segments = splitSegments(stem);
  const found = findQuant(segments);
  const marked = segments.map((segment) => segment.text.toUpperCase());
  const role = roleOf(marked, found !== null);
  if (!found) {
    return {
      stem,
      baseName: stem,
      label: null,
      type: null,
      dynamic: false,
      imatrix: marked.some((mark) => imatrixMarks.has(mark)),
      shard,
      role,
    };
  }
  const rest = [...segments.slice(0, found.start), ...segments.slice(found.end)];
  const dynamic = marked.some((mark) => dynamicMarks.has(mark));
  const imatrix = marked.some((mark) => imatrixMarks.has(mark));
  const base = rest.filter(
    ({ text }) => !dynamicMarks.has(text.toUpperCase()) && !(imatrixMarks.has(text.toUpperCase()) && role !== 'imatrix'),
  );
  return {
    stem,
    baseName: base.map((segment, index) => (index === 0 ? segment.text : segment.before + segment.text)).join(''),
    label: dynamic ? `UD-${found.type.label}` : found.type.label,
    type: found.type,
    dynamic,
    imatrix,
    shard,
    role,
  };
}

/** `..-Q4_K_M-imatrix` is a model made with a matrix; a matrix alone has no quant. */
function roleOf(marks: readonly string[], hasQuant: boolean): NameRole {
  if (marks.includes('MMPROJ')) return 'mmproj';
  if (!hasQuant && (marks[0] === 'IMATRIX' || marks.at(-1) === 'IMATRIX')) return 'imatrix';
  return marks[0] === 'MTP' || marks.includes('DRAFT') || marks.includes('DFLASH') ? 'draft' : 'model';
}

function cutShard(name: string): { readonly stem: string; readonly shard: NamedQuant['shard'] } {
  const match = /^(.*)-(\d{5})-of-(\d{5})$/.exec(name);
  const index = Number(match?.[2]);
  const total = Number(match?.[3]);
  if (!match || index < 1 || index > total) return { stem: name, shard: null };
  return { stem: match[1] ?? '', shard: { index, total } };
}

function splitSegments(stem: string): readonly Segment[] {
  const parts = stem.split(/([-._ ])/);
  const segments: Segment[] = [];
  for (let index = 0; index < parts.length; index += 2) segments.push({ before: parts[index - 1] ?? '', text: parts[index] ?? '' });
  return segments;
}

/** The last quant in the name, and of those that end there the longest: `Q4_K_M` before `Q4_K`. */
function findQuant(segments: readonly Segment[]): { readonly start: number; readonly end: number; readonly type: QuantType } | null {
  for (let end = segments.length; end > 0; end -= 1) {
    for (let length = Math.min(labelPartLimit, end); length >= 1; length -= 1) {
      const start = end - length;
      const run = segments.slice(start, end);
      const joined = run.every((segment, index) => index === 0 || segment.before === '_');
      const type = joined ? quantTypeOf(run.map((segment) => segment.text).join('_')) : null;
      if (type) return { start, end, type };
    }
  }
  return null;
}
