import type { Scenario } from '#core/bench/planRun.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { Answerer } from './answerer.ts';
import { askItem } from './askItem.ts';
import type { LaneRunner } from './laneRunner.ts';
import { loadOutcome, measureSpeed, speedTestOf } from './measureSpeed.ts';
import type { ModelRunEvents, ModelRunNeeds, ModelTask } from './modelTask.ts';
import { blankSample, shownError } from './scenarioSample.ts';

export interface Performance {
  readonly answerer: Answerer;
  readonly lane: number;
  /** Answers made at the same time. */
  readonly beside: number;
  /** Askings of this scenario, this one included. */
  readonly attempts: number;
  readonly signal: AbortSignal;
  readonly events: Pick<ModelRunEvents, 'onStarted' | 'onText'>;
  readonly needs: ModelRunNeeds;
}

/**
 * Makes one sample: asks and grades an item, or measures a speed.
 * @returns null when it was aborted; what went wrong is in the sample
 * @throws what is no expected failure: a bug
 */
export async function performScenario(task: ModelTask, scenario: Scenario, performance: Performance): Promise<JournaledSample | null> {
  const { answerer, lane, beside, attempts, signal, events, needs } = performance;
  const base = blankSample(task, scenario);
  events.onStarted(scenario, { input: base.input, lane, answerer });
  const sampling = needs.sampler.startSampling({ onGpu: isOnGpu(answerer) });
  try {
    const outcome = await outcomeOf(task, scenario, performance);
    if (outcome === null) return null;
    const sample = { ...base, ...outcome, peakMemoryBytes: answerer.peakMemoryBytes, finishedAt: needs.now() };
    if (scenario.kind !== 'answer') return sample;
    const { modelMs = outcome.timings?.totalMs ?? 0, toolMs = 0, turns = 1, attempts: asked = 1 } = sample.work ?? {};
    return { ...sample, work: { modelMs, toolMs, turns, attempts: attempts + asked - 1, beside, ...sampling.end() } };
  } catch (error) {
    if (signal.aborted) return null;
    if (!(error instanceof RpcError)) throw error;
    if (error.code === pipeErrors.cancelled && answerer.isAlive) return null;
    // What a server did wrong says nothing of the model behind it.
    const isRemote = readEndpointModelId(task.model.modelId) !== null;
    return {
      ...base,
      state: isRemote ? 'skipped' : 'error',
      passed: scenario.kind === 'answer' && !isRemote ? false : null,
      peakMemoryBytes: answerer.peakMemoryBytes,
      error: shownError(error),
      ...(scenario.kind === 'answer'
        ? { work: { modelMs: 0, toolMs: 0, turns: 0, attempts, beside, joules: null, gpuUtilisation: null, gpuMemoryBytes: null } }
        : {}),
      finishedAt: needs.now(),
    };
  } finally {
    sampling.end();
  }
}

type Outcome = Partial<JournaledSample> & Pick<JournaledSample, 'timings'>;

function outcomeOf(task: ModelTask, scenario: Scenario, performance: Performance): Promise<Outcome | null> | Outcome {
  const { answerer, lane, signal, events, needs } = performance;
  const { kind, itemId, seed, temperature } = scenario;
  switch (kind) {
    case 'load':
      return loadOutcome(asRunner(answerer));
    case 'measure':
      return measureSpeed(asRunner(answerer), { test: speedTestOf(itemId), seed, signal });
    case 'answer': {
      const onText = (text: string): void => events.onText(text, lane);
      const item = task.itemOf(scenario);
      return askItem(answerer, { item, plan: task.run.plan, temperature, seed, signal, onText }, needs.aids);
    }
  }
}

function asRunner(answerer: Answerer): LaneRunner {
  if (!isRunner(answerer)) throw new Error('Only a runner of this machine has a speed of its own.');
  return answerer;
}

const isRunner = (answerer: Answerer): answerer is LaneRunner => 'fresh' in answerer;

const isOnGpu = (answerer: Answerer): boolean =>
  isRunner(answerer) && answerer.fresh.load.backend !== 'cpu' && answerer.fresh.load.gpuLayers > 0;
