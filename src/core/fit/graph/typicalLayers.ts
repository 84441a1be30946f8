import type { DeviceRules } from '../deviceRules.ts';
import type { FitTensor } from '../fitTypes.ts';
import type { LayerFacts, ModelFacts } from '../modelFacts.ts';
import type { GraphSettings } from './graphContext.ts';

/** How often the same layer after the same layer is kept: as good as all of them, and five to ten times faster. */
const repeats = 3;

/**
 * The layers that decide how much working space is needed. A layer's results are dropped when the next has run, so the hundredth repetition of
 * the same step needs no more than the second; leaving repetitions out makes the estimate many times faster. Two layers are the same where
 * their operations and the sizes of what they work on are, and the sizes of weights where these are copied to the GPU.
 * @returns layers in order, the first and the last among them
 */
export function typicalLayers(of: {
  readonly facts: ModelFacts;
  readonly rules: DeviceRules;
  readonly settings: GraphSettings;
}): readonly LayerFacts[] {
  const { facts, rules, settings } = of;
  const { layers } = facts;
  const kinds = kindsOf(facts);
  const counts = new Map<number, number>();
  const steps: number[] = [];
  let before = -1;
  for (const layer of layers) {
    const isOnGpu = layer.index >= settings.firstGpuLayer;
    const isHeldBack = layer.index < settings.expertsInRamLayers;
    const isCopied = rules.hasGpu && (!isOnGpu || isHeldBack);
    const kind = ((isCopied ? kinds.byWeight : kinds.byShape)[layer.index] as number) * 4 + (isOnGpu ? 2 : 0) + (isHeldBack ? 1 : 0);
    const step = before * kindLimit + kind;
    counts.set(step, (counts.get(step) ?? 0) + 1);
    steps.push(step);
    before = kind;
  }
  const seen = new Map<number, number>();
  return layers.filter((_, index) => {
    const step = steps[index] as number;
    const times = seen.get(step) ?? 0;
    seen.set(step, times + 1);
    // Results change places from layer to layer, so an odd number stays odd.
    return times < repeats + ((counts.get(step) as number) % 2) || index === layers.length - 1;
  });
}

/** More than twice the layers times the four ways to place them. */
const kindLimit = 8192;

interface Kinds {
  readonly byShape: readonly number[];
  readonly byWeight: readonly number[];
}

const cache = new WeakMap<ModelFacts, Kinds>();

function kindsOf(facts: ModelFacts): Kinds {
  const known = cache.get(facts);
  if (known) return known;
  // Layers share the tensor's entry where name, type and shape agree, so a handful of entries is named instead of every layer's tensors.
  const byShape = new Map<FitTensor, number>();
  const byWeight = new Map<FitTensor, number>();
  const shapes = numbering();
  const weights = numbering();
  for (const tensor of facts.shape.tensors) {
    const shape = `${tensor.name} ${tensor.shape.join('x')}`;
    byShape.set(tensor, shapes(shape));
    byWeight.set(tensor, weights(`${shape} ${tensor.bytes}`));
  }
  const layers = numbering();
  const kindsBy = (numbers: ReadonlyMap<FitTensor, number>, name: string): readonly number[] =>
    facts.layers.map((layer) => {
      const { heads, headsKv, keyLength, valueLength, isSliding, isRecurrent, hasCache, isSparse } = layer;
      const tensors: number[] = [];
      for (const tensor of layer.tensors.values()) tensors.push(numbers.get(tensor) as number);
      const own = [heads, headsKv, keyLength, valueLength, isSliding, isRecurrent, hasCache, isSparse];
      return layers(`${name} ${own.join()} ${tensors.sort((one, other) => one - other).join()}`);
    });
  const kinds = { byShape: kindsBy(byShape, 'shape'), byWeight: kindsBy(byWeight, 'weight') };
  cache.set(facts, kinds);
  return kinds;
}

function numbering(): (key: string) => number {
  const numbers = new Map<string, number>();
  return (key) => {
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  };
}
