import type { ModelResult, RunVerdict, Testing } from './runRecords.ts';

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
    /** Of all models, in words. */
    readonly context?: string | null | undefined;
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
