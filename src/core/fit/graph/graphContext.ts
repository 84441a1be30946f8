import { type DeviceRules, isRepackable, isTooLarge, rowTailBytes } from '../deviceRules.ts';
import type { FitTensor } from '../fitTypes.ts';
import type { LayerFacts, ModelFacts } from '../modelFacts.ts';
import { isInput } from '../placeWeights.ts';
import { blockSizeOf } from '../typeSizes.ts';
import type { GraphBuilder } from './graphBuilder.ts';
import { type ElementType, float16, float32, type GraphTensor, home, int32, int64 } from './graphTensor.ts';

/** One way to load a model, in the engine's terms. */
export interface GraphSettings {
  /** Tokens that one pass works on: the micro-batch, at most the context. */
  readonly tokens: number;
  readonly sequences: number;
  /** Rows of logits of one pass. */
  readonly outputs: number;
  readonly flashAttention: boolean;
  readonly kvType: ElementType;
  /** Cache rows of one sequence, for full and for sliding layers. */
  readonly cells: number;
  readonly slidingCells: number;
  /** The first layer on the GPU; the number of layers + 1 = nothing, not even the output layer. */
  readonly firstGpuLayer: number;
  readonly expertsInRamLayers: number;
}

/** What one kind of cache gives to the graph. */
export interface CacheInputs {
  readonly keyIds: GraphTensor;
  readonly valueIds: GraphTensor;
  readonly mask: GraphTensor;
  readonly keyRotation: GraphTensor | null;
  readonly valueRotation: GraphTensor | null;
}

export interface GraphContext {
  readonly graph: GraphBuilder;
  readonly facts: ModelFacts;
  readonly settings: GraphSettings;
  readonly positions: GraphTensor;
  readonly outputIds: GraphTensor;
  /** A factor for the queries of each token, where the header asks for one. */
  readonly temperature: GraphTensor | null;
  /** Width of the values of the widest layer with attention. */
  readonly widestValues: number;
  readonly full: CacheInputs;
  readonly sliding: CacheInputs;
  /** Which states a recurrent layer reads: those of the batch, and the rest. Shared by all layers, so that they are copied once. */
  readonly stateIds: { readonly main: GraphTensor; readonly rest: GraphTensor };
  layerPlace(layer: number): number;
  /** A weight of a layer, or null where the file has none. */
  layerWeight(layer: LayerFacts, name: string): GraphTensor | null;
  /** A weight that every file of the architecture has. Throws GraphGap where this one does not. */
  needLayerWeight(layer: LayerFacts, name: string): GraphTensor;
  modelWeight(name: string): GraphTensor | null;
  needModelWeight(name: string): GraphTensor;
  /** Factors of the rotation, of which every device that holds a layer has a copy. */
  ropeFactors(layer: LayerFacts): GraphTensor | null;
  /** The embedding once more, as the output matrix. */
  tiedOutput(): GraphTensor;
  /** Key and value cache of a layer, made once. */
  cacheOf(layer: number, part: 'k' | 'v' | 'r' | 's', make: () => GraphTensor): GraphTensor;
}

const attentionWidth = (layers: readonly LayerFacts[]): number =>
  layers.reduce((most, layer) => (layer.isRecurrent ? most : Math.max(most, layer.headsKv * layer.valueLength)), 0);

/** Sets up inputs and weights for one graph. */
export function createGraphContext(
  graph: GraphBuilder,
  of: { readonly facts: ModelFacts; readonly settings: GraphSettings; readonly rules: DeviceRules },
): GraphContext {
  const { facts, settings, rules } = of;
  const { tokens, sequences } = settings;
  const weights = new Map<FitTensor, GraphTensor>();
  const layerWeights: Map<string, GraphTensor>[] = [];
  const caches = { k: [], v: [], r: [], s: [] } as Record<'k' | 'v' | 'r' | 's', (GraphTensor | undefined)[]>;
  const outputPlace = settings.firstGpuLayer <= facts.layers.length ? home.gpu : home.ram;
  const layerPlace = (layer: number): number => (layer >= settings.firstGpuLayer ? home.gpu : home.ram);
  const makeWeight = (tensor: FitTensor, wanted: number): GraphTensor => {
    const [n0 = 1, n1 = 1, n2 = 1, n3 = 1] = tensor.shape;
    const place = wanted === home.gpu && isTooLarge(tensor, { rules, expertsUsed: facts.expertsUsed }) ? home.ram : wanted;
    const made = graph.weight([n0, n1, n2, n3], { place, bytes: tensor.bytes, tailBytes: rowTailBytes(blockSizeOf(tensor.type), n0) });
    made.isRepacked = rules.repacks && place === home.ram && isRepackable(tensor);
    return made;
  };
  /** Of the model or of all layers on a device: made once. */
  const sharedWeight = (tensor: FitTensor | undefined, place: number): GraphTensor | null => {
    if (!tensor) return null;
    const made = weights.get(tensor) ?? makeWeight(tensor, place);
    weights.set(tensor, made);
    return made;
  };
  const widestValues = attentionWidth(facts.layers);
  const isQuantised = settings.kvType.blockElements > 1;
  const cacheInputs = (isSliding: boolean): CacheInputs => {
    const cells = isSliding ? settings.slidingCells : settings.cells;
    const own = facts.layers.filter((layer) => !layer.isRecurrent && layer.isSliding === isSliding);
    const keyLength = own[0]?.keyLength ?? 0;
    const canRotate = isQuantised && !facts.latent && own.length > 0;
    return {
      keyIds: graph.input(int64, tokens),
      valueIds: graph.input(int64, settings.flashAttention ? tokens : tokens * widestValues),
      mask: graph.input(settings.flashAttention ? float16 : float32, cells, tokens / sequences, 1, sequences),
      keyRotation: canRotate && keyLength % 64 === 0 ? square(graph, largestPower(keyLength)) : null,
      valueRotation: canRotate && (own[0]?.valueLength ?? 0) % 64 === 0 ? square(graph, 64) : null,
    };
  };
  const layerWeight = (layer: LayerFacts, name: string): GraphTensor | null => {
    const tensor = layer.tensors.get(name);
    if (!tensor) return null;
    layerWeights[layer.index] ??= new Map();
    const own = layerWeights[layer.index] as Map<string, GraphTensor>;
    const known = own.get(name);
    if (known) return known;
    const isHeldBack = layer.index < settings.expertsInRamLayers && name.includes('_exps');
    const made = makeWeight(tensor, isHeldBack ? home.ram : layerPlace(layer.index));
    own.set(name, made);
    return made;
  };
  const modelWeight = (name: string): GraphTensor | null =>
    sharedWeight(facts.modelTensors.get(name), isInput(name) ? home.ram : outputPlace);
  const factors = ropeFactorNames.map((name) => facts.modelTensors.get(name)).find((tensor) => tensor !== undefined);
  const ropeFactors: [GraphTensor | null, GraphTensor | null] = [null, null];
  const states = graph.input(int32, sequences);
  return {
    graph,
    facts,
    settings,
    positions: graph.input(int32, tokens * facts.architecture.positionsPerToken),
    outputIds: graph.input(int32, settings.outputs),
    widestValues,
    temperature: facts.number('attention.temperature_scale') ? graph.input(float32, 1, 1, tokens) : null,
    full: cacheInputs(false),
    sliding: cacheInputs(true),
    stateIds: { main: graph.view(states, [sequences, 1, 1, 1]), rest: graph.view(states, [0, 1, 1, 1]) },
    layerPlace,
    layerWeight,
    needLayerWeight: (layer, name) => layerWeight(layer, name) ?? missing(`blk.${layer.index}.${name}`),
    modelWeight,
    needModelWeight: (name) => modelWeight(name) ?? missing(name),
    ropeFactors: (layer) => {
      const place = layerPlace(layer.index) as 0 | 1;
      const made = ropeFactors[place] ?? (factors ? makeWeight(factors, place) : null);
      ropeFactors[place] = made;
      return made;
    },
    tiedOutput: () => makeWeight(facts.modelTensors.get('token_embd.weight') ?? missing('token_embd.weight'), outputPlace),
    cacheOf: (layer, part, makeCache) => {
      const made = caches[part][layer] ?? makeCache();
      caches[part][layer] = made;
      return made;
    },
  };
}

/** Of the two sets of factors one is used; they are equally large. */
const ropeFactorNames = ['rope_freqs.weight', 'rope_factors_short.weight', 'rope_factors_long.weight'];

function missing(name: string): never {
  throw new GraphGap(`The file has no "${name}".`);
}

/** `build_input_k_rot`: quantised keys are rotated by the largest power of two that divides a head. */
function square(graph: GraphBuilder, size: number): GraphTensor {
  return graph.input(float32, size, size);
}

function largestPower(width: number): number {
  let size = 64;
  // Every power divides nothing.
  while (width > 0 && width % (size * 2) === 0) size *= 2;
  return size;
}

/** The file lacks a tensor that its architecture needs, so its graph cannot be drawn. */
export class GraphGap extends Error {
  override readonly name = 'GraphGap';
}
