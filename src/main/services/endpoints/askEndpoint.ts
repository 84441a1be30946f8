import type { Dispatcher } from 'undici';
import { endpointErrors } from '#shared/contract/endpoints.ts';
import type { GenerateItem, GenerateRequest } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { Answer } from '../benchmarks/answerer.ts';
import { retryAfterMs } from '../hub/rateLimit.ts';
import { packages } from '../packages.ts';
import { createChatAnswer, parseJson, readError } from './chatAnswer.ts';
import {
  type AskedEndpoint,
  brokenOff,
  cancelled,
  filtered,
  garbage,
  networkProblem,
  quotable,
  rateLimited,
  refusal,
} from './endpointProblem.ts';
import { BrokenStream, readEventStream } from './eventStream.ts';

/** One address with what is needed to speak to it. */
export interface EndpointLine {
  readonly baseUrl: string;
  readonly key: string | null;
  readonly stallSeconds: number;
  readonly userAgent: string;
  readonly dispatcher: Dispatcher;
}

/** An error of an endpoint with what a retry has to know. */
export class EndpointFailure extends RpcError {
  /** Whether nothing of an answer had come, so that asking again asks nothing twice. */
  readonly mayRetry: boolean;
  /** The server's own words, unfit for showing: only to find out what it did not understand. */
  readonly said: string;
  /** How long it asks to wait; null = it does not say. */
  readonly waitMs: number | null;

  constructor(problem: RpcError, known: { readonly mayRetry: boolean; readonly said?: unknown; readonly waitMs?: number | null }) {
    super(problem.code, problem.message, { ...(problem.hint === undefined ? {} : { hint: problem.hint }), cause: problem.cause });
    this.mayRetry = known.mayRetry;
    this.said = typeof known.said === 'string' ? known.said : '';
    this.waitMs = known.waitMs ?? null;
  }
}

const refusalBytes = 16_384;
const wholeAnswerBytes = 16_000_000;

/**
 * Asks once. Redirects are not followed: key and question go to this origin only.
 * @throws {EndpointFailure} endpoint-unreachable, endpoint-refused, endpoint-rate-limited, endpoint-stalled, endpoint-garbage, cancelled
 */
export async function askEndpoint(
  line: EndpointLine,
  body: Record<string, unknown>,
  options: {
    readonly request: GenerateRequest;
    readonly signal: AbortSignal;
    readonly onItem?: ((item: GenerateItem) => void) | undefined;
    /** Monotonic, ms. */
    readonly clock: () => number;
  },
): Promise<Answer> {
  const { request, signal, clock } = options;
  const asked = askedOf(line);
  const texts = request.turns.map((turn) => turn.content);
  const begunAt = clock();
  const answer = createChatAnswer();
  const fail = (problem: RpcError, told: { readonly said?: unknown; readonly waitMs?: number | null } = {}): EndpointFailure =>
    new EndpointFailure(problem, { mayRetry: !answer.hasBegun && isPassing(problem.code), ...told });
  const failWith = (status: number, said: unknown): EndpointFailure => {
    const problem = status === 429 ? rateLimited(asked, null) : refusal({ status, said: quotable(said, { key: line.key, texts }) }, asked);
    return fail(problem, { said });
  };

  try {
    const response = await post(line, body, signal);
    if (response.statusCode !== 200) throw await refusalOf(response);
    const kind = contentKind(response);
    if (kind === 'other') {
      discard(response);
      throw fail(garbage(asked, 'it sends neither events nor JSON'));
    }
    const isDone = await takePieces(response, kind);
    const whole = answer.end(clock() - begunAt, { isDone });
    if (whole === 'filtered') throw fail(filtered(asked));
    if (whole !== null) return whole;
    throw fail(isDone && !answer.hasBegun ? garbage(asked, 'there is no answer in it') : brokenOff(asked));
  } catch (error) {
    if (signal.aborted) throw cancelled(error);
    if (error instanceof EndpointFailure) throw error;
    if (error instanceof BrokenStream) throw fail(garbage(asked, error.message));
    throw fail(networkProblem(error, asked, line.stallSeconds));
  }

  async function refusalOf(response: Dispatcher.ResponseData): Promise<EndpointFailure> {
    const said = readBodyError(await readText(response, refusalBytes));
    if (response.statusCode !== 429) return failWith(response.statusCode, said);
    const waitMs = waitOf(response.headers);
    return fail(rateLimited(asked, waitMs), { said, waitMs });
  }

  /** @returns whether the server said that this was all */
  async function takePieces(response: Dispatcher.ResponseData, kind: 'events' | 'json'): Promise<boolean> {
    const events = kind === 'json' ? [await readText(response, wholeAnswerBytes)] : readEventStream(response.body);
    for await (const event of events) {
      if (event === '[DONE]') return true;
      const atMs = clock() - begunAt;
      const progress = answer.push(event, atMs);
      if (progress.kind === 'garbage') throw fail(garbage(asked, 'a piece of its answer cannot be read'));
      if (progress.kind === 'error') throw failWith(progress.status ?? (kind === 'json' ? 400 : 500), progress.said);
      if (progress.kind === 'text') {
        const { text, reasoning } = progress;
        options.onItem?.({ kind: 'tokens', text, reasoning, completionTokens: answer.pieces, atMs, tokensPerSecond: null });
      }
    }
    return kind === 'json';
  }
}

function post(line: EndpointLine, body: Record<string, unknown>, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  return packages.undici.request(`${line.baseUrl}/chat/completions`, {
    dispatcher: line.dispatcher,
    method: 'POST',
    headers: { ...headersOf(line), 'content-type': 'application/json', accept: 'text/event-stream, application/json' },
    body: JSON.stringify(body),
    headersTimeout: line.stallSeconds * 1000,
    bodyTimeout: line.stallSeconds * 1000,
    signal,
  });
}

/** What may be over when it is asked again. */
function isPassing(code: string): boolean {
  return code === endpointErrors.unreachable || code === endpointErrors.rateLimited || code === endpointErrors.stalled;
}

export function askedOf(line: Pick<EndpointLine, 'baseUrl' | 'key'>): AskedEndpoint {
  return { host: new URL(line.baseUrl).host, hasKey: line.key !== null };
}

export function headersOf(line: Pick<EndpointLine, 'key' | 'userAgent'>): Record<string, string> {
  return {
    'user-agent': line.userAgent,
    // Compressed events arrive in lumps, and a small answer could become a huge one.
    'accept-encoding': 'identity',
    ...(line.key === null ? {} : { authorization: `Bearer ${line.key}` }),
  };
}

/** Leaves an answer unread. */
export function discard(response: Dispatcher.ResponseData): void {
  response.body.on('error', () => undefined).destroy();
}

/** @returns at most so many bytes as text; what follows is left */
export async function readText(response: Dispatcher.ResponseData, limitBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response.body as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes > limitBytes) break;
  }
  return Buffer.concat(parts).subarray(0, limitBytes).toString('utf8');
}

export function contentKind(response: Dispatcher.ResponseData): 'events' | 'json' | 'other' {
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = response.headers;
  if (encoding !== 'identity') return 'other';
  const name = String(type ?? '').toLowerCase();
  if (name.startsWith('text/event-stream')) return 'events';
  return name.startsWith('application/json') ? 'json' : 'other';
}

function readBodyError(text: string): unknown {
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null) return null;
  if ('error' in body) return readError(body.error).said;
  if ('message' in body) return body.message;
  return 'detail' in body ? body.detail : null;
}

function waitOf(headers: Dispatcher.ResponseData['headers']): number | null {
  return headers['retry-after'] === undefined ? null : retryAfterMs(headers, Date.now());
}
