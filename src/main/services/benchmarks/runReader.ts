import { scenarioKey } from '#core/bench/planRun.ts';
import type { JudgeService } from '#main/services/judge/judgeService.ts';
import type { RunRow } from '#main/storage/runTable.ts';
import type { JournaledSample, SampleTable } from '#main/storage/sampleTable.ts';
import type { RunProgress, RunSummary } from '#shared/contract/benchmarks.ts';
import type { BenchmarkService } from './benchmarkService.ts';
import { compareModels, compareRuns } from './compareRuns.ts';
import type { PriceList } from './priceList.ts';
import { type PreparedRun, prepareRun } from './runPlanning.ts';
import { renderRunReport } from './runReport.ts';
import { type ResultsWithoutRun, resultsOf } from './runResults.ts';
import type { RunStore } from './runStore.ts';
import { createRunTally } from './runTally.ts';
import type { SuiteCatalogue } from './suiteCatalogue.ts';

/** What can be read of runs, finished or not. Nothing is kept: the same journal says the same each time it is asked. */
export interface RunReader extends Pick<BenchmarkService, 'results' | 'compare' | 'flips' | 'samples' | 'report'> {
  /** What a run came to, as its samples, its judge and people's words on them stand now. */
  sumUp(row: RunRow): ResultsWithoutRun;
  /** The matrix of a run that is not running, counted from its journal. @throws {RpcError} run-not-found, suite-not-found */
  atRest(runId: string): Promise<RunProgress>;
}

/**
 * Makes the reader over the journal.
 * @param options.summary a run as the contract shows it, with live counts where it is running
 */
export function createRunReader(options: {
  readonly store: Pick<RunStore, 'find'>;
  readonly samples: Pick<SampleTable, 'all' | 'find'>;
  readonly catalogue: Pick<SuiteCatalogue, 'itemsOf'>;
  readonly judges: Pick<JudgeService, 'join' | 'finding'>;
  readonly prices: Pick<PriceList, 'read'>;
  readonly summary: (row: RunRow) => RunSummary;
}): RunReader {
  const { store, samples, catalogue, judges, prices, summary } = options;
  const judgedSamples = (row: RunRow): readonly JournaledSample[] => judges.join(row, samples.all(row.id));
  const resultsFrom = (row: RunRow, journal: readonly JournaledSample[]): ResultsWithoutRun =>
    resultsOf(row, journal, { prices: prices.read(), judge: judges.finding(row) });

  function withSamples(runId: string): { readonly run: RunRow; readonly samples: readonly JournaledSample[] } {
    const run = store.find(runId);
    return { run, samples: judgedSamples(run) };
  }

  /** What a run that is done was to ask is what it asked, also where a suite that ships has grown since. */
  async function plannedScenarios(row: RunRow, made: readonly JournaledSample[]): Promise<PreparedRun['scenarios']> {
    const { scenarios } = await prepareRun(row, catalogue);
    if (row.state !== 'done') return scenarios;
    const keys = new Set(made.map(scenarioKey));
    return scenarios.filter((scenario) => keys.has(scenario.key));
  }

  return {
    atRest: async (runId) => {
      const row = store.find(runId);
      const made = samples.all(runId);
      const tally = createRunTally({ models: row.models, scenarios: await plannedScenarios(row, made) });
      for (const sample of made) tally.add(sample);
      return { run: summary(row), ...tally.snapshot({ current: null, residentBytes: null, lanes: 1 }) };
    },
    sumUp: (row) => resultsFrom(row, judgedSamples(row)),
    results: (runId) => {
      const { run, samples: journal } = withSamples(runId);
      return { run: summary(run), ...resultsFrom(run, journal) };
    },
    compare: (runId, baselineRunId) => compareRuns(baselineRunId, { now: withSamples(runId), before: withSamples(baselineRunId) }),
    flips: (runId, pair) => compareModels(withSamples(runId), pair),
    samples: (query) => {
      const row = store.find(query.runId);
      const page = samples.find(query);
      return { samples: judges.join(row, page.samples), total: page.total };
    },
    report: (runId, format) => {
      const { run, samples: journal } = withSamples(runId);
      return renderRunReport({ run: summary(run), ...resultsFrom(run, journal) }, journal, format);
    },
  };
}
