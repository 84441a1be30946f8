import { formatGigabytes } from '../units.ts';
import type { FitEstimate } from './fitTypes.ts';
import type { MemoryNeed, NeedRequest } from './measureNeed.ts';
import type { ModelFacts } from './modelFacts.ts';
import { usableCalibration } from './overhead.ts';

/**
 * Share of a device's bandwidth that token generation reaches; measured speeds replace it. GPUs, of the published bandwidth: CUDA 58-90 % on desktop
 * cards, Apple 54 % (published runs of llama.cpp, read 2026-11-21), Vulkan guessed from them. CPU, of the copy that is measured here: with the time
 * a layer below within 8 % for five models of 0.3 to 2.2 GB a token (two undisturbed EPYC cores, 41 GB/s, 2026-11-21; docs/benchmarks.md, bandwidth).
 */
const reachedShare = { cuda: 0.65, metal: 0.55, vulkan: 0.5, cpu: 0.85 } as const;
/** Time that one layer takes beside reading: starting its kernels, on a CPU waiting for the slowest thread after each. */
const secondsPerLayer = { cuda: 5e-6, metal: 15e-6, vulkan: 15e-6, cpu: 120e-6 } as const;
/** Of the first guess, and once answers on this machine have corrected it. */
const spread = { guessed: 0.35, measured: 0.1 } as const;

/**
 * Tokens a second when generating, from the bytes that one token has to read: all weights but the embedding table, of the experts those that
 * are used, and the cache at half the context; corrected by what was measured on the machine. Null where the bandwidth of a device that has to be
 * read is unknown.
 */
export function estimateSpeed(
  facts: ModelFacts,
  of: { readonly request: NeedRequest; readonly need: MemoryNeed },
): FitEstimate['tokensPerSecond'] {
  const { request, need } = of;
  const { machine } = request;
  const { cpuSpeedFactor = null, gpuSpeedFactor = null } = usableCalibration(machine);
  const read = bytesPerToken(facts, of);
  // The processor alone does not reach what a GPU gets out of the same memory.
  const gpuBandwidth = machine.gpu?.bandwidthBytesPerSecond ?? (machine.gpu?.unified ? machine.bandwidthBytesPerSecond : null);
  // The first of them is the output layer.
  const layersOnGpu = request.backend === 'cpu' ? 0 : Math.min(Math.max(request.gpuLayers - 1, 0), facts.layers.length);
  let seconds = 0;
  if (read.gpu > 0) {
    if (!gpuBandwidth || !(gpuBandwidth > 0)) return null;
    seconds +=
      (layersOnGpu * secondsPerLayer[request.backend] + read.gpu / (gpuBandwidth * reachedShare[request.backend])) / (gpuSpeedFactor ?? 1);
  }
  if (read.ram > 0) {
    const bandwidth = machine.bandwidthBytesPerSecond;
    if (!bandwidth || !(bandwidth > 0)) return null;
    const starting = (facts.layers.length - layersOnGpu) * secondsPerLayer.cpu;
    seconds += (starting + read.ram / (bandwidth * reachedShare.cpu)) / (cpuSpeedFactor ?? 1);
  }
  if (!(seconds > 0)) return null;
  const estimate = 1 / seconds;
  const half = Math.round(request.contextTokens / 2).toLocaleString('en-US');
  const active = facts.experts > 0 ? `, ${facts.expertsUsed} of ${facts.experts} experts` : '';
  const where = need.gpuBytes === 0 ? 'RAM' : read.ram > 0 ? 'GPU memory and RAM' : 'GPU memory';
  const isMeasured = (read.gpu === 0 || gpuSpeedFactor !== null) && (read.ram === 0 || cpuSpeedFactor !== null);
  const off = isMeasured ? spread.measured : spread.guessed;
  return {
    low: estimate * (1 - off),
    estimate,
    high: estimate * (1 + off),
    basis: `${isMeasured ? 'from what was measured here' : 'estimated'}: ${formatGigabytes(read.gpu + read.ram)} read a token from ${where} at ${half} tokens of context${active}`,
  };
}

function bytesPerToken(
  facts: ModelFacts,
  of: { readonly request: NeedRequest; readonly need: MemoryNeed },
): { readonly gpu: number; readonly ram: number } {
  const { request, need } = of;
  const firstGpuLayer = request.backend === 'cpu' ? facts.layers.length + 1 : facts.layers.length + 1 - request.gpuLayers;
  const usedShare = facts.experts > 0 ? facts.expertsUsed / facts.experts : 1;
  let gpu = 0;
  let ram = 0;
  for (const tensor of facts.shape.tensors) {
    if (!tensor.layers) {
      const isLookup = tensor.name.startsWith('token_embd') || tensor.name.startsWith('per_layer_token_embd');
      const isOutputToo = tensor.name === 'token_embd.weight' && !facts.modelTensors.has('output.weight');
      if (isLookup && !isOutputToo) continue;
      if (firstGpuLayer <= facts.layers.length) gpu += tensor.bytes;
      else ram += tensor.bytes;
      continue;
    }
    const isExpert = tensor.name.includes('_exps');
    const bytes = tensor.bytes * (isExpert ? usedShare : 1);
    for (const layer of tensor.layers) {
      if (layer >= facts.layers.length) continue;
      const isInRam = layer < firstGpuLayer || (isExpert && layer < request.options.expertsInRamLayers);
      if (isInRam) ram += bytes;
      else gpu += bytes;
    }
  }
  const perSequence = 1 / request.options.sequences;
  return {
    gpu: gpu + (need.gpu.kvCache * perSequence) / 2 + need.gpu.state * perSequence,
    ram: ram + (need.ram.kvCache * perSequence) / 2 + need.ram.state * perSequence,
  };
}
