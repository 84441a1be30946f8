import { create } from 'zustand';
import type { ModelComparison, PriceTable, RunComparison, RunResults } from '#shared/contract/benchmarkResults.ts';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import type { Estimate, ReportFormat, RunChange, RunPlan, RunProgress, RunSummary, Suite } from '#shared/contract/benchmarks.ts';
import type { Routes } from '#shared/contract/routes.ts';
import type { InputOf, OutputOf } from '#shared/rpc/routeTable.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { follow, rpc } from './rpc.ts';
import { saveTextFile } from './saveTextFile.ts';

/** What a view waits for: not asked yet, on its way, here, or failed. */
export type Loadable<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'failed'; readonly problem: RpcErrorData };

interface BenchmarksState {
  /** Newest first; null until the first snapshot. */
  readonly runs: readonly RunSummary[] | null;
  readonly suites: Loadable<readonly Suite[]>;
  readonly progress: Readonly<Record<string, RunProgress>>;
  readonly results: Readonly<Record<string, Loadable<RunResults>>>;
  readonly notice: RpcErrorData | null;
}

export const useBenchmarks = create<BenchmarksState>(() => ({
  runs: null,
  suites: { state: 'loading' },
  progress: {},
  results: {},
  notice: null,
}));

const { getState: get, setState: set } = useBenchmarks;

export function isActive(run: RunSummary): boolean {
  return run.state === 'running' || run.state === 'paused';
}

/** Keeps the list of runs up to date. @returns how to stop. */
export function followRuns(): () => void {
  return follow('benchmarks.changes', {}, { onItem: applyRunChange, onError: (notice) => set({ notice }) });
}

function applyRunChange(change: RunChange): void {
  set({ runs: withRunChange(get().runs ?? [], change) });
}

export function withRunChange(runs: readonly RunSummary[], change: RunChange): readonly RunSummary[] {
  switch (change.kind) {
    case 'snapshot':
      return change.runs.toSorted(byNewest);
    case 'run':
      return [change.run, ...runs.filter((run) => run.id !== change.run.id)].sort(byNewest);
    case 'removed':
      return runs.filter((run) => run.id !== change.id);
    default:
      return change satisfies never;
  }
}

function byNewest(a: RunSummary, b: RunSummary): number {
  return b.startedAt - a.startedAt;
}

export async function loadSuites(): Promise<void> {
  try {
    const { suites } = await rpc.call('benchmarks.suites', {});
    set({ suites: { state: 'ready', value: suites } });
  } catch (thrown) {
    set({ suites: { state: 'failed', problem: toRpcErrorData(thrown) } });
  }
}

/** Streams the live matrix of one run into the store while somebody looks. @returns how to stop. */
export function followProgress(runId: string): () => void {
  return follow(
    'benchmarks.progress',
    { runId },
    {
      onItem: (progress) => set({ progress: { ...get().progress, [runId]: progress } }),
      onError: (notice) => set({ notice }),
    },
  );
}

/** Reads the results of a run that is opened. What is known of it stays on screen meanwhile, unless the run has gone on since. */
export function openResults(run: Pick<RunSummary, 'id' | 'state' | 'done'>): Promise<void> {
  const known = get().results[run.id];
  const isOld = known?.state === 'ready' && (known.value.run.state !== run.state || known.value.run.done !== run.done);
  if (isOld) set({ results: { ...get().results, [run.id]: { state: 'loading' } } });
  return loadResults(run.id);
}

export async function loadResults(runId: string): Promise<void> {
  const known = get().results[runId];
  if (known?.state !== 'ready') set({ results: { ...get().results, [runId]: { state: 'loading' } } });
  try {
    const value = await rpc.call('benchmarks.results', { runId });
    set({ results: { ...get().results, [runId]: { state: 'ready', value } } });
  } catch (thrown) {
    set({ results: { ...get().results, [runId]: { state: 'failed', problem: toRpcErrorData(thrown) } } });
  }
}

/** Starts the matrix. @returns the run, or null when it could not start; the notice says why. */
export async function startRun(plan: RunPlan): Promise<string | null> {
  let started: string | null = null;
  await reporting(async () => {
    started = (await rpc.call('benchmarks.start', plan)).runId;
  });
  return started;
}

export function pauseRun(runId: string): Promise<boolean> {
  return reporting(() => rpc.call('benchmarks.pause', { runId }));
}
export function resumeRun(runId: string): Promise<boolean> {
  return reporting(() => rpc.call('benchmarks.resume', { runId }));
}
export function cancelRun(runId: string): Promise<boolean> {
  return reporting(() => rpc.call('benchmarks.cancel', { runId }));
}
export function removeRun(runId: string): Promise<boolean> {
  return reporting(() => rpc.call('benchmarks.remove', { runId }));
}

export function estimateRun(plan: RunPlan, options: { readonly signal: AbortSignal }): Promise<Estimate> {
  return rpc.call('benchmarks.estimate', plan, options);
}

export interface SampleQuery {
  readonly runId: string;
  readonly modelId?: string;
  readonly suite?: string;
  readonly temperature?: number;
  readonly failingOnly?: boolean;
}

/** Every sample the query names, page by page; a run's drill-down list needs them all to show models side by side. */
export async function loadSamples(query: SampleQuery, options: { readonly signal: AbortSignal }): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (;;) {
    const page = await rpc.call('benchmarks.samples', { ...query, offset: samples.length, limit: 500 }, options);
    samples.push(...page.samples);
    if (page.samples.length === 0 || samples.length >= page.total) return samples;
  }
}

/** Asks k more items of every suite that was cut short. @returns whether the run goes on; the notice says why not. */
export function extendRun(runId: string, items: number): Promise<boolean> {
  return reporting(() => rpc.call('benchmarks.extend', { runId, items }));
}

/**
 * Puts a person's word above the grader's, or takes it back; the results follow.
 * @param word.passed null takes it back
 * @returns whether it was written; the notice says why not.
 */
export async function overrule(sample: Sample, word: { readonly passed: boolean | null; readonly note: string }): Promise<boolean> {
  const { runId, modelId, suite, itemId, temperature, repeat } = sample;
  const isDone = await reporting(() => rpc.call('benchmarks.overrule', { runId, modelId, suite, itemId, temperature, repeat, ...word }));
  if (isDone) void loadResults(runId);
  return isDone;
}

export function compareRuns(
  runs: { readonly runId: string; readonly baselineRunId: string },
  options: { readonly signal: AbortSignal },
): Promise<RunComparison> {
  return rpc.call('benchmarks.compare', runs, options);
}

export function compareModels(
  pair: { readonly runId: string; readonly modelId: string; readonly againstId: string },
  options: { readonly signal: AbortSignal },
): Promise<ModelComparison> {
  return rpc.call('benchmarks.flips', pair, options);
}

export function loadPrices(options: { readonly signal: AbortSignal }): Promise<PriceTable> {
  return rpc.call('benchmarks.prices', {}, options);
}

/** Writes the whole table. @throws what the app refuses in it: the dialog stays open and says it. */
export function savePrices(table: PriceTable): Promise<PriceTable> {
  return rpc.call('benchmarks.setPrices', table);
}

/** Sends a run as OTLP to an address of the user's. @throws what went wrong there. */
export function sendTelemetry(request: InputOf<Routes['benchmarks.sendTelemetry']>): Promise<OutputOf<Routes['benchmarks.sendTelemetry']>> {
  return rpc.call('benchmarks.sendTelemetry', request);
}

/** Fetches a report and hands it to the browser as a file. */
export async function saveReport(runId: string, format: ReportFormat): Promise<void> {
  await reporting(async () => {
    saveTextFile(await rpc.call('benchmarks.report', { runId, format }));
  });
}

export function dismissBenchmarkNotice(): void {
  set({ notice: null });
}

/** @returns whether it worked; the notice says what did not. */
async function reporting(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (thrown) {
    set({ notice: toRpcErrorData(thrown) });
    return false;
  }
}
