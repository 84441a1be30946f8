import type { Scenario } from '#core/bench/planRun.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import type { EndpointId } from '#shared/contract/endpoints.ts';
import { RpcError, type RpcErrorData } from '#shared/rpc/rpcError.ts';
import { isServersFault } from '../endpoints/endpointProblem.ts';
import { createEndpointAnswerer } from './endpointAnswerer.ts';
import { createLaneQueue } from './laneQueue.ts';
import { answerOnLanes, type LaneWorkEnd } from './laneWorkers.ts';
import type { ModelRunEvents, ModelRunNeeds, ModelTask } from './modelTask.ts';
import { beginningOf } from './promptBeginning.ts';
import { skippedSample } from './scenarioSample.ts';

/** Of a model's part: as of its lanes, with what is left where nobody can answer it. */
export type PartEnd =
  | Exclude<LaneWorkEnd, { kind: 'failed' }>
  | { readonly kind: 'failed'; readonly problem: RpcErrorData; readonly left: readonly Scenario[] };

/** So many answers in a row that a server did not give: it is not there. */
const failuresToGiveUp = 5;

const notMeasured: RpcErrorData = {
  code: benchmarkErrors.notMeasured,
  message: 'Loading and raw speed are measured inside the engine; a server shows neither.',
  hint: 'Look at the latency of its answers instead.',
};

/**
 * Asks a model behind an endpoint, with as many requests at the same time as the plan names, one part of the items after the other.
 * @throws whatever `journal` throws.
 */
export async function askEndpointModel(
  remote: { readonly endpointId: EndpointId; readonly model: string },
  task: ModelTask,
  { events, needs }: { readonly events: ModelRunEvents; readonly needs: ModelRunNeeds },
): Promise<PartEnd> {
  const answers = task.pending.filter((scenario) => scenario.kind === 'answer');
  const speeds = task.pending.filter((scenario) => scenario.kind !== 'answer');
  if (speeds.length > 0) {
    events.journal(speeds.map((scenario) => skippedSample(task, scenario, { problem: notMeasured, now: needs.now })));
  }
  try {
    await needs.endpoints.get(remote.endpointId);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { kind: 'failed', problem: error.toJSON(), left: answers };
  }
  const answerer = createEndpointAnswerer(needs.endpoints, { ...remote, retries: task.run.plan.retries });
  const parts = partsOf(answers, task);
  for (const [index, { concurrency, scenarios }] of parts.entries()) {
    const queue = createLaneQueue(scenarios, (scenario) => beginningOf(task.itemOf(scenario)));
    let failures = 0;
    let lastProblem: RpcErrorData | null = null;
    const atOnce = Math.max(1, Math.min(concurrency, scenarios.length));
    events.onLanes(atOnce);
    const end = await answerOnLanes({
      task,
      events,
      needs,
      queue,
      lanes: Array.from({ length: atOnce }, (_, number) => ({ number, answerer })),
      open: async () => answerer,
      isEnough: () => failures >= failuresToGiveUp,
      onSample: ({ error, state }) => {
        failures = error !== null && state === 'skipped' && isServersFault(error.code) ? failures + 1 : 0;
        if (failures > 0) lastProblem = error;
      },
    });
    if (end.kind === 'stopped') return end;
    const problem = end.kind === 'failed' ? end.problem : failures >= failuresToGiveUp ? lastProblem : null;
    if (problem !== null)
      return { kind: 'failed', problem, left: [...queue.drain(), ...parts.slice(index + 1).flatMap((part) => part.scenarios)] };
  }
  return { kind: 'done' };
}

/** Items go to the parts in turn, so that each holds the same mix; which one an item is in does not change when a run is resumed. */
function partsOf(
  answers: readonly Scenario[],
  task: ModelTask,
): readonly { readonly concurrency: number; readonly scenarios: readonly Scenario[] }[] {
  const levels = [...new Set(task.run.plan.concurrency)];
  const place = new Map(task.planned.map((scenario, index) => [scenario.key, index]));
  return levels
    .map((concurrency, level) => ({
      concurrency,
      scenarios: answers.filter((scenario) => (place.get(scenario.key) ?? 0) % levels.length === level),
    }))
    .filter((part) => part.scenarios.length > 0);
}
