import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ApiNeeds } from '#main/services/api/apiAnswer.ts';
import type { CallRecord } from '#main/services/api/apiCall.ts';
import { type ApiServer, type ApiServerOptions, startApiServer } from '#main/services/api/apiServer.ts';
import type { LoadedRunner } from '#main/services/models/modelService.ts';
import type { RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import type { Artifact, LoadedModel } from '#shared/contract/models.ts';
import type { GenerateItem, GenerateRequest, GenerateResult } from '#shared/contract/runner.ts';

/** An answer that the test gives, piece by piece. */
export interface AskedAnswer {
  readonly request: GenerateRequest;
  readonly signal: AbortSignal;
  write(text: string): void;
  end(text?: string): void;
}

/** A real server on a real socket, over a model that answers what the test says: its edge is what is tried here. */
export interface StandInApi {
  readonly server: ApiServer;
  /** Requests that are done, oldest first. */
  readonly done: CallRecord[];
  /** Resolves when so many are done. */
  untilDone(count: number): Promise<void>;
  /** The next question that reaches the model. */
  asked(): Promise<AskedAnswer>;
  /** From now on the model says this at once; null: it waits for the test. */
  saysAtOnce(text: string | null): void;
  ask(path: string, init?: RequestInit): Promise<Response>;
  chat(options?: { readonly signal?: AbortSignal; readonly body?: object }): Promise<Response>;
}

export const key = 'a-test-key';
export const modelId = 'stand-in';

export async function startStandInApi(options: Partial<ApiServerOptions> & { readonly sequences?: number } = {}): Promise<StandInApi> {
  const waiting: AskedAnswer[] = [];
  const askers: ((asked: AskedAnswer) => void)[] = [];
  const done: CallRecord[] = [];
  const watchers = new Set<() => void>();
  let atOnce: string | null = 'Yes.';

  const generation: Pick<RunnerGeneration, 'generate' | 'count' | 'tokenise'> = {
    count: () => Promise.resolve(3),
    tokenise: () => Promise.resolve([1, 2, 3]),
    generate: (request, { signal = new AbortController().signal, onItem } = {}) =>
      new Promise<GenerateResult>((resolve) => {
        let text = '';
        const write = (piece: string): void => {
          text += piece;
          onItem?.(itemOf(piece));
        };
        const end = (piece = '', finishReason: GenerateResult['finishReason'] = 'stop'): void => {
          if (piece !== '') write(piece);
          resolve(resultOf(text, finishReason));
        };
        if (atOnce !== null) return end(atOnce);
        signal.addEventListener('abort', () => end('', 'cancelled'), { once: true });
        const asked: AskedAnswer = { request: request as GenerateRequest, signal, write, end };
        const asker = askers.shift();
        if (asker === undefined) waiting.push(asked);
        else asker(asked);
      }),
  };
  const needs: ApiNeeds = {
    library: { list: () => [standIn] },
    models: {
      acquire: async () => ({ ...inHand, generation: generation as RunnerGeneration }),
      loaded: () => [{ artifactId: modelId, state: 'ready', sequences: options.sequences ?? 64 } as LoadedModel],
    } as ApiNeeds['models'],
    now: Date.now,
  };
  const server = await startApiServer(
    {
      host: '127.0.0.1',
      port: 0,
      key,
      allowedOrigins: [],
      version: '0.0.0-test',
      onCall(call) {
        const record = call.record();
        if (record.request.state !== 'done') return;
        done.push(record);
        for (const watch of [...watchers]) watch();
      },
      ...options,
    },
    needs,
  );
  const ask: StandInApi['ask'] = (path, init = {}) =>
    fetch(new URL(path, server.url), { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
  return {
    server,
    done,
    untilDone: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (done.length < count) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    asked() {
      const next = waiting.shift();
      return next === undefined ? new Promise((resolve) => askers.push(resolve)) : Promise.resolve(next);
    },
    saysAtOnce(text) {
      atOnce = text;
    },
    ask,
    chat: ({ body = {}, ...init } = {}) =>
      ask('/v1/chat/completions', {
        method: 'POST',
        ...init,
        body: JSON.stringify({ model: modelId, messages: [{ role: 'user', content: 'Well?' }], ...body }),
      }),
  };
}

/** A connection that says exactly what it is told, and collects what it hears. */
export interface RawClient {
  readonly socket: Socket;
  readonly heard: () => string;
  send(text: string | Buffer): void;
  /** Resolves when this has been heard; throws when the connection closes before. */
  until(words: string | RegExp): Promise<string>;
  /** Everything that was heard until the server closed. */
  closed(): Promise<string>;
}

export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('latin1');
  socket.on('data', (data) => (heard += String(data)));
  // A reset is one way to be closed.
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)));
  await once(socket, 'connect');
  return {
    socket,
    heard: () => heard,
    send: (text) => void socket.write(text),
    closed: () => closed,
    until: (words) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (typeof words === 'string' ? heard.includes(words) : words.test(heard)) resolve(heard);
        };
        socket.on('data', look);
        void closed.then(() => reject(new Error(`closed before ${String(words)}: ${heard}`)));
        look();
      }),
  };
}

const itemOf = (text: string): GenerateItem => ({
  kind: 'tokens',
  text,
  reasoning: '',
  completionTokens: 1,
  atMs: 1,
  tokensPerSecond: null,
});

const resultOf = (text: string, finishReason: GenerateResult['finishReason']): GenerateResult => ({
  text,
  reasoning: null,
  finishReason,
  usage: { promptTokens: 3, cachedTokens: 1, completionTokens: 2 },
  timings: { loadMs: null, ttftMs: 4, promptTokensPerSecond: null, generationTokensPerSecond: 50, totalMs: 9 },
  promptMs: 4,
  interTokenMs: [],
  contextUsedTokens: 5,
  contextTokens: 128,
  droppedTurns: 0,
  seed: 1,
  promptSha256: '',
});

const standIn = {
  id: modelId,
  name: 'Stand-in',
  quant: null,
  repo: null,
  publisher: null,
  state: 'ready',
  addedAt: 0,
} as unknown as Artifact;

const inHand: Omit<LoadedRunner, 'generation'> = {
  artifact: standIn,
  load: { knowsTools: true, seesImages: false } as LoadedRunner['load'],
  isFresh: false,
  noteSpeed: () => undefined,
  explained: (error) => error,
  release: () => undefined,
};
