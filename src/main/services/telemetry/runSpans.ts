import { loadItemId, warmLoadItemId } from '#core/bench/planRun.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import type { FinishReason } from '#shared/contract/chat.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';
import { genAi } from './genAiNames.ts';
import { attributesOf, double, integer, list, type OtlpSpan, spanKinds, statusError, unixNano } from './otlpJson.ts';
import {
  beganAt,
  childSpanIdOf,
  isAnswer,
  modelNames,
  type RunFacts,
  runSpanIdOf,
  sampleSpanIdOf,
  traceIdOf,
  wasMade,
} from './runFacts.ts';

/** One span for the run, one below it for each sample that was made, and below an answer one for each call of a tool. */
export function runSpans(facts: RunFacts): OtlpSpan[] {
  return [runSpan(facts), ...facts.samples.filter(wasMade).flatMap((sample) => sampleSpans(sample, facts))];
}

function runSpan({ results, samples, sentAt }: RunFacts): OtlpSpan {
  const { run, verdict, conditions, suites } = results;
  const { plan } = run;
  const last = samples.reduce((latest, sample) => Math.max(latest, sample.finishedAt), run.startedAt);
  return {
    traceId: traceIdOf(run.id),
    spanId: runSpanIdOf(run.id),
    name: 'rightsize.benchmark',
    kind: spanKinds.internal,
    startTimeUnixNano: unixNano(samples.reduce((first, sample) => Math.min(first, beganAt(sample)), run.startedAt)),
    endTimeUnixNano: unixNano(Math.min(Math.max(run.finishedAt ?? last, last), Math.max(sentAt, last))),
    attributes: attributesOf({
      'rightsize.run.id': run.id,
      'rightsize.run.name': run.name,
      'rightsize.run.state': run.state,
      'rightsize.verdict': verdict.state,
      'rightsize.verdict.model': verdict.modelId,
      'rightsize.suites': list(suites.map((suite) => suite.id)),
      'rightsize.suites.sha256': list(suites.map((suite) => suite.sha256)),
      'rightsize.bar': double(plan.bar),
      'rightsize.margin': double(plan.margin),
      'rightsize.repeats': integer(plan.repeats),
      'rightsize.engine': conditions.engine,
      'rightsize.backend': conditions.backend,
      'rightsize.threads': integer(conditions.threads),
      'rightsize.context_tokens': integer(conditions.contextTokens),
      'rightsize.cpu': conditions.cpu,
    }),
    ...(run.state === 'failed' ? { status: { code: statusError, ...(run.error === null ? {} : { message: run.error.code }) } } : {}),
  };
}

function sampleSpans(sample: JournaledSample, facts: RunFacts): OtlpSpan[] {
  if (!isAnswer(sample, facts.results)) return [measuredSpan(sample)];
  const span = answerSpan(sample, facts);
  return [span, ...toolSpans(sample, span, facts.withContent)];
}

function frameOf(
  sample: JournaledSample,
): Pick<OtlpSpan, 'traceId' | 'spanId' | 'parentSpanId' | 'startTimeUnixNano' | 'endTimeUnixNano' | 'status'> {
  return {
    traceId: traceIdOf(sample.runId),
    spanId: sampleSpanIdOf(sample),
    parentSpanId: runSpanIdOf(sample.runId),
    startTimeUnixNano: unixNano(beganAt(sample)),
    endTimeUnixNano: unixNano(sample.finishedAt),
    // The code alone: a message may name files of this machine.
    ...(sample.error === null ? {} : { status: { code: statusError, message: sample.error.code } }),
  };
}

function sampleNames(sample: JournaledSample): Parameters<typeof attributesOf>[0] {
  return {
    ...modelNames(sample.modelId),
    [genAi.errorType]: sample.error?.code ?? null,
    'rightsize.run.id': sample.runId,
    'rightsize.suite': sample.suite,
    'rightsize.item.id': sample.itemId,
    'rightsize.repeat': integer(sample.repeat),
    'rightsize.state': sample.state,
  };
}

/** A load, or a speed test as llama-bench names it. */
function measuredSpan(sample: JournaledSample): OtlpSpan {
  const isLoad = sample.itemId === loadItemId || sample.itemId === warmLoadItemId;
  return {
    ...frameOf(sample),
    name: `${isLoad ? sample.itemId : `measure ${sample.itemId}`} ${sample.modelId}`,
    kind: spanKinds.internal,
    attributes: attributesOf({
      ...sampleNames(sample),
      'rightsize.tokens_per_second': double(sample.tokensPerSecond),
      'rightsize.memory.peak': integer(sample.peakMemoryBytes),
    }),
  };
}

function answerSpan(sample: JournaledSample, { results, withContent }: RunFacts): OtlpSpan {
  const { usage, timings, finishReason } = sample;
  const names = modelNames(sample.modelId);
  const firstMs = timings?.ttftMs ?? null;
  const content = withContent
    ? {
        [genAi.systemInstructions]: sample.system === null ? null : JSON.stringify([{ type: 'text', content: sample.system }]),
        [genAi.inputMessages]: JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: sample.input }] }]),
        [genAi.outputMessages]: outputMessages(sample),
      }
    : {};
  return {
    ...frameOf(sample),
    name: `chat ${String(names[genAi.requestModel])}`,
    kind: readEndpointModelId(sample.modelId) === null ? spanKinds.internal : spanKinds.client,
    attributes: attributesOf({
      [genAi.operationName]: 'chat',
      ...sampleNames(sample),
      'rightsize.task': sample.task,
      'rightsize.passed': sample.passed,
      [genAi.requestTemperature]: double(sample.temperature),
      [genAi.requestSeed]: integer(sample.seed),
      [genAi.requestMaxTokens]: integer(results.run.plan.maxTokens),
      [genAi.responseFinishReasons]: finishReason === null ? null : list([finishWord(finishReason)]),
      [genAi.responseTimeToFirstChunk]: firstMs === null ? null : double(firstMs / 1000),
      [genAi.usageInputTokens]: integer(usage?.promptTokens),
      [genAi.usageOutputTokens]: integer(usage?.completionTokens),
      [genAi.usageCacheReadInputTokens]: integer(usage?.cachedTokens),
      'rightsize.turns': integer(sample.work?.turns),
      'rightsize.attempts': integer(sample.work?.attempts),
      'rightsize.beside': integer(sample.work?.beside),
      ...content,
    }),
  };
}

function outputMessages(sample: JournaledSample): string | null {
  if (sample.output === null) return null;
  const reasoning = typeof sample.reasoning === 'string' ? [{ type: 'reasoning', content: sample.reasoning }] : [];
  const finish = sample.finishReason === null ? 'error' : finishWord(sample.finishReason);
  return JSON.stringify([{ role: 'assistant', parts: [...reasoning, { type: 'text', content: sample.output }], finish_reason: finish }]);
}

/** How long each call took is measured, when it began is not: they are laid one after the other before the end of the answer, and say so. */
function toolSpans(sample: JournaledSample, parent: OtlpSpan, withContent: boolean): OtlpSpan[] {
  const calls = sample.calls ?? [];
  let at = sample.finishedAt - calls.reduce((sum, call) => sum + call.tookMs, 0);
  return calls.map((call, place) => {
    const begunAt = at;
    at += call.tookMs;
    return {
      traceId: parent.traceId,
      spanId: childSpanIdOf(parent.spanId, place),
      parentSpanId: parent.spanId,
      name: `execute_tool ${call.name}`,
      kind: spanKinds.internal,
      startTimeUnixNano: unixNano(begunAt),
      endTimeUnixNano: unixNano(at),
      attributes: attributesOf({
        [genAi.operationName]: 'execute_tool',
        [genAi.toolName]: call.name,
        [genAi.toolType]: 'function',
        [genAi.errorType]: call.error === null ? null : 'tool_error',
        'rightsize.turn': integer(call.turn),
        'rightsize.start_time': 'not measured',
        ...(withContent ? { [genAi.toolCallArguments]: JSON.stringify(call.arguments), [genAi.toolCallResult]: call.result } : {}),
      }),
      ...(call.error === null ? {} : { status: { code: statusError } }),
    };
  });
}

function finishWord(reason: FinishReason): string {
  switch (reason) {
    case 'stop':
    case 'stop-sequence':
      return 'stop';
    case 'length':
    case 'context-full':
      return 'length';
    case 'limit':
    case 'cancelled':
    case 'error':
      return 'error';
  }
}
