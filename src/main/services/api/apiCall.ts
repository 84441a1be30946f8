import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Usage } from '#shared/contract/chat.ts';
import type { GenerateResult } from '#shared/contract/runner.ts';
import type { LoggedRequest } from '#shared/contract/server.ts';

/** A request with what is kept of it. `question` and `answer` are null where bodies are not kept. */
export interface CallRecord {
  readonly request: LoggedRequest;
  readonly question: string | null;
  readonly answer: string | null;
}

/** One request while it is answered. Whoever works for it finds it with `currentCall`, so that no dialect has to hand it on. */
export interface ApiCall {
  readonly id: string;
  /** Told apart in the queue: one program of one address. */
  readonly client: string;
  readonly path: string;
  /** Set when the server stops. */
  readonly signal: AbortSignal;
  record(): CallRecord;
  isState(state: 'waiting' | 'running'): void;
  /** What the client called the model, and what it was found to be. */
  asks(name: string, modelId: string | null): void;
  /** The body as it was sent. Kept up to a MiB. */
  keepQuestion(body: string): void;
  gave(result: CallResult): void;
  counted(usage: Usage): void;
  /** Why it fails, in words. The first reason stays. */
  failed(message: string): void;
}

export type CallResult = Pick<GenerateResult, 'text' | 'finishReason' | 'usage' | 'timings' | 'toolCalls'>;

export interface OpenCall extends ApiCall {
  end(outcome: { readonly status: number | null; readonly hungUp: boolean }): void;
  abort(): void;
}

/** What is said of a request whose client went away. */
export const hungUpWords = 'Client hung up';

/** Of a question or an answer; the rest is cut, and it says so. */
export const keptBodyLimit = 2 ** 20;

const calls = new AsyncLocalStorage<ApiCall>();

/** The request that is being answered here; undefined outside of one. */
export const currentCall = (): ApiCall | undefined => calls.getStore();

/** Does the work as part of a request. */
export const withinCall = <T>(call: ApiCall, work: () => T): T => calls.run(call, work);

/**
 * Begins the record of a request.
 * @param head as the client sent it; cut here, and without its query, where some clients put their key
 * @param options.now milliseconds since 1970
 * @param options.onChange told of every change, often several in a moment
 */
export function openCall(
  head: { readonly method: string; readonly path: string; readonly userAgent: string | undefined; readonly address: string },
  options: { readonly now: () => number; readonly keepsBodies: () => boolean; readonly onChange: (call: ApiCall) => void },
): OpenCall {
  const { now, keepsBodies, onChange } = options;
  const stopping = new AbortController();
  const program = head.userAgent === undefined ? null : oneLine(head.userAgent, 120);
  let question: string | null = null;
  let answer: string | null = null;
  let request: LoggedRequest = {
    id: randomUUID(),
    at: now(),
    method: oneLine(head.method, 20),
    path: oneLine(head.path.split(/[?#]/)[0] ?? '', 200),
    model: null,
    modelId: null,
    state: 'running',
    status: null,
    problem: null,
    usage: null,
    ttftMs: null,
    generationTokensPerSecond: null,
    totalMs: null,
    finishReason: null,
    hasBody: false,
    client: program,
  };
  function change(patch: Partial<LoggedRequest>): void {
    // What a model still says to a client that has gone is nobody's answer.
    if (request.state === 'done') return;
    request = { ...request, ...patch };
    onChange(call);
  }
  const call: OpenCall = {
    id: request.id,
    client: `${head.address} ${program ?? ''}`,
    path: request.path,
    signal: stopping.signal,
    record: () => ({ request, question, answer }),
    isState: (state) => change({ state }),
    asks: (name, modelId) => change({ model: oneLine(name, 200), modelId }),
    keepQuestion(body) {
      if (!keepsBodies()) return;
      question = cutBody(body);
      change({ hasBody: question === body });
    },
    gave({ text, finishReason, usage, timings, toolCalls = [] }) {
      if (keepsBodies()) answer = cutBody([...(answer === null ? [] : [answer]), wordsOf({ text, toolCalls })].join('\n'));
      const { generationTokensPerSecond } = timings;
      const ttftMs = request.ttftMs ?? timings.ttftMs;
      change({ finishReason, usage: sumOf(request.usage, usage), ttftMs, generationTokensPerSecond });
    },
    counted: (usage) => change({ usage: sumOf(request.usage, usage) }),
    failed: (message) => change({ problem: request.problem ?? oneLine(message, 500) }),
    abort: () => stopping.abort(),
    end({ status, hungUp }) {
      const problem = hungUp ? hungUpWords : request.problem;
      change({ state: 'done', status, problem, totalMs: Math.max(0, now() - request.at) });
    },
  };
  return call;
}

/** An answer as text: what was written, and what was called, a line each. */
export const wordsOf = ({ text, toolCalls = [] }: Pick<CallResult, 'text' | 'toolCalls'>): string =>
  [text, ...toolCalls.map((one) => JSON.stringify(one))].filter((part) => part !== '').join('\n');

/** A request may ask for several answers. */
function sumOf(a: Usage | null, b: Usage): Usage {
  if (a === null) return b;
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    completionTokens: a.completionTokens + b.completionTokens,
  };
}

function cutBody(text: string): string {
  if (text.length <= keptBodyLimit) return text;
  return `${text.slice(0, keptBodyLimit)}\n[Cut here: ${keptBodyLimit.toLocaleString('en')} of ${text.length.toLocaleString('en')} characters are kept.]`;
}

/** What a client wrote, in one line of a list. */
const oneLine = (text: string, length: number): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, length);
