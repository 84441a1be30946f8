import type { Scenario } from '#core/bench/planRun.ts';
import { withoutMiddle } from '#core/bench/withoutMiddle.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import { describeTest } from './measureSpeed.ts';
import type { ModelTask } from './modelTask.ts';

/** A sample before anything is known of its outcome. */
export function blankSample(task: Pick<ModelTask, 'run' | 'itemOf'>, scenario: Scenario): JournaledSample {
  const { modelId, suite, itemId, temperature, repeat, seed } = scenario;
  const item = scenario.kind === 'answer' ? task.itemOf(scenario) : null;
  return {
    runId: task.run.id,
    modelId,
    suite,
    itemId,
    task: scenario.task,
    temperature,
    repeat,
    seed,
    state: 'skipped',
    passed: null,
    grade: null,
    input: item === null ? describeTest(itemId) : withoutMiddle(item.input),
    system: item?.system ?? null,
    expected: item === null ? '' : typeof item.expected === 'string' ? item.expected : JSON.stringify(item.expected),
    output: null,
    finishReason: null,
    usage: null,
    timings: null,
    tokensPerSecond: null,
    peakMemoryBytes: null,
    error: null,
    finishedAt: 0,
  };
}

/** A sample of what was not asked, with the reason. */
export function skippedSample(
  task: Pick<ModelTask, 'run' | 'itemOf'>,
  scenario: Scenario,
  { problem, now }: { readonly problem: RpcErrorData; readonly now: () => number },
): JournaledSample {
  return { ...blankSample(task, scenario), error: shownError(problem), finishedAt: now() };
}

/** An error as a sample keeps it: without data, which may name paths. */
export function shownError({ code, message, hint }: RpcErrorData): NonNullable<JournaledSample['error']> {
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
