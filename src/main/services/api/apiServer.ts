import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { systemErrors } from '#shared/contract/system.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { ApiNeeds } from './apiAnswer.ts';
import { createApiApp } from './apiApp.ts';
import { type ApiCall, openCall, withinCall } from './apiCall.ts';
import { type GuardRules, isLoopback } from './apiGuard.ts';
import { type ApiLimits, apiLimits, createLimitedServer } from './apiListener.ts';
import { type ApiCounts, isErrorRequest, metricsText, noCounts } from './apiMetrics.ts';
import { queuedModels } from './apiModels.ts';
import { createApiQueue } from './apiQueue.ts';

/** What may change while the server runs. */
export interface ApiRules extends GuardRules {
  /** Requests answered side by side by one model, as far as it was loaded for so many. */
  readonly parallel: number;
  readonly queueLimit: number;
  /** Whether questions and answers are kept with the calls. */
  readonly keepsBodies: boolean;
}

export interface ApiServerOptions extends GuardRules, Partial<Omit<ApiRules, keyof GuardRules>> {
  /** Loopback, or `::` and `0.0.0.0` for other devices too: only with a key. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly version: string;
  readonly limits?: Partial<ApiLimits>;
  /** Told of every change of a request; often several in a moment. */
  readonly onCall?: (call: ApiCall) => void;
}

export interface ApiServer {
  /** `http://127.0.0.1:11435/v1`, what an OpenAI client takes as its base address. */
  readonly url: string;
  readonly port: number;
  counts(): ApiCounts;
  /** @throws {RpcError} bad-input where other devices would be let in without a key */
  change(rules: Partial<ApiRules>): void;
  /** Ends what is being answered with an error, and all connections within a second. */
  close(): Promise<void>;
}

const closingMs = 1000;

/**
 * Serves the library's models to other programs of this machine in the words of OpenAI, Anthropic and Ollama.
 * @throws {RpcError} port-in-use; bad-input where other devices would be let in without a key
 */
export async function startApiServer(options: ApiServerOptions, needs: ApiNeeds): Promise<ApiServer> {
  const { host, onCall } = options;
  const isLan = !isLoopback(host);
  const { key, allowedOrigins, parallel = 4, queueLimit = 64, keepsBodies = false } = options;
  let rules: ApiRules = { key, allowedOrigins, parallel, queueLimit, keepsBodies };
  requireKey(isLan, rules);
  const limits = { ...apiLimits, ...options.limits };
  const startedAt = needs.now();
  const active = new Map<string, ReturnType<typeof openCall>>();
  let counts = noCounts;
  const queue = createApiQueue({
    parallel: (modelId) => Math.min(rules.parallel, sequencesOf(needs, modelId)),
    queueLimit: () => rules.queueLimit,
    now: () => performance.now(),
  });
  const countNow = (): ApiCounts => ({ ...counts, active: active.size - queue.waiting, waiting: queue.waiting });
  const app = createApiApp(
    {
      rules: () => rules,
      isLan,
      version: options.version,
      limits,
      metrics: () =>
        metricsText(countNow(), { models: needs.models.loaded().length, uptimeSeconds: Math.round((needs.now() - startedAt) / 1000) }),
    },
    { ...needs, models: queuedModels(needs.models, queue) },
  );
  const answer = getRequestListener(app.fetch);
  let idleWaiters: (() => void)[] = [];

  const server = createLimitedServer((incoming, outgoing) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    if (isUnlogged(method, path)) return void answer(incoming, outgoing);
    const head = { method, path, userAgent: headers['user-agent'], address: incoming.socket.remoteAddress ?? '' };
    const call = openCall(head, { now: needs.now, keepsBodies: () => rules.keepsBodies, onChange: (changed) => onCall?.(changed) });
    active.set(call.id, call);
    onCall?.(call);
    outgoing.once('close', () => {
      active.delete(call.id);
      const hungUp = !outgoing.writableFinished && !call.signal.aborted;
      call.end({ status: outgoing.headersSent ? outgoing.statusCode : null, hungUp });
      counts = countedWith(counts, call);
      if (active.size > 0) return;
      for (const done of idleWaiters) done();
      idleWaiters = [];
    });
    // The second is Anthropic's.
    for (const name of ['x-request-id', 'request-id']) outgoing.setHeader(name, call.id);
    withinCall(call, () => void answer(incoming, outgoing));
  }, limits);
  await listen(server, options);
  const { port } = server.address() as AddressInfo;

  const close = async (): Promise<void> => {
    const closed = new Promise<void>((done) => server.close(() => done()));
    const idle = active.size === 0 ? Promise.resolve() : new Promise<void>((done) => idleWaiters.push(done));
    for (const call of active.values()) call.abort();
    const timeout = Promise.withResolvers<void>();
    const timer = setTimeout(timeout.resolve, closingMs);
    await Promise.race([idle, timeout.promise]);
    clearTimeout(timer);
    server.closeAllConnections();
    await Promise.all([closed, idle]);
  };
  let closing: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`,
    port,
    counts: countNow,
    change(patch) {
      const next = { ...rules, ...patch };
      requireKey(isLan, next);
      rules = next;
      queue.wake();
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** Asked every few seconds by those who watch, and by browsers before they ask: none of a person's requests. */
const isUnlogged = (method: string, path: string): boolean => method === 'OPTIONS' || /^\/(health|metrics)?(\?|$)/.test(path);

/** As many as it was loaded for; a model that is not loaded yet will be loaded for those who wait. */
function sequencesOf({ models }: ApiNeeds, modelId: string): number {
  const loaded = models.loaded().find(({ artifactId, state }) => artifactId === modelId && state === 'ready');
  return loaded === undefined ? Number.POSITIVE_INFINITY : Math.max(1, loaded.sequences);
}

function countedWith(counts: ApiCounts, call: ApiCall): ApiCounts {
  const { request } = call.record();
  return {
    ...counts,
    requests: counts.requests + 1,
    errors: counts.errors + (isErrorRequest(request) ? 1 : 0),
    promptTokens: counts.promptTokens + (request.usage?.promptTokens ?? 0),
    cachedTokens: counts.cachedTokens + (request.usage?.cachedTokens ?? 0),
    completionTokens: counts.completionTokens + (request.usage?.completionTokens ?? 0),
  };
}

function requireKey(isLan: boolean, { key }: GuardRules): void {
  if (!isLan || key !== null) return;
  throw new RpcError(pipeErrors.badInput, 'Other devices may connect only with a key.', {
    hint: 'Ask for a key again, or keep the server to this machine.',
  });
}

async function listen(server: ReturnType<typeof createLimitedServer>, { port, host }: ApiServerOptions): Promise<void> {
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return fail(error);
      const why = error.code === 'EACCES' ? 'may not be used by this account' : 'is in use by another program';
      fail(
        new RpcError(systemErrors.portInUse, `Port ${port} ${why}.`, {
          hint: 'Choose another port for the API, or close that program.',
          cause: error,
        }),
      );
    });
    server.listen(port, host, () => done());
  });
}
