import { create } from 'zustand';
import type { DatasetItem } from '#shared/contract/datasets.ts';
import type { Replayed, RequestDetail, ServerChange, ServerSettingsPatch, ServerState } from '#shared/contract/server.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import { emptyLog, isError, type RequestLog, withLiveRequests, withRequests } from './requestLog.ts';
import { follow, rpc } from './rpc.ts';

interface ServerStore {
  /** Null until it has arrived. */
  readonly server: ServerState | null;
  readonly log: RequestLog;
  readonly problem: RpcErrorData | null;
}

export const useServer = create<ServerStore>(() => ({ server: null, log: emptyLog, problem: null }));
const { getState: get, setState: set } = useServer;

/** Keeps state and log of the local API up to date. @returns how to stop. */
export function followServer(): () => void {
  return follow('server.changes', {}, { onItem: take, onError: (problem) => set({ problem }) });
}

function take(change: ServerChange): void {
  switch (change.kind) {
    case 'snapshot':
      set({ server: change.state, log: withRequests(emptyLog, change.requests), problem: null });
      break;
    case 'state':
      set({ server: change.state });
      break;
    case 'requests':
      set({ log: withLiveRequests(get().log, change.requests) });
      break;
    case 'cleared':
      // What is being answered comes again with its next change.
      set({ log: emptyLog });
      break;
  }
}

const pageSize = 200;
let reading = false;

/** Reads the next older part of the log. @throws {RpcError} */
export async function readOlderRequests(errorsOnly: boolean): Promise<void> {
  const { log } = get();
  const offset = errorsOnly ? log.requests.filter(isError).length : log.requests.length;
  if (reading || offset >= (errorsOnly ? log.errors : log.total)) return;
  await readRequests({ errorsOnly, offset, limit: pageSize });
}

/** Reads how many requests the log holds. @throws {RpcError} */
export async function countRequests(): Promise<void> {
  await Promise.all([readRequests({ errorsOnly: false, offset: 0, limit: 1 }), readRequests({ errorsOnly: true, offset: 0, limit: 1 })]);
}

async function readRequests(asked: { readonly errorsOnly: boolean; readonly offset: number; readonly limit: number }): Promise<void> {
  reading = true;
  try {
    const { requests, total } = await rpc.call('server.requests', asked);
    const { log } = get();
    const counts = asked.errorsOnly ? { total: log.total, errors: total } : { total, errors: log.errors };
    set({ log: withRequests(log, requests, counts) });
  } finally {
    reading = false;
  }
}

/** @throws {RpcError} address-in-use and others that say why it did not start */
export async function startServer(): Promise<void> {
  set({ server: await rpc.call('server.start', {}) });
}

/** @throws {RpcError} */
export async function stopServer(): Promise<void> {
  set({ server: await rpc.call('server.stop', {}) });
}

/** @throws {RpcError} */
export async function restartServer(): Promise<void> {
  await stopServer();
  await startServer();
}

/** @throws {RpcError} bad-input; what was refused is as before */
export async function configureServer(patch: ServerSettingsPatch): Promise<void> {
  const before = get().server;
  if (before !== null) set({ server: { ...before, settings: { ...before.settings, ...definedOf(patch) } } });
  try {
    set({ server: await rpc.call('server.configure', patch) });
  } catch (thrown) {
    set({ server: before });
    throw thrown;
  }
}

/** The key itself. It is kept nowhere on the page but where it is shown. @throws {RpcError} */
export async function readServerKey(): Promise<string> {
  return (await rpc.call('server.key', {})).key;
}

/** @throws {RpcError} */
export async function makeServerKey(): Promise<void> {
  set({ server: await rpc.call('server.newKey', {}) });
}

/** @throws {RpcError} */
export async function clearRequests(): Promise<void> {
  await rpc.call('server.clearLog', {});
}

/** @throws {RpcError} request-not-found */
export async function openRequest(id: string): Promise<RequestDetail> {
  return await rpc.call('server.request', { id });
}

/** Puts a kept question to another model. @throws {RpcError} request-body-not-kept and codes of loading and answering */
export async function replayRequest(id: string, modelId: string, signal: AbortSignal): Promise<Replayed> {
  return await rpc.call('server.replay', { id, modelId }, { signal });
}

/** A kept request as an item of a set. @throws {RpcError} request-body-not-kept */
export async function itemOfRequest(id: string): Promise<DatasetItem> {
  return (await rpc.call('server.asItem', { id })).item;
}

function definedOf(patch: ServerSettingsPatch): Partial<ServerState['settings']> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
