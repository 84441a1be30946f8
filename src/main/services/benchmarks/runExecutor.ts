import type { LabelledItem } from '#core/bench/labelledItem.ts';
import { type Scenario, scenarioKey } from '#core/bench/planRun.ts';
import { isBoundToFail } from '#core/bench/verdict.ts';
import { formatPercent } from '#core/units.ts';
import type { JudgeProgress } from '#main/services/judge/judgeService.ts';
import type { RunModel, RunRow, RunTable } from '#main/storage/runTable.ts';
import type { JournaledSample, SampleTable } from '#main/storage/sampleTable.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { RpcError, type RpcErrorData } from '#shared/rpc/rpcError.ts';
import type { LaneRunner } from './laneRunner.ts';
import { runModel } from './modelRun.ts';
import type { ModelRunNeeds } from './modelTask.ts';
import type { CurrentScenario, RunTally } from './runTally.ts';

/** What the run shows while it lasts. */
export interface RunWatch {
  current: CurrentScenario | null;
  /** How many answer at the same time. */
  lanes: number;
  residentBytes: number | null;
  /** How far the judge is; null before its turn. */
  judging: JudgeProgress | null;
  /** Whether anybody looks: without a reader no text is gathered. */
  isWatched(): boolean;
  /** Something that a reader would see has changed. */
  changed(): void;
}

export interface ExecutorNeeds extends ModelRunNeeds {
  readonly runs: RunTable;
  readonly samples: SampleTable;
  readonly tally: RunTally;
  readonly watch: RunWatch;
}

/** A sample could not be written. The run can't go on, and nothing that was written is lost. */
export class JournalError extends Error {
  readonly reason: RpcError;

  constructor(reason: RpcError) {
    super(reason.message, { cause: reason });
    this.name = 'JournalError';
    this.reason = reason;
  }
}

/**
 * Asks everything of a run that the journal does not hold yet, one model after the other, smallest first. A model that gives up
 * does not stop the others.
 * @returns true when everything was asked, false when the run was stopped before.
 * @throws {JournalError} when a sample can't be written.
 */
export async function executeRun(
  run: RunRow,
  work: { readonly scenarios: readonly Scenario[]; readonly itemOf: (scenario: Scenario) => LabelledItem },
  needs: ExecutorNeeds,
): Promise<boolean> {
  const done = new Set(needs.samples.keys(run.id).map(scenarioKey));
  const before = done.size === 0 ? [] : needs.samples.all(run.id);
  let models = run.models;
  for (const [index, model] of models.entries()) {
    const planned = work.scenarios.filter((scenario) => scenario.modelId === model.modelId);
    const pending = planned.filter((scenario) => !done.has(scenario.key));
    if (pending.length === 0) continue;
    const journaled = before.filter((sample) => sample.modelId === model.modelId);
    const startedAt = needs.now();
    const observed: { runner: LaneRunner | null } = { runner: null };
    const end = await runModel(
      { run, model, planned, pending, journaled, itemOf: work.itemOf },
      {
        onLoaded: (runner) => {
          observed.runner = runner;
          models = models.with(index, withFacts(model, runner));
          written(() => needs.runs.update(run.id, { models }));
        },
        onLanes: (lanes) => {
          needs.watch.lanes = lanes;
          needs.watch.changed();
        },
        onStarted: (scenario, { input, lane, answerer }) => {
          if (lane !== 0) return;
          const { modelId, suite, itemId, temperature } = scenario;
          needs.watch.current = { modelId, suite, itemId, temperature, input, output: '' };
          needs.watch.residentBytes = answerer.residentBytes;
          needs.watch.changed();
        },
        onText: (text, lane) => {
          if (lane !== 0 || needs.watch.current === null || !needs.watch.isWatched()) return;
          needs.watch.current = { ...needs.watch.current, output: needs.watch.current.output + text };
          needs.watch.changed();
        },
        journal: (samples) => {
          journal(samples, needs);
          needs.tally.setElapsed(model.modelId, model.elapsedMs + (needs.now() - startedAt));
        },
        reasonToStop: () => (run.plan.earlyStop ? unreachable(needs.tally.answers(model.modelId), run.plan.bar) : null),
      },
      needs,
    ).finally(() => {
      needs.watch.current = null;
      needs.watch.residentBytes = null;
      needs.watch.lanes = 1;
    });

    const problem = end.kind === 'gave-up' ? end.problem : model.problem;
    needs.tally.setProblem(model.modelId, problem);
    const facts = { ...withFacts(model, observed.runner), problem, elapsedMs: model.elapsedMs + (needs.now() - startedAt) };
    models = models.with(index, end.kind === 'finished' ? { ...facts, sha256: end.sha256 ?? facts.sha256 } : facts);
    written(() => needs.runs.update(run.id, { models }));
    needs.watch.changed();
    if (end.kind === 'stopped') return false;
  }
  return true;
}

function journal(samples: readonly JournaledSample[], { samples: table, tally, watch }: ExecutorNeeds): void {
  const [only] = samples;
  written(() => (only !== undefined && samples.length === 1 ? table.insert(only) : table.insertAll(samples)));
  // Only what is written counts.
  for (const sample of samples) tally.add(sample);
  watch.changed();
}

function written(write: () => void): void {
  try {
    write();
  } catch (error) {
    throw asJournalError(error);
  }
}

const asJournalError = (error: unknown): unknown => (error instanceof RpcError ? new JournalError(error) : error);

function withFacts(model: RunModel, runner: LaneRunner | null): RunModel {
  if (runner === null) return model;
  const { load } = runner.fresh;
  const peaks = [model.peakMemoryBytes, runner.peakMemoryBytes].filter((bytes) => bytes !== null);
  return {
    ...model,
    loadMs: load.loadMs,
    engine: load.engine,
    backend: load.backend,
    threads: load.threads,
    contextTokens: load.contextTokens,
    peakMemoryBytes: peaks.length === 0 ? null : Math.max(...peaks),
  };
}

/** Even if every answer that is still to come were right, the model would fail. */
function unreachable(progress: ReturnType<RunTally['answers']>, bar: number): RpcErrorData | null {
  if (!isBoundToFail(progress, bar)) return null;
  return {
    code: benchmarkErrors.barMissed,
    message: `Stopped early: with ${progress.passed} of ${progress.asked} passed, ${formatPercent(bar)} can no longer be reached.`,
    hint: 'Run it without early stop to ask every item.',
  };
}
