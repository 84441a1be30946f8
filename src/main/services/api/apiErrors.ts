import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { chatErrors } from '#shared/contract/chat.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';

/** What went wrong, before a dialect gives it its own shape. */
export interface ApiProblem {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 414 | 415 | 422 | 429 | 431 | 500 | 503;
  readonly code: string;
  readonly message: string;
  /** The field that is wrong, as `messages.0.content`; null where it is not one. */
  readonly field: string | null;
  /** What clients of a dialect know a refusal by, beside its words. */
  readonly details?: object;
  /** When to ask again, where waiting helps. */
  readonly retryAfterSeconds?: number;
}

/** A refusal at the edge: a status and words for whoever asked. */
export class ApiError extends Error {
  readonly problem: ApiProblem;

  constructor(problem: Omit<ApiProblem, 'field'> & { readonly field?: string | null }) {
    super(problem.message);
    this.name = 'ApiError';
    this.problem = { field: null, ...problem };
  }
}

const statusOfCode: Readonly<Record<string, ApiProblem['status']>> = {
  [modelErrors.notFound]: 404,
  [modelErrors.ambiguous]: 404,
  [modelErrors.contextFull]: 400,
  [modelErrors.template]: 400,
  [modelErrors.schema]: 400,
  [chatErrors.noVision]: 400,
  [benchmarkErrors.toolsUnsupported]: 400,
  [pipeErrors.badInput]: 400,
  [modelErrors.inUse]: 503,
  [modelErrors.notLoaded]: 503,
  [modelErrors.outOfMemory]: 503,
  // Nobody reads it where the client has gone; where the model was unloaded under an answer, asking again helps.
  [pipeErrors.cancelled]: 503,
};

/**
 * What to tell a client of any error. What is not ours to tell becomes a plain 500 without its words.
 * @param error anything that was thrown
 */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiError) return error.problem;
  if (!(error instanceof RpcError))
    return { status: 500, code: 'internal-error', message: 'Something went wrong inside Rightsize.', field: null };
  const hint = error.hint === undefined ? '' : ` ${error.hint}`;
  return { status: statusOfCode[error.code] ?? 500, code: error.code, message: `${error.message}${hint}`, field: null };
}

/** How long a conversation is that does not fit, and what would fit; null for other errors, and where nobody counted. */
export function tooLongOf(error: unknown): { readonly promptTokens: number; readonly roomTokens: number } | null {
  if (!(error instanceof RpcError) || error.code !== modelErrors.contextFull) return null;
  const { promptTokens, roomTokens }: Readonly<Record<string, unknown>> = { ...(error.data as object | undefined) };
  return typeof promptTokens === 'number' && typeof roomTokens === 'number' ? { promptTokens, roomTokens } : null;
}
