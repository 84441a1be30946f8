import { architectureOf, type FitArchitecture } from './architectures.ts';
import type { FitHyperparameter, FitShape, FitTensor } from './fitTypes.ts';

export interface LayerFacts {
  readonly index: number;
  readonly heads: number;
  readonly headsKv: number;
  readonly keyLength: number;
  readonly valueLength: number;
  readonly isSliding: boolean;
  /** No attention: a state of fixed size instead of a cache. */
  readonly isRecurrent: boolean;
  /** Has a cache of its own; false where it reads an earlier layer's. */
  readonly hasCache: boolean;
  /** Gemma 3n: keeps only the largest activations. */
  readonly isSparse: boolean;
  readonly tensors: ReadonlyMap<string, FitTensor>;
}

export interface ModelFacts {
  readonly architecture: FitArchitecture;
  readonly shape: FitShape;
  readonly width: number;
  readonly vocabulary: number;
  /** Null where the header does not say. */
  readonly trainedContext: number | null;
  /** Layers of the main graph: prediction layers that are loaded on demand are left out. */
  readonly layers: readonly LayerFacts[];
  /** Tokens a sliding layer looks back; 0 where none does. */
  readonly window: number;
  /** Rows of the cache that keys and values share; null without multi-head latent attention. */
  readonly latent: { readonly rank: number; readonly rope: number; readonly keyLength: number; readonly valueLength: number } | null;
  /** Values of a recurrent layer's state for one sequence. */
  readonly state: { readonly convolution: number; readonly memory: number };
  readonly experts: number;
  readonly expertsUsed: number;
  readonly modelTensors: ReadonlyMap<string, FitTensor>;
  number(name: string): number | null;
}

/**
 * Reads a shape as the engine does (`load_hparams` and `load_arch_hparams` in llama.cpp v0.5.0, read 2026-11-21). The shape must have passed
 * `checkFitInput`.
 */
export function modelFactsOf(shape: FitShape): ModelFacts {
  const known = cache.get(shape);
  if (known) return known;
  const facts = readFacts(shape);
  cache.set(shape, facts);
  return facts;
}

/** A slider asks for the same shape again and again. */
const cache = new WeakMap<FitShape, ModelFacts>();

function readFacts(shape: FitShape): ModelFacts {
  const architecture = architectureOf(shape.architecture);
  const values = shape.hyperparameters;
  const number = (name: string): number | null => numberOf(values[name], 0);
  const blocks = number('block_count') ?? 0;
  const layerCount = blocks - (number('nextn_predict_layers') ?? 0);
  const width = number('embedding_length') ?? 0;
  const { modelTensors, layerTensors } = sortTensors(shape, layerCount);
  const rank = number('attention.kv_lora_rank');
  const keyMla = number('attention.key_length_mla');
  const latent =
    rank && keyMla
      ? { rank, rope: number('rope.dimension_count') ?? 64, keyLength: keyMla, valueLength: number('attention.value_length_mla') ?? 0 }
      : null;
  const sliding = slidingLayers(values, { architecture, layerCount });
  const window = sliding.some((is) => is) ? (number('attention.sliding_window') ?? 0) : 0;
  const cached = cachedLayers(values, { architecture, layerCount });
  const layers = Array.from({ length: layerCount }, (_, index): LayerFacts => {
    const heads = numberOf(values['attention.head_count'], index) ?? 0;
    const headsKv = numberOf(values['attention.head_count_kv'], index) ?? heads;
    const isSliding = window > 0 && sliding[index] === true;
    const own = (name: string): number | null => (isSliding ? number(`${name}_swa`) : null) ?? numberOf(values[name], index);
    const firstHeads = heads || (largest(values['attention.head_count']) ?? 1);
    return {
      index,
      heads,
      headsKv,
      keyLength: own('attention.key_length') ?? Math.floor(width / firstHeads),
      valueLength: own('attention.value_length') ?? Math.floor(width / firstHeads),
      isSliding,
      isRecurrent: isRecurrentLayer(values, { architecture, index, headsKv }),
      hasCache: index < cached,
      isSparse: index < architecture.sparseLayers,
      tensors: layerTensors[index] ?? new Map(),
    };
  });
  return {
    architecture,
    shape,
    width,
    vocabulary: modelTensors.get('token_embd.weight')?.shape[1] ?? shape.vocabularySize ?? 0,
    trainedContext: number('context_length'),
    layers,
    window,
    latent,
    state: stateOf(number, width),
    experts: number('expert_count') ?? 0,
    expertsUsed: largest(values['expert_used_count']) ?? 0,
    modelTensors,
    number,
  };
}

function sortTensors(shape: FitShape, layerCount: number): Pick<ModelFacts, 'modelTensors'> & { layerTensors: Map<string, FitTensor>[] } {
  const modelTensors = new Map<string, FitTensor>();
  const layerTensors = Array.from({ length: layerCount }, () => new Map<string, FitTensor>());
  for (const tensor of shape.tensors) {
    if (!tensor.layers) modelTensors.set(tensor.name, tensor);
    else for (const layer of tensor.layers) layerTensors[layer]?.set(tensor.name, tensor);
  }
  return { modelTensors, layerTensors };
}

type Values = FitShape['hyperparameters'];

/** `load_swa_pattern`: every p-th layer is full, or a list in the header. */
function slidingLayers(values: Values, of: { readonly architecture: FitArchitecture; readonly layerCount: number }): readonly boolean[] {
  const { sliding } = of.architecture;
  const none = Array.from({ length: of.layerCount }, () => false);
  if (!sliding) return none;
  const pattern = values['attention.sliding_window_pattern'];
  if (Array.isArray(pattern)) return none.map((_, index) => Boolean(pattern[index]));
  const period = typeof pattern === 'number' && pattern > 0 ? pattern : sliding.period;
  return none.map((_, index) => (sliding.isFullFirst ? index % period !== 0 : index % period < period - 1));
}

/** How many of the first layers have a cache of their own. Gemma 3n: 20, fixed; Gemma 4: all but the shared. */
function cachedLayers(values: Values, of: { readonly architecture: FitArchitecture; readonly layerCount: number }): number {
  const { ownCaches } = of.architecture;
  if (ownCaches === 'all') return of.layerCount;
  if (ownCaches === 'not-shared') return of.layerCount - (numberOf(values['attention.shared_kv_layers'], 0) ?? 0);
  return ownCaches;
}

function isRecurrentLayer(
  values: Values,
  of: { readonly architecture: FitArchitecture; readonly index: number; readonly headsKv: number },
): boolean {
  switch (of.architecture.recurrent) {
    case 'none':
      return false;
    case 'all':
      return true;
    case 'where-no-heads':
      return of.headsKv === 0;
    case 'between-full': {
      const listed = values['attention.recurrent_layers'];
      if (Array.isArray(listed)) return Boolean(listed[of.index]);
      return (of.index + 1) % (numberOf(values.full_attention_interval, 0) ?? 4) !== 0;
    }
  }
}

/** `n_embd_r` and `n_embd_s` of llama-hparams.cpp. */
function stateOf(number: (name: string) => number | null, width: number): ModelFacts['state'] {
  const cells = number('shortconv.l_cache');
  if (cells) return { convolution: width * (cells - 1), memory: 0 };
  const inner = number('ssm.inner_size') ?? 0;
  const size = number('ssm.state_size') ?? 0;
  const kernel = number('ssm.conv_kernel') ?? 0;
  return { convolution: Math.max(kernel - 1, 0) * (inner + 2 * (number('ssm.group_count') ?? 0) * size), memory: size * inner };
}

/** A value that is given once, or per layer. */
function numberOf(value: FitHyperparameter | undefined, layer: number): number | null {
  if (typeof value === 'number') return value;
  if (!Array.isArray(value)) return null;
  const entry = (value as readonly unknown[])[layer];
  return typeof entry === 'number' ? entry : null;
}

function largest(value: FitHyperparameter | undefined): number | null {
  if (typeof value === 'number') return value;
  if (!Array.isArray(value)) return null;
  return (value as readonly unknown[]).reduce<number>((most, entry) => (typeof entry === 'number' ? Math.max(most, entry) : most), 0);
}
