import type { RecordedCall } from '../tools/tool.ts';

/**
 * The benchmark part of the contract as core sees it: `shared/contract/benchmark*.ts` describe the same shapes in zod, which core does not
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
