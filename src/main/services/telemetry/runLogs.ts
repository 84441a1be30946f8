import type { JournaledSample } from '#main/storage/sampleTable.ts';
import { genAi } from './genAiNames.ts';
import { attributesOf, double, integer, type OtlpLog, severities, unixNano } from './otlpJson.ts';
import { explanationOf, isAnswer, modelNames, type RunFacts, sampleSpanIdOf, traceIdOf, wasMade } from './runFacts.ts';

/** One `gen_ai.evaluation.result` for each graded answer, and one for each judgement on it; they hang on the answer's span. */
export function runLogs(facts: RunFacts): OtlpLog[] {
  const answers = facts.samples.filter((sample) => wasMade(sample) && isAnswer(sample, facts.results));
  return answers.flatMap((sample) => [...(isOpen(sample) ? [] : [gradeLog(sample, facts)]), ...judgementLogs(sample, facts)]);
}

/** Nobody has graded it yet: only a judge or a person can. */
const isOpen = ({ state, passed }: JournaledSample): boolean => state === 'measured' && passed === null;

function gradeLog(sample: JournaledSample, facts: RunFacts): OtlpLog {
  const label = sample.error === null ? (sample.passed === true ? 'pass' : 'fail') : 'error';
  const grader = sample.grade?.grader ?? 'none';
  return {
    ...frameOf(sample, facts, { isFine: label !== 'error', body: `${label} ${sample.suite}/${sample.itemId} ${sample.modelId}` }),
    attributes: attributesOf({
      ...namesOf(sample, facts),
      [genAi.evaluationName]: sample.overrule ? 'person' : grader,
      // Where nothing was graded there is no score.
      [genAi.evaluationScoreValue]: sample.passed === null || label === 'error' ? null : double(sample.passed ? 1 : 0),
      [genAi.evaluationScoreLabel]: label,
      [genAi.evaluationExplanation]: explanationOf(sample, facts.withContent),
      [genAi.errorType]: sample.error?.code ?? null,
    }),
  };
}

function judgementLogs(sample: JournaledSample, facts: RunFacts): OtlpLog[] {
  return (sample.judgements ?? []).map((judgement) => {
    const label = judgement.score === null ? 'void' : judgement.kind;
    return {
      ...frameOf(sample, facts, { isFine: judgement.score !== null, body: `judged ${sample.suite}/${sample.itemId} ${sample.modelId}` }),
      attributes: attributesOf({
        ...namesOf(sample, facts),
        [genAi.evaluationName]: 'judge',
        [genAi.evaluationScoreValue]: double(judgement.score),
        [genAi.evaluationScoreLabel]: label,
        [genAi.evaluationExplanation]: facts.withContent ? judgement.note.slice(0, 1000) : null,
        'rightsize.judge': judgement.judgeId,
      }),
    };
  });
}

function namesOf(sample: JournaledSample, { results }: RunFacts): Parameters<typeof attributesOf>[0] {
  return {
    ...modelNames(sample.modelId),
    'rightsize.run.id': results.run.id,
    'rightsize.run.name': results.run.name,
    'rightsize.suite': sample.suite,
    'rightsize.item.id': sample.itemId,
    'rightsize.repeat': integer(sample.repeat),
    [genAi.requestTemperature]: double(sample.temperature),
  };
}

function frameOf(
  sample: JournaledSample,
  { sentAt }: RunFacts,
  { isFine, body }: { readonly isFine: boolean; readonly body: string },
): Omit<OtlpLog, 'attributes'> {
  return {
    timeUnixNano: unixNano(sample.finishedAt),
    observedTimeUnixNano: unixNano(sentAt),
    ...(isFine ? severities.info : severities.warn),
    eventName: genAi.evaluationResult,
    body: { stringValue: body },
    traceId: traceIdOf(sample.runId),
    spanId: sampleSpanIdOf(sample),
  };
}
