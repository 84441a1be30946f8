/** How the blocks of an architecture are put together, as far as memory goes. */
export interface FitArchitecture {
  readonly name: string;
  /** False where cache and working space are not known and only a band can be given. */
  readonly isKnown: boolean;
  /** Layers that look back a window only: all but each `period`-th. Null = the header's window, if any, is ignored. */
  readonly sliding: { readonly period: number; readonly isFullFirst: boolean } | null;
  readonly recurrent: 'none' | 'all' | 'where-no-heads' | 'between-full';
  /** Layers with a cache of their own: all, all but the header's shared ones, or the first so many. */
  readonly ownCaches: 'all' | 'not-shared' | number;
  /** The first so many layers keep only their largest activations. */
  readonly sparseLayers: number;
  /** Rotations by several axes take a position for each. */
  readonly positionsPerToken: 1 | 4;
  readonly block: 'standard' | 'gemma3n' | 'gemma4' | 'qwen35' | 'lfm2' | 'granitehybrid' | 'deepseek2';
  readonly features: readonly ArchitectureFeature[];
}

export type ArchitectureFeature =
  /** The embedding is multiplied by the root of its width. */
  | 'scaled-embedding'
  /** Queries are scaled after rotation, in an operation of its own. */
  | 'scaled-query'
  /** Norms after attention and after the feed-forward network, before each residual. */
  | 'post-norms'
  /** Rows of tokens whose logits nobody wants are dropped at the very end, not in the last layer. */
  | 'late-output-rows'
  /** … and even after the last norm. */
  | 'rows-after-norm'
  /** The residual is the first operand of the last sum. */
  | 'residual-first'
  | 'residual-first-in-attention'
  /** Positions are rotated in only where the header says so. */
  | 'optional-rope'
  /** Every fourth layer goes without positions. */
  | 'rope-skips-fourth'
  /** Norms of queries and keys come after the rotation. */
  | 'norm-after-rope'
  | 'capped-logits'
  /** A tied output matrix is made before the embedding, and so exists twice even in RAM. */
  | 'output-first'
  /** Logits or residuals are multiplied by a factor of the header. */
  | 'scaled-logits'
  | 'scaled-residual'
  /** The norm before the feed-forward network is called `post_attention_norm`. */
  | 'post-attention-norm-is-ffn-norm'
  /** Attention scores or logits pass through a soft cap. */
  | 'capped-attention'
  /** Gate and up projection are one matrix, `ffn_up`. */
  | 'joined-gate'
  /** Expert weights are not divided by their sum. */
  | 'raw-expert-weights'
  /** Soft-max over the chosen experts only, after the choice. */
  | 'late-expert-softmax';

type Entry = Partial<Omit<FitArchitecture, 'name' | 'isKnown'>>;

/** Each read in `src/models/<name>.cpp` of llama.cpp v0.5.0, 2026-11-21. */
const entries: Readonly<Record<string, Entry>> = {
  llama: {},
  qwen3: {},
  qwen3moe: {},
  phi3: { features: ['scaled-query', 'joined-gate', 'residual-first'] },
  gemma3: { sliding: { period: 6, isFullFirst: false }, features: ['scaled-embedding', 'scaled-query', 'post-norms'] },
  gemma3n: {
    sliding: { period: 5, isFullFirst: false },
    ownCaches: 20,
    sparseLayers: 10,
    block: 'gemma3n',
    features: ['scaled-embedding', 'capped-logits', 'output-first'],
  },
  'gpt-oss': {
    sliding: { period: 2, isFullFirst: false },
    features: ['late-output-rows', 'post-attention-norm-is-ffn-norm', 'late-expert-softmax', 'raw-expert-weights'],
  },
  qwen35moe: {
    recurrent: 'between-full',
    positionsPerToken: 4,
    block: 'qwen35',
    features: ['post-attention-norm-is-ffn-norm', 'late-output-rows', 'rows-after-norm'],
  },
  lfm2: { recurrent: 'where-no-heads', block: 'lfm2', features: ['residual-first', 'residual-first-in-attention'] },
  granitehybrid: {
    recurrent: 'where-no-heads',
    block: 'granitehybrid',
    features: ['scaled-embedding', 'scaled-residual', 'scaled-logits', 'optional-rope'],
  },
  deepseek2: { block: 'deepseek2', features: ['raw-expert-weights'] },
  qwen2: {},
  qwen2vl: { positionsPerToken: 4 },
  qwen2moe: { features: ['raw-expert-weights'] },
  qwen3vl: { positionsPerToken: 4 },
  qwen3vlmoe: { positionsPerToken: 4 },
  qwen35: {
    recurrent: 'between-full',
    positionsPerToken: 4,
    block: 'qwen35',
    features: ['post-attention-norm-is-ffn-norm', 'late-output-rows', 'rows-after-norm'],
  },
  mistral3: {},
  smollm3: { features: ['rope-skips-fourth'] },
  seed_oss: { features: ['post-attention-norm-is-ffn-norm'] },
  'hunyuan-dense': { features: ['norm-after-rope'] },
  ernie4_5: {},
  gemma: { features: ['scaled-embedding', 'scaled-query'] },
  gemma2: {
    sliding: { period: 2, isFullFirst: false },
    features: ['scaled-embedding', 'scaled-query', 'post-norms', 'capped-attention', 'capped-logits'],
  },
  gemma4: {
    sliding: { period: 6, isFullFirst: false },
    ownCaches: 'not-shared',
    block: 'gemma4',
    features: ['scaled-embedding', 'output-first'],
  },
  lfm2moe: { recurrent: 'where-no-heads', block: 'lfm2', features: ['residual-first', 'residual-first-in-attention'] },
  granite: { features: ['scaled-embedding', 'scaled-residual', 'scaled-logits', 'optional-rope'] },
  granitemoe: { features: ['scaled-embedding', 'scaled-residual', 'scaled-logits', 'optional-rope'] },
  glm4moe: { features: ['post-attention-norm-is-ffn-norm', 'raw-expert-weights'] },
};

const known: ReadonlyMap<string, FitArchitecture> = new Map(
  Object.entries(entries).map(([name, entry]) => [name, { ...standard(name), ...entry, isKnown: true }]),
);

/**
 * @param name `general.architecture` of the header
 * @returns what is known of it; `isKnown` is false for every other, which is treated as a plain transformer
 */
export function architectureOf(name: string): FitArchitecture {
  return known.get(name) ?? standard(name);
}

/** Names of the architectures whose graph was read. */
export function knownArchitectures(): readonly string[] {
  return [...known.keys()];
}

function standard(name: string): FitArchitecture {
  return {
    name,
    isKnown: false,
    sliding: null,
    recurrent: 'none',
    ownCaches: 'all',
    sparseLayers: 0,
    positionsPerToken: 1,
    block: 'standard',
    features: [],
  };
}
