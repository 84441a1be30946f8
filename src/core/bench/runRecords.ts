import type { RecordedCall } from '../tools/tool.ts';
import type { Percentiles, Spread } from './statistics.ts';

/**
 * The benchmark part of the contract as core sees it: `shared/contract/benchmarks.ts` describes the same shapes in zod, which core does not
 * import. A unit test holds the two together. Lists of results are plain arrays, because the contract's types are.
 */
export interface SampleRecord {
  readonly runId: string;
  readonly modelId: string;
  readonly suite: string;
  readonly itemId: string;
  readonly task: string;
  readonly temperature: number;
  readonly repeat: number;
  readonly state: 'passed' | 'failed' | 'error' | 'skipped' | 'measured';
  readonly passed: boolean | null;
  readonly grade: {
    readonly grader: string;
    readonly reason: string;
    readonly format: { readonly strict: boolean; readonly loose: boolean } | null;
    readonly fields: readonly { readonly name: string; readonly passed: boolean }[] | null;
  } | null;
  readonly output: string | null;
  readonly finishReason: FinishReason | null;
  readonly usage: { readonly promptTokens: number; readonly cachedTokens: number; readonly completionTokens: number } | null;
  readonly timings: {
    readonly loadMs: number | null;
    readonly ttftMs: number | null;
    readonly promptTokensPerSecond: number | null;
    readonly generationTokensPerSecond: number | null;
    readonly totalMs: number;
  } | null;
  readonly tokensPerSecond: number | null;
  readonly peakMemoryBytes: number | null;
  /** Gaps between tokens, where they were kept. */
  readonly interTokenMs?: readonly number[] | undefined;
  readonly calls?: readonly RecordedCall[] | undefined;
  readonly work?: SampleWork | undefined;
}

/** What making a sample took, beside its timings. */
export interface SampleWork {
  /** Of the model, without its tools. */
  readonly modelMs: number;
  readonly toolMs: number;
  /** Model turns: more than one where tools were called. */
  readonly turns: number;
  /** Askings until there was an answer: more than one after a crash or a broken connection. */
  readonly attempts: number;
  /** Answers that were made at the same time on this machine; only those made alone (1) count for latency and speed. */
  readonly beside: number;
  /** Energy the machine's sensor saw meanwhile; null where there is none or where others were made beside it. */
  readonly joules: number | null;
  readonly gpuUtilisation: number | null;
  readonly gpuMemoryBytes: number | null;
}

export type FinishReason = 'stop' | 'stop-sequence' | 'length' | 'context-full' | 'limit' | 'cancelled' | 'error';

export interface Interval {
  readonly passRate: number;
  /** Two-sided 95 % Wilson. */
  readonly low: number;
  readonly high: number;
  /** Items, however often each was asked. */
  readonly n: number;
  /** Sum of the shares that the items passed: whole unless items were repeated. */
  readonly passed: number;
}

export type ModelVerdict = 'fits' | 'fails' | 'not-enough-evidence';

export interface SuiteResult {
  readonly suite: string;
  readonly interval: Interval;
  readonly byTemperature: { readonly temperature: number; readonly interval: Interval }[];
  readonly formatStrict: number | null;
  readonly formatLoose: number | null;
  readonly errors: number;
  readonly truncated: number;
  /** Failed answers that said they would not, and that said nothing. */
  readonly refused: number;
  readonly empty: number;
  readonly ttftMs?: Percentiles | undefined;
  readonly generationTokensPerSecond?: number | null | undefined;
}

export interface PairedResult {
  readonly referenceId: string;
  readonly n: number;
  /** Model minus reference, -1 to 1. */
  readonly difference: number;
  /** One-sided 95 %, Newcombe's method 10. */
  readonly lowerBound: number;
  readonly nonInferior: boolean;
  readonly mcnemarP: number;
  /** Items that the reference did better on, and that the model did better on. */
  readonly lost: number;
  readonly gained: number;
}

export interface ModelFacts {
  readonly modelId: string;
  readonly name: string;
  readonly quant: string | null;
  readonly sizeBytes: number;
  readonly parameters: number | null;
}

export interface ModelResult extends ModelFacts {
  readonly overall: Interval | null;
  readonly verdict: ModelVerdict | null;
  readonly verdictReason: string | null;
  readonly moreItems: number | null;
  readonly suites: SuiteResult[];
  readonly paired: PairedResult | null;
  readonly completionRate: number | null;
  readonly ttftMs: Percentiles;
  readonly totalMs: Percentiles;
  readonly interTokenMs: Percentiles;
  readonly generationTokensPerSecond: number | null;
  readonly promptTokensPerSecond: number | null;
  readonly tokensPerAnswer: number | null;
  readonly speed: { readonly test: string; readonly tokensPerSecond: Spread }[];
  readonly loadMs: number | null;
  readonly peakMemoryBytes: number | null;
  readonly latencyHistogram: { readonly binMs: number; readonly counts: number[] };
}

export interface RunVerdict {
  readonly state: ModelVerdict;
  readonly modelId: string | null;
  readonly model: string | null;
  readonly reason: string;
  readonly nextLarger: string | null;
  readonly moreItems: number | null;
}

/** What a report needs of a finished (or stopped) run. */
export interface RunReport {
  readonly run: {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly total: number;
    readonly done: number;
    readonly startedAt: number;
    readonly finishedAt: number | null;
    readonly elapsedMs: number;
    readonly plan: {
      readonly bar: number;
      readonly margin: number;
      readonly referenceId: string | null;
      readonly temperatures: readonly number[];
      readonly repeats: number;
      readonly maxTokens: number;
      readonly seed: number;
      readonly constrained: boolean;
      readonly itemLimit: number | null;
    };
  };
  readonly suites: readonly { readonly id: string; readonly name: string; readonly kind: 'speed' | 'labelled'; readonly sha256: string }[];
  readonly verdict: RunVerdict;
  readonly models: readonly ModelResult[];
  readonly conditions: {
    readonly engine: string | null;
    readonly backend: string | null;
    readonly threads: number | null;
    readonly contextTokens: number | null;
    readonly cpu: string | null;
    readonly models: readonly { readonly modelId: string; readonly sha256: string | null }[];
  };
}

/**
 * How a model is called in a sentence: name and quant.
 * @param model name and quant
 */
export function modelLabel(model: Pick<ModelFacts, 'name' | 'quant'>): string {
  return model.quant === null || model.name.includes(model.quant) ? model.name : `${model.name} ${model.quant}`;
}
