import type { SampleRecord } from '../sampleRecord.ts';

type Asking = Pick<SampleRecord, 'modelId' | 'suite' | 'itemId' | 'temperature' | 'repeat'>;
type JudgedSample = Asking & Pick<SampleRecord, 'state' | 'passed' | 'grade'>;

/**
 * Puts what judges said beside the samples. An answer that only a judge can grade passes when a calibrated judge finds every criterion met; until then,
 * and under a judge that is not calibrated, it counts neither way. A person's word stays above both.
 * @param samples in any order
 * @param judged.rows what judges said of the run
 * @param judged.decidingJudgeId judge whose word counts: the run's, if it is calibrated; null = none
 */
export function withJudgements<Sample extends JudgedSample, Judgement extends { readonly judgeId: string; readonly score: number | null }>(
  samples: readonly Sample[],
  judged: { readonly rows: readonly (Asking & { readonly judgement: Judgement })[]; readonly decidingJudgeId: string | null },
): (Sample & { readonly judgements?: Judgement[] })[] {
  if (judged.rows.length === 0) return [...samples];
  const byAsking = Map.groupBy(judged.rows, askingOf);
  return samples.map((sample) => {
    const judgements = byAsking.get(askingOf(sample))?.map((row) => row.judgement);
    if (judgements === undefined) return sample;
    const waits = sample.grade?.grader === 'rubric' && sample.state === 'measured';
    const score = judgements.find((judgement) => judgement.judgeId === judged.decidingJudgeId)?.score ?? null;
    if (!waits || score === null) return { ...sample, judgements };
    const passed = score === 1;
    return { ...sample, judgements, passed, state: passed ? 'passed' : 'failed' };
  });
}

const askingOf = ({ modelId, suite, itemId, temperature, repeat }: Asking): string =>
  JSON.stringify([modelId, suite, itemId, temperature, repeat]);
