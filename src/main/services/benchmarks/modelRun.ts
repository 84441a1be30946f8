import type { Scenario } from '#core/bench/planRun.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import { identifyModel } from './identifyModel.ts';
import { runOnLanes } from './localRun.ts';
import type { ModelRunEnd, ModelRunEvents, ModelRunNeeds, ModelTask } from './modelTask.ts';
import { askEndpointModel } from './remoteRun.ts';
import { skippedSample } from './scenarioSample.ts';

/**
 * Asks one model everything that is pending. What it can no longer answer is journaled as skipped, with the reason.
 * @throws whatever `journal` throws.
 */
export async function runModel(task: ModelTask, events: ModelRunEvents, needs: ModelRunNeeds): Promise<ModelRunEnd> {
  const remote = readEndpointModelId(task.model.modelId);
  const giveUp = (left: readonly Scenario[], problem: RpcErrorData): ModelRunEnd => {
    events.journal(left.map((scenario) => skippedSample(task, scenario, { problem, now: needs.now })));
    return { kind: 'gave-up', problem };
  };
  if (remote !== null) {
    const end = await askEndpointModel(remote, task, { events, needs });
    return end.kind === 'failed' ? giveUp(end.left, end.problem) : end.kind === 'done' ? { kind: 'finished', sha256: null } : end;
  }
  const identity = await identifyModel(task.model, needs);
  if (needs.control.requested !== null) return { kind: 'stopped' };
  if (!identity.ok) return giveUp(task.pending, identity.problem);
  const resumeHashing = needs.library.holdHashing();
  try {
    const end = await runOnLanes(task, events, needs);
    return end.kind === 'failed'
      ? giveUp(end.left, end.problem)
      : end.kind === 'done'
        ? { kind: 'finished', sha256: identity.sha256 }
        : end;
  } finally {
    resumeHashing();
  }
}
