import { setTimeout as wait } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { retryAfterMs } from '../hub/rateLimit.ts';
import { packages } from '../packages.ts';

export type OtlpSignal = 'traces' | 'metrics' | 'logs';

/** Where a collector listens, and how it is spoken to. */
export interface CollectorLine {
  /** Without `/v1/…` and without a slash at its end. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
  /** Before the second, third, … try of what may pass. */
  readonly retryDelaysMs: readonly number[];
}

export interface SentBatch {
  /** Of the records, how many the collector did not take. */
  readonly rejected: number;
  /** Its own words about it; null where there are none. */
  readonly said: string | null;
}

const answerMs = 30_000;
const answerBytes = 65_536;
/** Answers that the protocol lets a client try again after. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const longestWaitMs = 30_000;

/**
 * Sends one batch over OTLP/HTTP as JSON. Redirects are not followed: headers may hold a token.
 * @throws {RpcError} collector-unreachable, collector-refused; the signal's reason when aborted
 */
export async function sendOtlp(
  line: CollectorLine,
  batch: { readonly signal: OtlpSignal; readonly body: object },
  abort: AbortSignal,
): Promise<SentBatch> {
  const body = JSON.stringify(batch.body);
  for (let attempt = 0; ; attempt++) {
    const delayMs = line.retryDelaysMs[attempt];
    const answer = await post(line, { path: `/v1/${batch.signal}`, body }, abort);
    if (answer.kind === 'answer' && answer.status >= 200 && answer.status < 300) return readPartialSuccess(answer.text);
    const mayPass = answer.kind === 'failure' || passing.has(answer.status);
    if (!mayPass || delayMs === undefined) throw problemOf(answer, line, batch.signal);
    const told = answer.kind === 'answer' ? answer.waitMs : null;
    if (told !== null && told > longestWaitMs) throw problemOf(answer, line, batch.signal);
    await wait(told ?? delayMs, undefined, { signal: abort });
  }
}

type Posted =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string; readonly waitMs: number | null }
  | { readonly kind: 'failure'; readonly cause: unknown };

async function post(line: CollectorLine, content: { readonly path: string; readonly body: string }, abort: AbortSignal): Promise<Posted> {
  try {
    const response = await packages.undici.request(`${line.baseUrl}${content.path}`, {
      dispatcher: line.dispatcher,
      method: 'POST',
      headers: { ...line.headers, 'content-type': 'application/json', accept: 'application/json', 'accept-encoding': 'identity' },
      body: content.body,
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
      signal: abort,
    });
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of response.body as AsyncIterable<Buffer>) {
      parts.push(part);
      bytes += part.length;
      if (bytes > answerBytes) break;
    }
    const waitMs = response.headers['retry-after'] === undefined ? null : retryAfterMs(response.headers, Date.now());
    return { kind: 'answer', status: response.statusCode, text: Buffer.concat(parts).toString('utf8'), waitMs };
  } catch (cause) {
    abort.throwIfAborted();
    return { kind: 'failure', cause };
  }
}

/** A full success may have an empty answer, and some collectors answer in another form: then nothing was rejected as far as one knows. */
function readPartialSuccess(text: string): SentBatch {
  try {
    const partial =
      (JSON.parse(text) as { readonly partialSuccess?: Readonly<Record<string, unknown>> | null } | null)?.partialSuccess ?? {};
    const rejected = Number(partial['rejectedSpans'] ?? partial['rejectedDataPoints'] ?? partial['rejectedLogRecords'] ?? 0);
    const said = partial['errorMessage'];
    return {
      rejected: Number.isInteger(rejected) && rejected > 0 ? rejected : 0,
      said: typeof said === 'string' && said !== '' ? said.replace(/[\p{C}\s]+/gu, ' ').slice(0, 200) : null,
    };
  } catch {
    return { rejected: 0, said: null };
  }
}

function problemOf(answer: Posted, line: CollectorLine, signal: OtlpSignal): RpcError {
  const { host } = new URL(line.baseUrl);
  if (answer.kind === 'failure') {
    return new RpcError(benchmarkErrors.collectorUnreachable, `No collector answers at ${host}.`, {
      hint: 'Start it, or check the address: OTLP over HTTP mostly listens on port 4318.',
      cause: answer.cause,
    });
  }
  const { status } = answer;
  if (status === 401 || status === 403) {
    return new RpcError(benchmarkErrors.collectorRefused, `The collector at ${host} asks who is there (${status}).`, {
      hint: 'OTEL_EXPORTER_OTLP_HEADERS takes its headers, for example authorization=Bearer%20TOKEN.',
    });
  }
  if (status === 404 || status === 405) {
    return new RpcError(
      benchmarkErrors.collectorRefused,
      `${host} takes no ${signal} at ${new URL(line.baseUrl).pathname.replace(/\/$/, '')}/v1/${signal} (${status}).`,
      {
        hint: 'Give the address as OTEL_EXPORTER_OTLP_ENDPOINT has it, without /v1/…; OTLP over HTTP mostly listens on port 4318.',
      },
    );
  }
  if (passing.has(status)) {
    return new RpcError(benchmarkErrors.collectorUnreachable, `The collector at ${host} takes nothing now (${status}).`, {
      hint: 'Try again later.',
    });
  }
  return new RpcError(benchmarkErrors.collectorRefused, `The collector at ${host} refused the ${signal} (${status}).`, {
    hint: 'Look at its log. It must take OTLP over HTTP as JSON.',
  });
}
