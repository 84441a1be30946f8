import type { SampleQuery } from '#main/storage/sampleTable.ts';
import type { ModelComparison, PriceTable, RunComparison, RunResults } from '#shared/contract/benchmarkResults.ts';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import type { Estimate, ReportFormat, RunChange, RunPlan, RunProgress, RunSummary, Suite } from '#shared/contract/benchmarks.ts';
import type { OverruleRequest } from './overruleSample.ts';
import type { AddedDataset } from './suiteCatalogue.ts';

export interface RunReport {
  readonly fileName: string;
  readonly mediaType: string;
  readonly text: string;
}

/** Benchmarks: what can be asked, runs in all their states, their results. One run is active at a time. */
export interface BenchmarkService {
  suites(): Promise<readonly Suite[]>;
  /** Takes a JSONL file of labelled items in as a suite. @throws {RpcError} dataset-unreadable, dataset-invalid */
  addDataset(path: string, options: { readonly skipBad: boolean }): Promise<AddedDataset>;
  /** What a plan would cost, without starting it. @throws {RpcError} suite-not-found, model-not-found */
  estimate(plan: RunPlan): Promise<Estimate>;
  /** Writes the run down and begins. @throws {RpcError} run-active, nothing-to-run, suite-not-found, model-not-found, disk-full */
  start(plan: RunPlan): Promise<{ readonly runId: string }>;
  /**
   * Ends after the sample that is being made, or at once: then that sample is asked again later. What is done is kept.
   * Resolves when the runner is gone. @throws {RpcError} run-not-active
   */
  pause(runId: string, options?: { readonly now?: boolean }): Promise<void>;
  /** Runs what is missing, and only that. @throws {RpcError} run-not-found, run-active, nothing-to-run */
  resume(runId: string): Promise<void>;
  /**
   * Asks so many items more of each suite of a finished run, of all its models alike. The verdict pays for the second look.
   * @throws {RpcError} run-not-found, run-active, run-not-active when it is not finished, nothing-to-run when every item was asked
   */
  extend(runId: string, items: number): Promise<void>;
  /** What has changed since a run was made, in sentences: it should be made anew. @throws {RpcError} run-not-found */
  outdated(runId: string): Promise<string[]>;
  /** Ends the run for good; the sample that is being made is dropped, finished ones stay. @throws {RpcError} run-not-found */
  cancel(runId: string): Promise<void>;
  /** Deletes a run and its samples. @throws {RpcError} run-not-found, run-active */
  remove(runId: string): Promise<void>;
  /** Newest first. */
  runs(): readonly RunSummary[];
  /** @throws {RpcError} run-not-found */
  run(runId: string): RunSummary;
  /** Resolves when the run neither runs nor waits to go on by itself, with how it stands then. @throws {RpcError} run-not-found */
  whenSettled(runId: string): Promise<RunSummary>;
  /** A snapshot at once, then whole changed rows. @returns a function that ends the subscription. */
  subscribe(listener: (change: RunChange) => void): () => void;
  /** The live matrix, at once and then at most four times a second while it changes. @throws {RpcError} run-not-found */
  subscribeProgress(runId: string, listener: (progress: RunProgress) => void): () => void;
  /** @throws {RpcError} run-not-found */
  results(runId: string): RunResults;
  /** What was lost and gained against an earlier run on the same questions. @throws {RpcError} run-not-found */
  compare(runId: string, baselineRunId: string): RunComparison;
  /** Two models of one run on the same questions. @throws {RpcError} run-not-found */
  flips(runId: string, pair: { readonly modelId: string; readonly againstId: string }): ModelComparison;
  /** What hosted models cost, by the user's own table or the one that ships. */
  prices(): PriceTable;
  setPrices(table: PriceTable): PriceTable;
  samples(query: SampleQuery): { readonly samples: readonly Sample[]; readonly total: number };
  /**
   * A person's word against the grader's, or its taking back. Results, verdict and reports follow it; the journal stays as it was written.
   * @throws {RpcError} run-not-found, sample-not-found, not-overrulable
   */
  overrule(word: OverruleRequest): void;
  /** @throws {RpcError} run-not-found */
  report(runId: string, format: ReportFormat): RunReport;
  /** Interrupts what runs so that it can be resumed, and stops its runner. */
  dispose(): Promise<void>;
}
