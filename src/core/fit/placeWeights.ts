import { type DeviceRules, isRepackable, isTooLarge, rowTailBytes } from './deviceRules.ts';
import type { FitTensor } from './fitTypes.ts';
import type { ModelFacts } from './modelFacts.ts';
import { blockSizeOf } from './typeSizes.ts';

/** How the layers are divided. */
export interface Placement {
  /** The first layer on the GPU; the number of layers is the output layer alone, one more is nothing. */
  readonly firstGpuLayer: number;
  readonly expertsInRamLayers: number;
}

export interface PlacedWeights {
  readonly gpu: number;
  readonly ram: number;
}

/**
 * What the weights take on each device, with the padding of each. The engine fills the GPU from the last layer, the output layer first; the
 * embedding stays in RAM, and where it is also the output matrix the GPU gets a copy. Verified to the byte against every file of the frozen
 * tables. Source: `load_tensors` and `create_tensor` in src/llama-model*.cpp of llama.cpp v0.5.0, read 2026-11-21.
 */
export function placeWeights(facts: ModelFacts, rules: DeviceRules, placement: Placement): PlacedWeights {
  const sizes = layerSizesOf(facts, rules);
  const outputOnGpu = placement.firstGpuLayer <= facts.layers.length;
  let gpu = 0;
  let ram = sizes.inputs;
  if (outputOnGpu) {
    gpu += sizes.output.gpu + sizes.tied.gpu;
    ram += sizes.output.left + sizes.tied.left;
  } else ram += sizes.output.ram + sizes.tied.ram;
  if (placement.firstGpuLayer < facts.layers.length) gpu += sizes.everyDevice.gpu;
  if (placement.firstGpuLayer > 0) ram += sizes.everyDevice.ram;
  sizes.layers.forEach((layer, index) => {
    const isOnGpu = index >= placement.firstGpuLayer;
    const isHeldBack = index < placement.expertsInRamLayers;
    if (!isOnGpu) ram += layer.ram + layer.expertsRam;
    else {
      gpu += layer.gpu;
      ram += layer.left;
      if (isHeldBack) ram += layer.expertsRam;
      else {
        gpu += layer.expertsGpu;
        ram += layer.expertsLeft;
      }
    }
  });
  return { gpu, ram };
}

/** Weights of the largest layer, the output layer among them, on the GPU. */
export function largestLayerBytes(facts: ModelFacts, rules: DeviceRules): number {
  const { layers, output, tied } = layerSizesOf(facts, rules);
  return layers.reduce((most, { gpu, expertsGpu }) => Math.max(most, gpu + expertsGpu), output.gpu + tied.gpu);
}

/** Bytes on the GPU, what is too large for it and left in RAM, and bytes where all of it lies in RAM. */
interface PlacedBytes {
  readonly gpu: number;
  readonly left: number;
  readonly ram: number;
}

interface LayerSizes {
  readonly inputs: number;
  readonly output: PlacedBytes;
  /** Of what each device with a layer on it holds a copy. */
  readonly everyDevice: { readonly gpu: number; readonly ram: number };
  /** The embedding a second time, as output matrix. */
  readonly tied: PlacedBytes;
  readonly layers: readonly (PlacedBytes & { readonly expertsGpu: number; readonly expertsLeft: number; readonly expertsRam: number })[];
}

const cache = new WeakMap<ModelFacts, Map<string, LayerSizes>>();

function layerSizesOf(facts: ModelFacts, rules: DeviceRules): LayerSizes {
  const byBackend = cache.get(facts) ?? new Map<string, LayerSizes>();
  cache.set(facts, byBackend);
  const key = `${rules.backend} ${rules.largestBytes}`;
  const known = byBackend.get(key);
  if (known) return known;
  const sizes = measureLayers(facts, rules);
  byBackend.set(key, sizes);
  return sizes;
}

function measureLayers(facts: ModelFacts, rules: DeviceRules): LayerSizes {
  const layers = facts.layers.map(() => ({ gpu: 0, left: 0, ram: 0, expertsGpu: 0, expertsLeft: 0, expertsRam: 0 }));
  const output = { gpu: 0, left: 0, ram: 0 };
  const everyDevice = { gpu: 0, ram: 0 };
  let inputs = 0;
  const gpuBytes = (tensor: FitTensor): number => {
    const tail = rules.backend === 'cuda' ? rowTailBytes(blockSizeOf(tensor.type), tensor.shape[0] ?? 1) : 0;
    return pad(tensor.bytes + tail, rules.gpuAlignment);
  };
  for (const tensor of facts.shape.tensors) {
    const ram = pad(tensor.bytes, rules.ramAlignment);
    const isLeft = isTooLarge(tensor, { rules, expertsUsed: facts.expertsUsed });
    const gpu = isLeft ? 0 : gpuBytes(tensor);
    const left = isLeft ? ram : 0;
    if (tensor.layers === null) {
      if (isInput(tensor.name)) inputs += ram;
      else if (tensor.name.startsWith('rope_')) {
        everyDevice.gpu += gpu;
        everyDevice.ram += ram;
      } else if (isOfFirstLayer(tensor.name) && layers[0]) {
        layers[0].gpu += gpu;
        layers[0].left += left;
        layers[0].ram += ram;
      } else {
        output.gpu += gpu;
        output.left += left;
        output.ram += ram;
      }
      continue;
    }
    const isExpert = expertName.test(tensor.name);
    for (const index of tensor.layers) {
      const layer = layers[index];
      if (!layer) continue;
      layer[isExpert ? 'expertsGpu' : 'gpu'] += gpu;
      layer[isExpert ? 'expertsLeft' : 'left'] += left;
      layer[isExpert ? 'expertsRam' : 'ram'] += ram;
    }
  }
  const embedding = facts.modelTensors.get('token_embd.weight');
  const isTied = embedding !== undefined && !facts.modelTensors.has('output.weight');
  // In RAM one copy serves both, unless the engine asks for the output first or the kernels want it rearranged.
  const isMadeTwice = isTied && facts.architecture.features.includes('output-first');
  const isTwice = isMadeTwice || (isTied && rules.repacks && isRepackable(embedding));
  // Pinned as embedding, plain as output matrix: where the device could take the matrix itself, though not the logits.
  const isHeldTwice = isMadeTwice || (isTied && (isRepackable(embedding) || embedding.bytes <= rules.largestBytes));
  const isLeft = isTied && isTooLarge(embedding, { rules, expertsUsed: facts.expertsUsed });
  return {
    inputs,
    output,
    everyDevice,
    tied: {
      gpu: isTied && !isLeft ? gpuBytes(embedding) : 0,
      left: isLeft && isHeldTwice ? pad(embedding.bytes, rules.ramAlignment) : 0,
      ram: isTwice ? pad(embedding.bytes, rules.ramAlignment) : 0,
    },
    layers,
  };
}

/** `LLM_FFN_EXPS_REGEX` of common/common.h: what stays in RAM with `--n-cpu-moe`. */
export const expertName = /^ffn_(up|down|gate|gate_up)_(ch)?exps/;

/** Looked up row by row, and never worth a place on the GPU. */
export function isInput(name: string): boolean {
  return (
    name === 'token_embd.weight' ||
    name === 'per_layer_token_embd.weight' ||
    name === 'position_embd.weight' ||
    name === 'token_types.weight'
  );
}

/** Belongs to all layers but is made with the first. */
function isOfFirstLayer(name: string): boolean {
  return name.startsWith('per_layer_model_proj') || name.startsWith('per_layer_proj_norm');
}

export function pad(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
