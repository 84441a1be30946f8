import type { QuantScheme } from '../quant/quantTypes.ts';

/** How a name was written. `text` is anything that names no model in a known way. */
export type NameForm = 'repo' | 'repo-quant' | 'repo-file' | 'file' | 'url' | 'docker' | 'ollama' | 'text';

export type NameRole = 'model' | 'mmproj' | 'draft' | 'imatrix' | 'adapter';

/** What part a piece plays. `name` is a word nobody knows, or the family's own. */
export type SegmentKind =
  | 'publisher'
  | 'family'
  | 'name'
  | 'version'
  | 'variant'
  | 'size'
  | 'context'
  | 'tune'
  | 'method'
  | 'teacher'
  | 'date'
  | 'quant'
  | 'format'
  | 'role'
  | 'shard'
  | 'other';

/** One piece of a name, separators left out, and what it says. Unknown pieces have no meaning: never a guess. */
export interface NameSegment {
  readonly text: string;
  readonly meaning: string | null;
  readonly kind: SegmentKind;
}

export interface NameParameters {
  /** Weights, as plain numbers: 30e9. Null where the name does not say. */
  readonly total: number | null;
  /** Per token, of a mixture of experts. */
  readonly active: number | null;
  /** Gemma's E2B and E4B: what the model needs in fast memory. */
  readonly effective: number | null;
}

/** A quant as a name states it. */
export interface QuantReading {
  /** As llama.cpp writes it, packager's size included, marks left out: `Q4_K_M`, `Q4_K_XL`. */
  readonly type: string;
  /** As people write it, packager's marks included: `UD-Q4_K_XL`. What a list shows and a repo's quants are found by. */
  readonly label: string;
  /** Nominal bits of the main type. */
  readonly bits: number;
  /** Of a whole model; null where recipes differ by model and nobody has published one. */
  readonly bitsPerWeight: number | null;
  readonly scheme: QuantScheme;
  /** Made with an importance matrix, as far as the name says. */
  readonly imatrix: boolean;
  /** `UD-`: unsloth chose types tensor by tensor. */
  readonly dynamic: boolean;
}

/** Everything a name says of a model; null = it does not say. The fields up to `segments` are what `explain --json` prints. */
export interface NameReading {
  readonly input: string;
  readonly publisher: string | null;
  /** `publisher/name`, as the hub writes it. */
  readonly repo: string | null;
  /** Path within the repo, or the bare file name. */
  readonly file: string | null;
  /** Lower case, without version: `qwen`, `llama`, `gemma`. */
  readonly family: string | null;
  readonly version: string | null;
  readonly parameters: NameParameters;
  readonly quant: QuantReading | null;
  /** `instruct`, `chat`, `base`, `thinking`, `coder`, `vl`, `omni`, `embedding`, `reranker`, `tool-calling`, `tts`, `asr`, `draft`, `abliterated`, `uncensored`. */
  readonly tunes: readonly string[];
  /** `text`, `vision`, `audio`, … as far as the name says. */
  readonly modalities: readonly string[];
  /** `gguf`, `mlx`, `litert`, `safetensors`, `gptq`, `awq`, … */
  readonly library: string | null;
  readonly role: NameRole;
  /** From 1. */
  readonly shard: { readonly index: number; readonly total: number } | null;
  /** Whether the bundled engine could run it, by its format; null where the name does not tell. */
  readonly runnable: boolean | null;
  readonly sentence: string;
  readonly segments: readonly NameSegment[];
  readonly form: NameForm;
  /** Branch, tag or commit of a hub address. */
  readonly revision: string | null;
  /** How it was made: `REAP` (experts pruned), `distilled`, `QAT`, `MTP`, `merged`, `decensored`, … */
  readonly methods: readonly string[];
  /** Quants made with an importance matrix, as `-i1-` says of a whole repo. */
  readonly imatrix: boolean;
  /** Of a mixture, where the name says how many: 8 of `8x7B`. */
  readonly experts: number | null;
  /** Year and month, or the day, of a date stamp: `2025-07`. */
  readonly date: string | null;
  /** Tokens, of a context mark: `128k`. */
  readonly contextTokens: number | null;
  /** For a sentence: family, version and variant as their makers write them: `GLM 4.7 Flash`; empty where there is none. */
  readonly title: string;
  /** For a list: the name without publisher, format, quant and shard: `Qwen3 30B A3B Instruct`. */
  readonly displayName: string;
  /** Words to search the hub for; null for a repo, and where the name has none of its own. */
  readonly searchQuery: string | null;
}

/** What a typed name leads to: one repo (and perhaps one quant or file of it), or a search. */
export type NameTarget =
  | {
      readonly kind: 'repo';
      readonly repo: string;
      readonly revision: string | null;
      readonly quant: string | null;
      readonly file: string | null;
    }
  | { readonly kind: 'search'; readonly query: string; readonly quant: string | null };
