import { createHash } from 'node:crypto';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';
import { genAi, providers } from './genAiNames.ts';
import type { OtlpValue } from './otlpJson.ts';

/** A run as it is turned into telemetry. */
export interface RunFacts {
  readonly results: RunResults;
  readonly samples: readonly JournaledSample[];
  /** Whether questions, answers and what tools were given and gave go along. */
  readonly withContent: boolean;
  /** Ms since 1970, of sending. */
  readonly sentAt: number;
}

/** The same run has the same ids whenever it is sent: a second sending adds no second trace. */
export const traceIdOf = (runId: string): string => digest(`trace ${runId}`, 32);

export const runSpanIdOf = (runId: string): string => digest(`run ${runId}`, 16);

export function sampleSpanIdOf({ runId, modelId, suite, itemId, temperature, repeat }: JournaledSample): string {
  return digest(JSON.stringify(['sample', runId, modelId, suite, itemId, temperature, repeat]), 16);
}

export const childSpanIdOf = (parentId: string, place: number): string => digest(`child ${parentId} ${place}`, 16);

function digest(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

type Named = Record<string, string | boolean | OtlpValue | null>;

/** What names a model in every signal. */
export function modelNames(modelId: string): Named {
  const remote = readEndpointModelId(modelId);
  return {
    [genAi.providerName]: remote === null ? providers.local : providers.endpoint,
    [genAi.requestModel]: remote?.model ?? modelId,
    'rightsize.endpoint': remote?.endpointId ?? null,
  };
}

/** @returns how long making a sample took, tools included; null where nothing was measured */
export function durationMs({ work, timings }: JournaledSample): number | null {
  return work === undefined || work.turns === 0 ? (timings?.totalMs ?? null) : work.modelMs + work.toolMs;
}

/** When a sample was begun: its end less what was measured of it; where nothing was, its end. */
export function beganAt(sample: JournaledSample): number {
  return sample.finishedAt - (durationMs(sample) ?? 0);
}

/** Whether somebody was asked, even if nothing came of it through a server's fault. What was left before that has no span. */
export const wasMade = (sample: JournaledSample): boolean => sample.state !== 'skipped' || sample.work !== undefined;

/** Whether a sample is an answer to an item, and not a load or a speed test. */
export function isAnswer(sample: JournaledSample, results: RunResults): boolean {
  return results.suites.find((suite) => suite.id === sample.suite)?.kind !== 'speed';
}

const longestExplanation = 1000;
const longestEcho = 16;

/**
 * A grader's reason. Without content, what it quotes is left out, and numbers that stand in question, answer or expectation; and all of it where it
 * still repeats a piece of them.
 * @returns null where nothing is left to say
 */
export function explanationOf(sample: JournaledSample, withContent: boolean): string | null {
  const reason = (sample.overrule?.note || sample.grade?.reason) ?? null;
  if (reason === null || withContent) return reason === null ? null : reason.slice(0, longestExplanation);
  const texts = [sample.input, sample.system, sample.output, sample.expected, sample.reasoning].filter((text) => typeof text === 'string');
  const plain = reason
    .slice(0, longestExplanation)
    .replace(/“[^”]*(”|$)|"[^"]*("|$)|`[^`]*(`|$)/gs, '“…”')
    .replace(/\d+/g, (number) => (texts.some((text) => text.includes(number)) ? '…' : number));
  return texts.some((text) => repeats(plain, text)) ? null : plain;
}

function repeats(line: string, text: string): boolean {
  for (let from = 0; from + longestEcho <= line.length; from++) {
    if (text.includes(line.slice(from, from + longestEcho))) return true;
  }
  return false;
}
