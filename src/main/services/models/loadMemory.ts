import { ownLossBytes } from '#core/fit/calibration.ts';
import { loadBaseline } from '#core/fit/loadBaseline.ts';
import type { ObservedLoad } from '#main/services/fit/fitService.ts';
import type { Artifact, LoadedModel } from '#shared/contract/models.ts';
import type { LoadResult } from '#shared/contract/runner.ts';
import type { LoadDecision } from './decideLoad.ts';

type Estimate = NonNullable<LoadedModel['estimate']>;
type Measured = NonNullable<LoadedModel['measured']>;

/** Bytes that a load is expected to take. Null where nothing can be computed from the header. */
export function estimateOf({ plan }: LoadDecision): Estimate | null {
  if (plan === null) return null;
  const { total, gpu, ram } = plan.fit.bytes;
  return { tier: plan.tier, totalBytes: total, gpuBytes: gpu, ramBytes: ram };
}

/**
 * Bytes that a load took, to hold against the estimate: what its process holds in RAM, and what the GPU has less. Where GPU and processor share
 * one memory, the process may hold the GPU's buffers too: then the larger of the two is all there is.
 * @returns null where the engine does not tell what it reserved on a GPU
 */
export function measuredOf(load: LoadResult, decision: LoadDecision): Measured | null {
  const { residentBytes, gpuLostBytes, reserved, device } = load;
  if (decision.request.backend === 'cpu') return { totalBytes: residentBytes, gpuBytes: null, ramBytes: residentBytes };
  if (reserved === null) return null;
  const gpuReservedBytes = reserved.gpu.weights + reserved.gpu.kvAndState + reserved.gpu.compute;
  // What the engine itself has reserved there is known also where the driver does not tell, or where another program has moved meanwhile.
  const gpuBytes = ownLossBytes({ gpuLostBytes, gpuReservedBytes, device }) ?? gpuReservedBytes;
  const isShared = decision.plan?.machine.gpu?.unified === true;
  const totalBytes = isShared ? Math.max(residentBytes, gpuBytes) : residentBytes + gpuBytes;
  return { totalBytes, gpuBytes, ramBytes: residentBytes };
}

/** A load as it is remembered. Null where it was not estimated, or the engine did not say what it reserved. */
export function observedLoad(artifact: Artifact, load: LoadResult, decision: LoadDecision): ObservedLoad | null {
  const { plan, request } = decision;
  const estimated = estimateOf(decision);
  const measured = measuredOf(load, decision);
  if (plan === null || estimated === null || measured === null || load.reserved === null) return null;
  const { backend, kvType, flashAttention, batchTokens } = request;
  return {
    artifactId: artifact.id,
    name: artifact.name,
    engine: load.engine,
    backend,
    device: load.device,
    placement: {
      contextTokens: load.contextTokens,
      kvType,
      flashAttention,
      batchTokens,
      gpuLayers: load.gpuLayers,
      sequences: request.sequences ?? 1,
    },
    layers: load.layers,
    estimated,
    measured: {
      gpu: load.reserved.gpu,
      ram: load.reserved.ram,
      gpuLostBytes: load.gpuLostBytes,
      residentBytes: load.residentBytes,
      totalBytes: measured.totalBytes,
    },
    // As planned: the engine rounds a context up, at times to more than the model was trained for, which cannot be estimated.
    baseline: loadBaseline(plan.shape, plan.machine, plan.planned.options),
    estimatedTokensPerSecond: plan.fit.tokensPerSecond?.estimate ?? null,
  };
}
