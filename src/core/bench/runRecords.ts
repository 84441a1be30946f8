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
    readonly tools?: ToolUse | null | undefined;
  } | null;
  readonly input: string;
  readonly system: string | null;
  readonly expected: string;
  readonly output: string | null;
  readonly finishReason: FinishReason | null;
  readonly usage: { readonly promptTokens: number; readonly cachedTokens: number; readonly completionTokens: number } | null;
  readonly timings: {
    readonly loadMs: number | null;
    readonly ttftMs: number | null;
    readonly ttfaMs?: number | null | undefined;
    readonly promptTokensPerSecond: number | null;
    readonly generationTokensPerSecond: number | null;
    readonly totalMs: number;
  } | null;
  readonly tokensPerSecond: number | null;
  readonly peakMemoryBytes: number | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string | undefined } | null;
  /** Milliseconds since 1970. */
  readonly finishedAt: number;
  readonly reasoning?: string | null | undefined;
  /** Gaps between tokens, where they were kept. */
  readonly interTokenMs?: readonly number[] | undefined;
  readonly calls?: readonly RecordedCall[] | undefined;
  readonly work?: SampleWork | undefined;
  readonly judgements?: readonly Judgement[] | undefined;
  readonly overrule?: Overrule | null | undefined;
}

/** How the tools were used in one answer. */
export interface ToolUse {
  readonly rightTool: boolean;
  readonly rightArguments: boolean;
  readonly extraCalls: number;
  readonly answeredWithout: boolean;
}

/** What a judge said of one answer. */
export interface Judgement {
  readonly judgeId: string;
  readonly judgeName: string;
  readonly kind: 'checklist' | 'preference';
  /** 0 to 1; null = the judge did not do as it was told. */
  readonly score: number | null;
  readonly criteria: readonly {
    readonly criterion: string;
    readonly met: 'met' | 'not-met' | 'cannot-tell' | 'void';
    readonly evidence: string;
  }[];
  readonly note: string;
  readonly againstId: string | null;
}

/** A person's word against the grader's. */
export interface Overrule {
  readonly passed: boolean;
  readonly note: string;
  readonly at: number;
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
  /** By the names of the items; empty where all are of one task. */
  readonly byTask: { readonly task: string; readonly interval: Interval }[];
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
      readonly thinking?: 'default' | 'on' | 'off' | undefined;
      readonly kvType?: string | null | undefined;
      readonly testing?: Testing | undefined;
      readonly judgeId?: string | null | undefined;
      readonly extendedAt?: readonly number[] | undefined;
      readonly answerSeconds?: number | undefined;
      readonly turns?: number | undefined;
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
    readonly power?: 'mains' | 'battery' | null | undefined;
    readonly thermal?: string | null | undefined;
  };
  readonly comparability?: Comparability | null | undefined;
  readonly judge?: JudgeStanding | null | undefined;
  readonly cost?: RunCost | null | undefined;
  /** Why the run should be made anew. */
  readonly outdated?: readonly string[] | undefined;
}

/** Two runs with the same key asked the same in the same way on the same machine. */
export interface Comparability {
  readonly key: string;
  readonly parts: readonly { readonly name: string; readonly value: string }[];
}

/** How the judge did on judgements that people made. */
export interface JudgeStanding {
  readonly judgeId: string;
  readonly name: string;
  readonly n: number;
  readonly accuracy: number;
  readonly kappa: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly calibrated: boolean;
  readonly flipRate: number | null;
  readonly problem: string | null;
}

export interface CostRow {
  readonly label: string;
  readonly modelId: string | null;
  readonly kind: 'local' | 'hosted';
  readonly price: string;
  readonly passRate: number | null;
  readonly perThousandCalls: number | null;
  readonly currency: string;
  readonly enteredOn: string | null;
}

export interface RunCost {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly rows: CostRow[];
  readonly watts: number | null;
}

/**
 * How a model is called in a sentence: name and quant.
 * @param model name and quant
 */
export function modelLabel(model: Pick<ModelFacts, 'name' | 'quant'>): string {
  return model.quant === null || model.name.includes(model.quant) ? model.name : `${model.name} ${model.quant}`;
}
