import { FitInputError } from './checkFitInput.ts';
import type { FitDecision } from './decideFit.ts';
import type { FitEstimate } from './fitTypes.ts';
import type { MemoryNeed, NeedRequest } from './measureNeed.ts';
import type { ModelFacts } from './modelFacts.ts';
import { estimateSpeed } from './speed.ts';

/**
 * A decision in the form that callers read.
 * @throws {FitInputError} where the header's numbers contradict each other, so that no size follows from them
 */
export function describeFit(facts: ModelFacts, decision: FitDecision): FitEstimate {
  const { need, request } = decision;
  if (!Object.values(need.bytes).every((bytes) => Number.isFinite(bytes) && bytes >= 0)) {
    throw new FitInputError({
      code: 'fit-shape-unusable',
      reason: 'The numbers of the header contradict each other, so no size follows from them.',
    });
  }
  return {
    state: decision.state,
    gpuLayers: request.gpuLayers,
    layers: facts.layers.length + 1,
    maxContext: decision.maxContext,
    bytes: need.bytes,
    buffers: buffersOf(need, request),
    tokensPerSecond: estimateSpeed(facts, { request, need }),
    isExact: need.isExact,
    range: rangeOf(need),
  };
}

function buffersOf(need: MemoryNeed, request: NeedRequest): FitEstimate['buffers'] {
  const { gpu, ram } = need;
  if (request.backend === 'cpu')
    return [{ device: 'cpu', weights: ram.weights, kvAndState: ram.kvCache + ram.state, compute: ram.compute }];
  const onGpu = { device: 'gpu' as const, weights: gpu.weights, kvAndState: gpu.kvCache + gpu.state, compute: gpu.compute };
  // Metal has no memory of its own to pin: what stays outside is plain RAM.
  if (request.backend === 'metal') {
    return [onGpu, { device: 'cpu', weights: ram.weights, kvAndState: ram.kvCache + ram.state, compute: ram.compute }];
  }
  const host = { device: 'host' as const, weights: ram.weights, kvAndState: 0, compute: ram.compute };
  const cached = ram.kvCache + ram.state;
  return cached > 0 ? [onGpu, host, { device: 'cpu', weights: 0, kvAndState: cached, compute: 0 }] : [onGpu, host];
}

/** Driver and process vary by some hundred MB from machine to machine until loads have told; unknown architectures by far more. */
function rangeOf(need: MemoryNeed): FitEstimate['range'] {
  const { weights, total } = need.bytes;
  const within = (low: number, high: number): FitEstimate['range'] => ({ low: Math.max(Math.floor(low), 0), high: Math.ceil(high) });
  if (need.isExact) return within(total - need.spread, total + need.spread + (need.bytes.untouched ?? 0));
  const rest = total - weights;
  return within(weights + rest / 4, weights + rest * 4);
}
