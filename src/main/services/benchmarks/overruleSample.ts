import type { OverruleTable } from '#main/storage/overruleTable.ts';
import type { SampleTable, ScenarioKey } from '#main/storage/sampleTable.ts';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

export interface OverruleRequest extends ScenarioKey {
  readonly runId: string;
  /** Null takes an earlier word back. */
  readonly passed: boolean | null;
  readonly note: string;
}

/**
 * Notes a person's word on one sample, or takes it back.
 * @param needs.now clock, milliseconds since 1970
 * @returns the sample as it was read before and is read from now on
 * @throws {RpcError} sample-not-found; not-overrulable where nothing was answered
 */
export function overruleSample(
  word: OverruleRequest,
  needs: { readonly samples: SampleTable; readonly overrules: OverruleTable; readonly now: () => number },
): { readonly before: Sample; readonly after: Sample } {
  const { runId, passed, note, ...key } = word;
  const before = needs.samples.one(runId, key);
  if (before === undefined) {
    throw new RpcError(benchmarkErrors.sampleNotFound, `The run ${runId} holds no such answer.`, {
      hint: 'It may not have been asked yet. Open the run again.',
    });
  }
  // What was cut off, or ran into a limit, still left words that a person can judge; a crash left none.
  if (passed !== null && (before.output === null || (before.passed === null && before.grade === null))) {
    throw new RpcError(benchmarkErrors.notOverrulable, 'Nothing was answered here, so there is nothing to grade otherwise.', {
      hint: 'Run it again to get an answer.',
    });
  }
  if (passed === null) needs.overrules.remove(runId, key);
  else needs.overrules.save(runId, key, { passed, note, at: needs.now() });
  return { before, after: needs.samples.one(runId, key) ?? before };
}
