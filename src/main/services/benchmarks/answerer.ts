import type { Usage } from '#shared/contract/chat.ts';
import type { GenerateItem, GenerateRequest, GenerateResult } from '#shared/contract/runner.ts';

/** What is known of an answer, whoever gave it. `usage` is null where a server counts no tokens: nothing is estimated. */
export type Answer = Pick<
  GenerateResult,
  'text' | 'reasoning' | 'finishReason' | 'timings' | 'interTokenMs' | 'toolCalls' | 'toolProblem'
> & {
  readonly usage: Usage | null;
  /** Times that it was asked for, where a server's fault made that more than once. */
  readonly attempts?: number;
};

/** Whoever answers items: a runner of this machine, or a model behind an endpoint. */
export interface Answerer {
  readonly modelId: string;
  /** Whether its template tells it of tools; an endpoint's is believed to. */
  readonly knowsTools: boolean;
  readonly isAlive: boolean;
  /** Highest memory it was ever seen to hold on this machine; null until first read, and for an endpoint. */
  readonly peakMemoryBytes: number | null;
  readonly residentBytes: number | null;
  /** @throws {RpcError} whatever a runner or an endpoint throws */
  generate(
    request: GenerateRequest,
    options: {
      readonly signal: AbortSignal;
      readonly onItem?: (item: GenerateItem) => void;
      /** Told when a request must wait before it is sent, and when it goes: that time is no answer's. */
      readonly onWaiting?: (isWaiting: boolean) => void;
    },
  ): Promise<Answer>;
  close(): Promise<void>;
}
