import type { LoadRequest, RunnerRoutes } from '#shared/contract/runner.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { type LlamaSession, loadSession } from './llamaSession.ts';
import { readProcessMemory } from './processMemory.ts';
import { readDevices } from './readDevices.ts';
import { simulate } from './simulate.ts';

const progressGapMs = 33;

/** The engine that reads images is opened only for a model that is to see. */
async function load(request: LoadRequest, options: Parameters<typeof loadSession>[1]): Promise<LlamaSession> {
  const { projectorPath } = request;
  if (projectorPath === undefined) return loadSession(request, options);
  const { loadVisionSession } = await import('./vision/visionSession.ts');
  return loadVisionSession({ ...request, projectorPath }, options);
}

/** The runner's routes. One model a process: unloading is the end of the process. */
export function createRunnerHandlers(options: { readonly scriptUrl: URL }): Handlers<RunnerRoutes> {
  let session: LlamaSession | null = null;
  let isLoading = false;
  /** Ended by `runner.stop`, so that no engine thread works while the process leaves. */
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();

  function track<T>(work: Promise<T>): Promise<T> {
    const settled = work.catch(() => undefined).finally(() => running.delete(settled));
    running.add(settled);
    return work;
  }
  function loaded(): LlamaSession {
    if (session === null) throw new RpcError(pipeErrors.badInput, 'No model is loaded in this runner.');
    return session;
  }
  const untilStopped = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, stopping.signal]);

  return {
    'runner.ping': async () => ({ pid: process.pid, uptimeMs: process.uptime() * 1000 }),
    'runner.load': async (request, { signal, emit }) => {
      if (session !== null || isLoading) throw new RpcError(pipeErrors.badInput, 'This runner already holds a model.');
      isLoading = true;
      let sentAt = Number.NEGATIVE_INFINITY;
      const onProgress = (progress: number): void => {
        if (progress < 1 && performance.now() - sentAt < progressGapMs) return;
        sentAt = performance.now();
        emit({ progress });
      };
      try {
        const loading = { scriptUrl: options.scriptUrl, signal: untilStopped(signal), onProgress };
        session = await track(load(request, loading));
        return session.loaded;
      } finally {
        isLoading = false;
      }
    },
    'runner.tokenise': async ({ text }) => ({ tokens: loaded().tokenise(text) }),
    'runner.count': async (request, { signal }) => ({ tokens: await loaded().count(request, { signal: untilStopped(signal) }) }),
    'runner.embed': (request, { signal }) => track(loaded().embed(request, { signal: untilStopped(signal) })),
    'runner.generate': (request, { signal, emit }) => track(loaded().generate(request, { signal: untilStopped(signal), emit })),
    'runner.measure': (request, { signal }) => track(loaded().measure(request, { signal: untilStopped(signal) })),
    'runner.memory': () => (session === null ? readProcessMemory(null) : session.memory()),
    'runner.devices': () => readDevices(),
    'runner.simulate': (request) => simulate(request),
    'runner.stop': async () => {
      stopping.abort();
      await Promise.all(running);
      process.exit(0);
    },
  };
}
