import { create } from 'zustand';
import type { Routes } from '#shared/contract/routes.ts';
import { connectRpc } from '#shared/rpc/connectRpc.ts';
import type { FramePipe } from '#shared/rpc/frames.ts';
import type { InputOf, ItemOf, Rpc, StreamNames } from '#shared/rpc/routeTable.ts';
import { pipeErrors, RpcError, type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';

interface Connection {
  readonly state: 'connecting' | 'open' | 'lost';
}

export const useConnection = create<Connection>(() => ({ state: 'connecting' }));

const retryDelaysMs = [250, 500, 1000, 2000, 5000] as const;
const openListeners = new Set<(signal: AbortSignal) => void>();
let openPipe: (() => Promise<FramePipe>) | null = null;
let firstOpen = Promise.withResolvers<Rpc<Routes>>();
let live: { readonly rpc: Rpc<Routes>; readonly closed: AbortController } | null = null;
let attempts = 0;
let isOpening = false;
let retryTimer: ReturnType<typeof setTimeout> | undefined;

/**
 * The app, as the page sees it. A call made before the first connection waits for it; a call made while the
 * connection is lost fails with `pipe-closed`.
 */
export const rpc: Rpc<Routes> = {
  call: async (route, input, options) => (await current()).call(route, input, options),
  stream: async (route, input, options) => (await current()).stream(route, input, options),
};

async function current(): Promise<Rpc<Routes>> {
  if (live !== null) return live.rpc;
  if (useConnection.getState().state === 'connecting') return await firstOpen.promise;
  throw new RpcError(pipeErrors.closed, 'The connection to Rightsize was lost.', { hint: 'It is being opened again.' });
}

/** Connects the page to its host, and again whenever the connection is lost. Called once. */
export function connectPage(open: () => Promise<FramePipe>): void {
  openPipe = open;
  void attempt();
}

/** Tries at once instead of waiting for the next attempt. */
export function reconnectNow(): void {
  if (live !== null) return;
  attempts = 0;
  void attempt();
}

/**
 * Runs a listener now and after each reconnection: what it starts belongs to one connection.
 * @param listener gets a signal that aborts when that connection is lost or the returned function is called.
 */
export function onConnected(listener: (signal: AbortSignal) => void): () => void {
  const stopped = new AbortController();
  const start = (closed: AbortSignal): void => listener(AbortSignal.any([closed, stopped.signal]));
  openListeners.add(start);
  if (live !== null) start(live.closed.signal);
  return () => {
    openListeners.delete(start);
    stopped.abort();
  };
}

/** Follows a stream for as long as it is wanted, over every reconnection. @returns how to stop. */
export function follow<Name extends StreamNames<Routes>>(
  route: Name,
  input: InputOf<Routes[Name]>,
  options: { readonly onItem: (item: ItemOf<Routes[Name]>) => void; readonly onError?: (error: RpcErrorData) => void },
): () => void {
  return onConnected((signal) => {
    rpc.stream(route, input, { onItem: options.onItem, signal }).catch((thrown: unknown) => {
      if (!signal.aborted) options.onError?.(toRpcErrorData(thrown));
    });
  });
}

async function attempt(): Promise<void> {
  clearTimeout(retryTimer);
  if (openPipe === null || isOpening) return;
  isOpening = true;
  const pipe = await openPipe().catch(() => null);
  isOpening = false;
  if (pipe === null) retryLater();
  else begin(pipe);
}

function begin(pipe: FramePipe): void {
  const closed = new AbortController();
  const connected = connectRpc<Routes>(pipe);
  live = { rpc: connected, closed };
  attempts = 0;
  pipe.onClose(() => {
    live = null;
    useConnection.setState({ state: 'lost' });
    closed.abort();
    retryLater();
  });
  firstOpen.resolve(connected);
  useConnection.setState({ state: 'open' });
  for (const listener of openListeners) listener(closed.signal);
}

function retryLater(): void {
  if (useConnection.getState().state === 'connecting' && attempts > 0) {
    useConnection.setState({ state: 'lost' });
    firstOpen.reject(new RpcError(pipeErrors.closed, 'Rightsize does not answer.'));
    firstOpen.promise.catch(() => undefined);
    firstOpen = Promise.withResolvers();
  }
  const delayMs = retryDelaysMs[Math.min(attempts, retryDelaysMs.length - 1)];
  attempts += 1;
  retryTimer = setTimeout(() => void attempt(), delayMs);
}
