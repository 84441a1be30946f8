import { setTimeout as wait } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { hubErrors } from '#shared/contract/catalog.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { packages } from '../packages.ts';
import type { HubDispatchers } from './hubDispatchers.ts';
import { isLoopback } from './hubEndpoint.ts';
import type { HubToken } from './hubToken.ts';
import { readHubError, readNetworkError } from './readHubError.ts';

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** One question to the hub. */
export interface HubQuestion {
  readonly method: 'GET' | 'HEAD';
  readonly url: string;
  readonly accept?: string;
  /** For errors. */
  readonly repo: string | null;
  readonly signal?: AbortSignal | undefined;
  /** Whether a redirect ends the question: it is the answer then. */
  readonly isAnswer?: (status: number, headers: AnswerHeaders) => boolean;
  /** Bytes of the body that are read; the rest is left. */
  readonly limitBytes: number;
  /** Instead of the user's token: for checking one before it is kept. */
  readonly token?: string;
}

export interface HubAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Buffer;
  readonly isCut: boolean;
  /** Where the answer came from in the end. */
  readonly url: string;
}

/** Tries of a question that met no network or a broken server, and how long each waits. */
export interface RetryPolicy {
  readonly delaysMs: readonly number[];
  /** A rate limit that ends within this time is waited for; a longer one is an error that says when it ends. */
  readonly longestLimitMs: number;
  /** For one answer from the question to its last byte; five minutes where not given. */
  readonly longestAnswerMs?: number;
}

const redirectLimit = 5;
const answerTimeoutMs = 30_000;
/** A page of files takes a minute over the slowest line that is any use. */
const longestAnswerMs = 5 * 60_000;

/**
 * Asks once, or again where that helps. Redirects are followed here and nowhere else, so that the token stays with the hub's own origin.
 * @throws {RpcError} codes of `hubErrors`; the signal's reason when aborted
 */
export async function askHub(
  question: HubQuestion,
  ways: {
    readonly dispatchers: HubDispatchers;
    readonly token: HubToken;
    readonly userAgent: string;
    readonly retry: RetryPolicy;
    readonly now: () => number;
  },
): Promise<HubAnswer> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await askOnce(question, ways);
    } catch (error) {
      question.signal?.throwIfAborted();
      const delayMs = error instanceof RpcError ? delayBefore(error, attempt, ways) : undefined;
      if (delayMs === undefined) throw error;
      await wait(delayMs, undefined, { signal: question.signal });
    }
  }
}

function delayBefore(
  error: RpcError,
  attempt: number,
  ways: { readonly retry: RetryPolicy; readonly now: () => number },
): number | undefined {
  const planned = ways.retry.delaysMs[attempt];
  if (planned === undefined) return undefined;
  if (error.code === hubErrors.rateLimited) {
    const waitMs = ((error.data as { readonly retryAt: number }).retryAt ?? 0) - ways.now();
    return waitMs <= ways.retry.longestLimitMs ? Math.max(waitMs, 0) : undefined;
  }
  if (error.code === hubErrors.unreachable || error.code === hubErrors.down) return planned * (0.75 + Math.random() / 2);
  return undefined;
}

/** An answer that trickles on for ever has its end as well. */
async function askOnce(question: HubQuestion, ways: Parameters<typeof askHub>[1]): Promise<HubAnswer> {
  const late = AbortSignal.timeout(ways.retry.longestAnswerMs ?? longestAnswerMs);
  const signal = question.signal === undefined ? late : AbortSignal.any([question.signal, late]);
  try {
    return await followAnswers({ ...question, signal }, ways);
  } catch (error) {
    question.signal?.throwIfAborted();
    throw late.aborted ? badAnswer('The answer of the hub does not come to its end.', error) : error;
  }
}

async function followAnswers(question: HubQuestion, ways: Parameters<typeof askHub>[1]): Promise<HubAnswer> {
  const start = new URL(question.url);
  let url = start;
  for (let hops = 0; ; hops++) {
    const token = question.token ?? (await ways.token.for(url));
    const mayCarry = url.origin === start.origin;
    const answer = await send(question, url, mayCarry ? token : null, ways);
    if (isRedirect(answer.statusCode) && question.isAnswer?.(answer.statusCode, answer.headers) !== true) {
      await discard(answer);
      if (hops >= redirectLimit) throw badAnswer('The hub sends from one address to the next without end.');
      url = redirectTarget(url, answer.headers);
      continue;
    }
    return await readAnswer(question, { answer, url, hasToken: mayCarry && token !== null }, ways.now());
  }
}

async function send(
  question: HubQuestion,
  url: URL,
  token: string | null,
  ways: Parameters<typeof askHub>[1],
): Promise<Dispatcher.ResponseData> {
  const dispatcher = await ways.dispatchers.for(url.href);
  try {
    return await packages.undici.request(url, {
      dispatcher,
      method: question.method,
      headers: {
        'user-agent': ways.userAgent,
        accept: question.accept ?? '*/*',
        // Where nothing is said, a server may send any encoding.
        'accept-encoding': 'identity',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
      ...(question.signal === undefined ? {} : { signal: question.signal }),
    });
  } catch (error) {
    question.signal?.throwIfAborted();
    throw readNetworkError(error, url.host);
  }
}

async function readAnswer(
  question: HubQuestion,
  found: { readonly answer: Dispatcher.ResponseData; readonly url: URL; readonly hasToken: boolean },
  now: number,
): Promise<HubAnswer> {
  const { answer, url } = found;
  const { statusCode: status, headers } = answer;
  const isRefused = status >= 400;
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!isRefused && question.limitBytes > 0 && encoding !== 'identity') {
    answer.body.on('error', () => undefined).destroy();
    throw badAnswer('The answer of the hub is compressed, which was not asked for.');
  }
  const { body, isCut } = await readBody(question, answer, isRefused ? 8192 : question.limitBytes, url);
  if (isRefused) {
    const page = question.repo === null ? url.origin : `${url.origin}/${question.repo}`;
    throw readHubError({ status, headers, text: body.toString('utf8'), repo: question.repo, page, hasToken: found.hasToken, now });
  }
  return { status, headers, body, isCut, url: url.href };
}

async function readBody(
  question: HubQuestion,
  answer: Dispatcher.ResponseData,
  limitBytes: number,
  url: URL,
): Promise<{ readonly body: Buffer; readonly isCut: boolean }> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of answer.body as AsyncIterable<Buffer>) {
      parts.push(part);
      bytes += part.length;
      if (bytes > limitBytes) break;
    }
  } catch (error) {
    question.signal?.throwIfAborted();
    throw readNetworkError(error, url.host);
  }
  return { body: Buffer.concat(parts).subarray(0, limitBytes), isCut: bytes > limitBytes };
}

function redirectTarget(from: URL, headers: AnswerHeaders): URL {
  const location = headers['location'];
  const target = typeof location === 'string' ? URL.parse(location, from) : null;
  if (target === null || !isSafeStep(from, target)) throw badAnswer('The hub sends to an address that is not used.');
  return target;
}

/** Never from an encrypted way to a plain one, and never to anything but http. */
export function isSafeStep(from: URL, to: URL): boolean {
  return to.protocol === 'https:' || (to.protocol === 'http:' && (from.protocol === 'http:' || isLoopback(to.hostname)));
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400 && status !== 304;

async function discard(answer: Dispatcher.ResponseData): Promise<void> {
  await answer.body.dump({ limit: 65_536 }).catch(() => undefined);
}

/** An answer that makes no sense. */
export function badAnswer(message: string, cause?: unknown): RpcError {
  return new RpcError(hubErrors.badAnswer, message, { hint: 'Try again later, or without a mirror.', cause });
}
