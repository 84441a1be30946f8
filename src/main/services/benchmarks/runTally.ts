import { type Scenario, scenarioKey } from '#core/bench/planRun.ts';
import { wilsonInterval } from '#core/bench/statistics.ts';
import type { RunModel } from '#main/storage/runTable.ts';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import type { RunProgress } from '#shared/contract/benchmarks.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import { type Pace, paceBySize, timeFor } from './pace.ts';
import { recentRow } from './recentRow.ts';
import { speedSuiteId } from './suiteCatalogue.ts';

const recentLength = 8;
const speedSeconds = 60;

interface Counts {
  done: number;
  total: number;
  passed: number;
  graded: number;
  skipped: number;
  errors: number;
  milliseconds: number;
  timed: number;
  tokensPerSecond: number;
  measured: number;
}

interface ModelCounts {
  readonly answers: Counts;
  readonly measurements: Counts;
  readonly items: Set<string>;
  problem: RpcErrorData | null;
  elapsedMs: number;
}

/** What is being asked this moment. */
export type CurrentScenario = NonNullable<RunProgress['current']>;

/** Counts a run's samples as they come and shows the matrix at any moment, without looking at the journal again. */
export interface RunTally {
  readonly done: number;
  add(sample: Sample): void;
  /** A person's word on a sample that was counted before. */
  revise(before: Sample, after: Sample): void;
  setProblem(modelId: string, problem: RpcErrorData | null): void;
  setElapsed(modelId: string, elapsedMs: number): void;
  /** Labelled answers of a model: passed, asked, how many there are to be, and of how many items. */
  answers(modelId: string): { readonly passed: number; readonly asked: number; readonly planned: number; readonly items: number };
  snapshot(now: {
    readonly current: CurrentScenario | null;
    readonly residentBytes: number | null;
    readonly lanes: number;
  }): Omit<RunProgress, 'run'>;
}

/**
 * Makes a tally of nothing yet: samples of earlier sittings are added like new ones.
 * @param options.models in the order of the run.
 * @param options.expected pace of a model from what was measured before this run.
 */
export function createRunTally(options: {
  readonly models: readonly RunModel[];
  readonly scenarios: readonly Scenario[];
  readonly expected?: ReadonlyMap<string, Pace>;
}): RunTally {
  const models = new Map<string, ModelCounts>(options.models.map((model) => [model.modelId, newModelCounts(model)]));
  const cells = new Map<
    string,
    { readonly modelId: string; readonly suite: string; readonly temperature: number; readonly counts: Counts }
  >();
  const recent: Sample[] = [];
  const speeds: { second: number; sum: number; count: number }[] = [];
  let done = 0;
  let retries = 0;
  /** The same for every model. */
  const items = new Set(
    options.scenarios
      .filter((scenario) => scenario.kind === 'answer' && scenario.modelId === options.models[0]?.modelId)
      .map((scenario) => JSON.stringify([scenario.suite, scenario.itemId])),
  ).size;

  for (const scenario of options.scenarios) {
    countsOf(scenario).total += 1;
    const key = cellKey(scenario);
    const cell = cells.get(key) ?? {
      modelId: scenario.modelId,
      suite: scenario.suite,
      temperature: scenario.temperature,
      counts: newCounts(),
    };
    cell.counts.total += 1;
    cells.set(key, cell);
  }

  function countsOf({ modelId, suite }: { readonly modelId: string; readonly suite: string }): Counts {
    const model = models.get(modelId);
    if (model === undefined) throw new Error(`the run has no model ${modelId}`);
    return suite === speedSuiteId ? model.measurements : model.answers;
  }

  function add(sample: Sample): void {
    done += 1;
    retries += Math.max(0, (sample.work?.attempts ?? 1) - 1);
    count(countsOf(sample), sample);
    const cell = cells.get(cellKey(sample));
    if (cell !== undefined) count(cell.counts, sample);
    if (sample.passed !== null) models.get(sample.modelId)?.items.add(`${sample.suite}/${sample.itemId}`);
    recent.unshift(sample);
    recent.length = Math.min(recent.length, recentLength);
    const rate = sample.timings?.generationTokensPerSecond ?? null;
    if (rate !== null) addSpeed(speeds, Math.floor(sample.finishedAt / 1000), rate);
  }

  function revise(before: Sample, after: Sample): void {
    for (const counts of [countsOf(after), cells.get(cellKey(after))?.counts]) {
      if (counts === undefined) continue;
      counts.passed += Number(after.passed === true) - Number(before.passed === true);
      counts.errors += Number(after.state === 'error') - Number(before.state === 'error');
    }
    const shown = recent.findIndex((sample) => scenarioKey(sample) === scenarioKey(after));
    if (shown !== -1) recent[shown] = after;
  }

  function remaining(): ReadonlyMap<string, number | null> {
    const known = options.models.map((model) => ({ sizeBytes: model.sizeBytes, pace: measuredPace(models.get(model.modelId)) }));
    return new Map(
      options.models.map((model) => {
        const counts = models.get(model.modelId) ?? newModelCounts(model);
        const own = measuredPace(counts);
        const bySize = paceBySize(model.sizeBytes, known);
        const before = options.expected?.get(model.modelId);
        const pace: Pace = {
          answerMs: own.answerMs ?? bySize.answerMs ?? before?.answerMs ?? null,
          measureMs: own.measureMs ?? bySize.measureMs ?? before?.measureMs ?? null,
        };
        const left = {
          answers: counts.answers.total - counts.answers.done,
          measurements: counts.measurements.total - counts.measurements.done,
        };
        return [model.modelId, timeFor(pace, left)];
      }),
    );
  }

  return {
    get done() {
      return done;
    },
    add,
    revise,
    setProblem: (modelId, problem) => {
      const model = models.get(modelId);
      if (model !== undefined) model.problem = problem;
    },
    setElapsed: (modelId, elapsedMs) => {
      const model = models.get(modelId);
      if (model !== undefined) model.elapsedMs = elapsedMs;
    },
    answers: (modelId) => {
      const answers = models.get(modelId)?.answers;
      return { passed: answers?.passed ?? 0, asked: answers?.graded ?? 0, planned: answers?.total ?? 0, items };
    },
    snapshot: ({ current, residentBytes, lanes }) => {
      const left = remaining();
      return {
        models: options.models.map((model) =>
          modelRow(model, models.get(model.modelId) ?? newModelCounts(model), { current, remainingMs: left.get(model.modelId) ?? null }),
        ),
        cells: [...cells.values()].map(({ modelId, suite, temperature, counts }) => ({
          modelId,
          suite,
          temperature,
          state: stateOf(counts, current?.modelId === modelId && current.suite === suite && current.temperature === temperature),
          done: counts.done,
          total: counts.total,
          passed: counts.passed,
          notRun: counts.skipped,
          tokensPerSecond: counts.measured === 0 ? null : counts.tokensPerSecond / counts.measured,
        })),
        remainingMs: sumOrNull([...left.values()]),
        current,
        recent: recent.map(recentRow),
        tokensPerSecond: speeds.map(({ sum, count: n }) => sum / n),
        residentBytes,
        lanes,
        retries,
      };
    },
  };
}

const newCounts = (): Counts => ({
  done: 0,
  total: 0,
  passed: 0,
  graded: 0,
  skipped: 0,
  errors: 0,
  milliseconds: 0,
  timed: 0,
  tokensPerSecond: 0,
  measured: 0,
});

const newModelCounts = (model: RunModel): ModelCounts => ({
  answers: newCounts(),
  measurements: newCounts(),
  items: new Set(),
  problem: model.problem,
  elapsedMs: model.elapsedMs,
});

const cellKey = (key: { readonly modelId: string; readonly suite: string; readonly temperature: number }): string =>
  JSON.stringify([key.modelId, key.suite, key.temperature]);

function count(counts: Counts, sample: Sample): void {
  counts.done += 1;
  if (sample.passed !== null) counts.graded += 1;
  if (sample.passed === true) counts.passed += 1;
  if (sample.state === 'skipped') counts.skipped += 1;
  if (sample.state === 'error') counts.errors += 1;
  if (sample.timings !== null) {
    // Side by side, each answer takes longer and the run less.
    counts.milliseconds += sample.timings.totalMs / (sample.work?.beside ?? 1);
    counts.timed += 1;
  }
  if (sample.tokensPerSecond !== null) {
    counts.tokensPerSecond += sample.tokensPerSecond;
    counts.measured += 1;
  }
}

function addSpeed(speeds: { second: number; sum: number; count: number }[], second: number, rate: number): void {
  const last = speeds.at(-1);
  if (last?.second === second) {
    last.sum += rate;
    last.count += 1;
    return;
  }
  speeds.push({ second, sum: rate, count: 1 });
  if (speeds.length > speedSeconds) speeds.shift();
}

function measuredPace(counts: ModelCounts | undefined): Pace {
  const mean = (part: Counts | undefined): number | null =>
    part === undefined || part.timed === 0 ? null : part.milliseconds / part.timed;
  return { answerMs: mean(counts?.answers), measureMs: mean(counts?.measurements) };
}

function modelRow(
  model: RunModel,
  counts: ModelCounts,
  now: { readonly current: CurrentScenario | null; readonly remainingMs: number | null },
): RunProgress['models'][number] {
  const { answers, measurements, items, problem, elapsedMs } = counts;
  const all: Counts = { ...newCounts(), done: answers.done + measurements.done, total: answers.total + measurements.total };
  const state = problem === null ? stateOf(all, now.current?.modelId === model.modelId) : 'failed';
  return {
    modelId: model.modelId,
    name: model.name,
    quant: model.quant,
    state,
    done: all.done,
    total: all.total,
    // Repeats of an item say little more than the item: n counts items.
    interval: answers.graded === 0 ? null : intervalOf(answers.passed / answers.graded, items.size),
    elapsedMs,
    remainingMs: now.remainingMs,
    problem:
      problem === null
        ? null
        : { code: problem.code, message: problem.message, ...(problem.hint === undefined ? {} : { hint: problem.hint }) },
  };
}

function intervalOf(passRate: number, n: number): NonNullable<RunProgress['models'][number]['interval']> {
  const passed = passRate * n;
  return { passRate, passed, n, ...wilsonInterval({ passed, n }) };
}

function stateOf(counts: Counts, isCurrent: boolean): RunProgress['cells'][number]['state'] {
  if (counts.done < counts.total) return isCurrent ? 'running' : 'queued';
  if (counts.total > 0 && counts.skipped === counts.total) return 'skipped';
  if (counts.total > 0 && counts.errors === counts.total) return 'failed';
  return 'done';
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum;
}
