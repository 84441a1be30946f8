import { isAttempted } from './itemOutcomes.ts';
import type { JudgedScore, ModelResult, ToolCallNumbers, WorstItem } from './runRecords.ts';
import type { Judgement, SampleRecord } from './sampleRecord.ts';
import { wilsonInterval } from './statistics.ts';

const worstItems = 5;

export type ItemStandings = Pick<ModelResult, 'worst' | 'passPowerK' | 'toolCalls' | 'judged' | 'preferred'>;

/**
 * What one model's items tell beyond how many passed: the five that went worst, those that passed every time, use of tools, judgements. Items are
 * the trials, however often each was asked.
 * @param answers of labelled suites
 * @param options.judgeIsCalibrated whether the run's judge agrees enough with people
 */
export function itemStandings(answers: readonly SampleRecord[], options: { readonly judgeIsCalibrated: boolean }): ItemStandings {
  const items = byItem(answers.filter(isAttempted));
  // What only a judge can tell counts as no attempt until one has told, and belongs to its score all the same.
  const judged = byItem(answers.filter((sample) => sample.judgements !== undefined));
  const score = (kind: Judgement['kind']): JudgedScore | null => judgedScore(judged, kind, options.judgeIsCalibrated);
  return {
    worst: worst(items),
    passPowerK: passPowerK(items),
    toolCalls: toolCalls(items),
    judged: score('checklist'),
    preferred: score('preference'),
  };
}

type Askings = readonly SampleRecord[];

const byItem = (answers: readonly SampleRecord[]): readonly Askings[] => [
  ...Map.groupBy(answers, (sample) => JSON.stringify([sample.suite, sample.itemId])).values(),
];

/** The first reason stands for an item: the drill-down has all of them. */
function worst(items: readonly Askings[]): WorstItem[] {
  return items
    .map((askings) => ({ askings, share: shareOf(askings, (sample) => sample.passed === true) }))
    .filter(({ share }) => share < 1)
    .toSorted((a, b) => a.share - b.share)
    .slice(0, worstItems)
    .flatMap(({ askings, share }) => {
      const failed = askings.find((sample) => sample.passed !== true);
      return failed ? [{ suite: failed.suite, itemId: failed.itemId, share, reason: reasonOf(failed) }] : [];
    });
}

function reasonOf(sample: SampleRecord): string {
  return sample.error?.message ?? sample.grade?.reason ?? 'The model gave no answer.';
}

/** Of items that were asked equally often, and more than once, those that passed every time (pass^k of tau-bench, arXiv 2406.12045). */
function passPowerK(items: readonly Askings[]): ModelResult['passPowerK'] {
  const k = items.reduce((most, askings) => Math.max(most, askings.length), 0);
  if (k < 2) return null;
  const whole = items.filter((askings) => askings.length === k);
  return { k, n: whole.length, rate: whole.filter((askings) => askings.every((sample) => sample.passed === true)).length / whole.length };
}

function toolCalls(items: readonly Askings[]): ToolCallNumbers | null {
  const used = items.map((askings) => askings.flatMap((sample) => sample.grade?.tools ?? [])).filter((uses) => uses.length > 0);
  if (used.length === 0) return null;
  const meanOf = (count: (use: (typeof used)[number][number]) => number): number =>
    used.reduce((sum, uses) => sum + uses.reduce((part, use) => part + count(use), 0) / uses.length, 0) / used.length;
  return {
    n: used.length,
    rightTool: meanOf((use) => Number(use.rightTool)),
    rightArguments: meanOf((use) => Number(use.rightArguments)),
    extraCalls: meanOf((use) => use.extraCalls),
    answeredWithout: meanOf((use) => Number(use.answeredWithout)),
  };
}

/**
 * Mean of the judgements of one kind, an item's askings together as one trial. A score lies between 0 and 1, so its variance is at most a
 * proportion's and Wilson's interval holds. What the judge could not say is missing: the bounds take it as all wrong and as all right.
 */
function judgedScore(items: readonly Askings[], kind: Judgement['kind'], calibrated: boolean): JudgedScore | null {
  let sum = 0;
  let n = 0;
  let missing = 0;
  for (const askings of items) {
    const judgements = askings.flatMap((sample) => sample.judgements ?? []).filter((judgement) => judgement.kind === kind);
    if (judgements.length === 0) continue;
    const scores = judgements.flatMap((judgement) => judgement.score ?? []);
    if (scores.length === 0) {
      missing += 1;
      continue;
    }
    sum += scores.reduce((a, b) => a + b, 0) / scores.length;
    n += 1;
  }
  if (n === 0) return null;
  return {
    n,
    missing,
    score: sum / n,
    low: wilsonInterval({ passed: sum, n: n + missing }).low,
    high: wilsonInterval({ passed: sum + missing, n: n + missing }).high,
    calibrated,
  };
}

function shareOf(askings: Askings, holds: (sample: SampleRecord) => boolean): number {
  return askings.filter(holds).length / askings.length;
}
