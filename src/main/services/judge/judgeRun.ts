import { type JudgedModel, type JudgementTask, planJudgements } from '#core/bench/judge/judgeTasks.ts';
import type { JudgeTask } from '#core/bench/labelledItem.ts';
import type { Answerer } from '#main/services/benchmarks/answerer.ts';
import { isServersFault } from '#main/services/endpoints/endpointProblem.ts';
import type { FactTable } from '#main/storage/factTable.ts';
import type { JudgementTable } from '#main/storage/judgementTable.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import type { Judgement } from '#shared/contract/benchmarkSamples.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { type Asking, askChecklist, askPreference } from './askJudge.ts';
import { calibrateJudge, type JudgeCalibration } from './calibrateJudge.ts';
import type { GoldSet } from './goldSet.ts';

/** Answers in a row that a server did not judge: it is not there. */
const failuresToGiveUp = 3;

export interface JudgePhase {
  readonly runId: string;
  readonly judge: JudgedModel & {
    /** What its calibration is kept under: the file's hash, or the endpoint's name of the model. */
    readonly identity: string;
  };
  readonly models: readonly JudgedModel[];
  readonly samples: readonly JournaledSample[];
  readonly judgeOf: (sample: JournaledSample) => JudgeTask | null;
  readonly referenceId: string | null;
  readonly gold: GoldSet;
}

export interface JudgeNeeds {
  /** Loads the judge, once there is something to ask it. Closed at the end. @throws {RpcError} */
  readonly open: () => Promise<Answerer>;
  readonly judgements: JudgementTable;
  readonly facts: FactTable;
  readonly signal: AbortSignal;
  /** Asked before each answer: whether it was asked to pause. */
  readonly shouldStop: () => boolean;
  readonly now: () => number;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * Judges what a run's journal of judgements does not hold yet: first the judge against people, once for its file, then the answers.
 * An answer that a judge cannot judge is written down as missing and does not stop it. What it is held to stays with the run, whatever becomes of its file.
 * @returns false when it was stopped before its end
 * @throws {RpcError} what ends the judge's runner, a server that stays away, and disk-full; what was judged is kept
 */
export async function judgeRun(phase: JudgePhase, needs: JudgeNeeds): Promise<boolean> {
  const done = new Set(
    needs.judgements
      .all(phase.runId)
      .filter((row) => row.judgement.judgeId === phase.judge.modelId)
      .map((row) => keyOf(row, row.judgement.againstId)),
  );
  const { tasks } = planJudgements(phase);
  const pending = tasks.filter(({ sample, against }) => !done.has(keyOf(sample, against?.modelId ?? null)));
  if (pending.length === 0) return true;
  const isKnown = calibrationOf(needs.facts, phase) !== null;
  const total = pending.length + (isKnown ? 0 : phase.gold.answers.length);
  let made = 0;
  const step = (): void => {
    made += 1;
    needs.onProgress({ done: made, total });
  };
  needs.onProgress({ done: 0, total });
  const judge = await needs.open();
  try {
    const asking = { judge, signal: needs.signal };
    if (!isKnown) {
      const calibration = await calibrateJudge(phase.gold, { ...asking, shouldStop: needs.shouldStop, onAnswer: step });
      if (calibration === null) return false;
      needs.facts.write(calibrationName(phase), calibration, needs.now());
    }
    const kept: KeptJudge = { calibration: calibrationName(phase), name: phase.judge.name };
    needs.facts.write(keptName(phase.runId), kept, needs.now());
    let failures = 0;
    for (const task of pending) {
      if (needs.signal.aborted || needs.shouldStop()) return false;
      const failuresBefore = failures;
      const judgement = await judgeOne(task, { ...asking, phase, onServersFault: () => ++failures < failuresToGiveUp });
      if (judgement === null) return false;
      if (failures === failuresBefore) failures = 0;
      const { modelId, suite, itemId, temperature, repeat } = task.sample;
      needs.judgements.insert({ runId: phase.runId, modelId, suite, itemId, temperature, repeat, judgement, finishedAt: needs.now() });
      step();
    }
    return true;
  } finally {
    await judge.close();
  }
}

/** How a judge did on the judgements of people; null where it was not asked yet. */
export function calibrationOf(facts: FactTable, judged: Pick<JudgePhase, 'judge' | 'gold'>): JudgeCalibration | null {
  return (facts.read(calibrationName(judged))?.value as JudgeCalibration | undefined) ?? null;
}

/** The judge of a run as it was when it judged, and how it had done then; null where it has not judged yet. */
export function keptJudge(
  facts: FactTable,
  runId: string,
): { readonly name: string; readonly calibration: JudgeCalibration | null } | null {
  const kept = facts.read(keptName(runId))?.value as KeptJudge | undefined;
  if (kept === undefined) return null;
  return { name: kept.name, calibration: (facts.read(kept.calibration)?.value as JudgeCalibration | undefined) ?? null };
}

interface KeptJudge {
  /** The name that its calibration is kept under. */
  readonly calibration: string;
  readonly name: string;
}

const keptName = (runId: string): string => `judge of run ${runId}`;

const calibrationName = ({ judge, gold }: Pick<JudgePhase, 'judge' | 'gold'>): string =>
  `judge ${judge.identity} ${gold.sha256.slice(0, 16)}`;

/** @returns null when it was aborted. */
async function judgeOne(
  { sample, against, judge: task }: JudgementTask<JournaledSample>,
  asking: Asking & {
    readonly phase: JudgePhase;
    /** @returns whether to go on */
    readonly onServersFault: () => boolean;
  },
): Promise<Judgement | null> {
  const { modelId, name } = asking.phase.judge;
  const base = { judgeId: modelId, judgeName: name, kind: task.kind, againstId: against?.modelId ?? null };
  const asked = sample.system === null ? sample.input : `${sample.system}\n\n${sample.input}`;
  const answer = sample.output ?? '';
  try {
    if (task.kind === 'checklist') {
      const reading = await askChecklist({ task: asked, answer, criteria: task.criteria, reference: task.reference }, asking);
      return reading === null ? null : { ...base, score: reading.score, criteria: [...reading.criteria], note: reading.note };
    }
    const outcome = await askPreference({ task: asked, question: task.question, answer, against: against?.output ?? '' }, asking);
    return outcome === null ? null : { ...base, score: outcome.score, criteria: [], note: outcome.note };
  } catch (error) {
    if (asking.signal.aborted) return null;
    if (!(error instanceof RpcError) || !asking.judge.isAlive) throw error;
    if (isServersFault(error.code) && !asking.onServersFault()) throw error;
    return { ...base, score: null, criteria: [], note: error.message };
  }
}

const keyOf = (
  sample: Pick<JournaledSample, 'modelId' | 'suite' | 'itemId' | 'temperature' | 'repeat'>,
  againstId: string | null,
): string => JSON.stringify([sample.modelId, sample.suite, sample.itemId, sample.temperature, sample.repeat, againstId]);
