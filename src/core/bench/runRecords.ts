import type { Percentiles, Spread } from './statistics.ts';

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
  /** By the names of the items' tasks, in the order of the items. */
  readonly byTask: { readonly task: string; readonly interval: Interval }[];
  /** Answers of which a form was asked. */
  readonly formatAnswers?: number | undefined;
  readonly formatStrict: number | null;
  readonly formatLoose: number | null;
  readonly errors: number;
  readonly truncated: number;
  /** Failed answers that said they would not, and that said nothing. */
  readonly refused: number;
  readonly empty: number;
  readonly ttftMs?: Percentiles | undefined;
  readonly totalMs?: Percentiles | undefined;
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
  /** Behind an endpoint: nothing is known of its size. */
  readonly remote?: boolean | undefined;
}

/** A mean of scores between 0 and 1; the bounds hold with what is missing as all wrong and as all right. */
export interface JudgedScore {
  readonly n: number;
  readonly missing: number;
  readonly score: number;
  readonly low: number;
  readonly high: number;
  readonly calibrated: boolean;
}

export interface ToolCallNumbers {
  readonly n: number;
  readonly rightTool: number;
  readonly rightArguments: number;
  readonly extraCalls: number;
  readonly answeredWithout: number;
}

export interface WorstItem {
  readonly suite: string;
  readonly itemId: string;
  /** Of its askings, passed. */
  readonly share: number;
  readonly reason: string;
}

/** Askings by how they ended. */
export interface Endings {
  readonly completed: number;
  readonly truncated: number;
  readonly timedOut: number;
  readonly errors: number;
  readonly cancelled: number;
  readonly notRun: number;
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
  readonly ttfaMs: Percentiles;
  readonly tpotMs: Percentiles;
  readonly modelMs: Percentiles;
  readonly toolMs: Percentiles;
  readonly endings: Endings;
  /** The most frequent reason first. */
  readonly notRunBecause: { readonly reason: string; readonly n: number }[];
  readonly warmLoadMs: number | null;
  readonly passPowerK: { readonly k: number; readonly n: number; readonly rate: number } | null;
  readonly worst: WorstItem[];
  readonly toolCalls: ToolCallNumbers | null;
  readonly judged: JudgedScore | null;
  readonly preferred: JudgedScore | null;
  readonly joulesPerAnswer: number | null;
  readonly promptTokensPerAnswer: number | null;
  readonly cachedTokensPerAnswer: number | null;
  /** 0 to 1. */
  readonly gpuUtilisation: number | null;
  readonly peakGpuBytes: number | null;
  readonly frontier: FrontierPlace | null;
  readonly sweep: {
    readonly concurrency: number;
    readonly requestsPerSecond: number;
    readonly totalMs: Percentiles;
    readonly errors: number;
  }[];
}

export type FrontierPlace = 'on' | 'tie' | 'dominated';

export interface RunVerdict {
  readonly state: ModelVerdict;
  readonly modelId: string | null;
  readonly model: string | null;
  readonly reason: string;
  readonly nextLarger: string | null;
  readonly moreItems: number | null;
  readonly level?: VerdictLevel | undefined;
}

/** How the 5 % are shared: among models by the procedure, among looks at the data by what this look may spend. */
export interface VerdictLevel {
  readonly testing: Testing;
  /** From 1: the run itself; each extension is a further one. */
  readonly look: number;
  readonly alpha: number;
}

export type Testing = 'holm' | 'fixed-sequence';

/**
 * How a model is called in a sentence: name and quant.
 * @param model name and quant
 */
export function modelLabel(model: Pick<ModelFacts, 'name' | 'quant'>): string {
  return model.quant === null || model.name.includes(model.quant) ? model.name : `${model.name} ${model.quant}`;
}
