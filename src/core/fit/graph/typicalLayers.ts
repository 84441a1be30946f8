import type { DeviceRules } from '../deviceRules.ts';
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
  const numbers = new Map<string, number>();
  const numberOf = (key: string): number => {
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  };
  const keyOf = (layer: LayerFacts, withBytes: boolean): string => {
    const tensors = [...layer.tensors.values()].map(
      (tensor) => `${tensor.name} ${tensor.shape.join('x')} ${withBytes ? tensor.bytes : ''}`,
    );
    const { heads, headsKv, keyLength, valueLength, isSliding, isRecurrent, hasCache, isSparse } = layer;
    return [heads, headsKv, keyLength, valueLength, isSliding, isRecurrent, hasCache, isSparse, ...tensors.sort()].join('|');
  };
  const kinds = {
    byShape: facts.layers.map((layer) => numberOf(keyOf(layer, false))),
    byWeight: facts.layers.map((layer) => numberOf(keyOf(layer, true))),
  };
  cache.set(facts, kinds);
  return kinds;
}
