import { create } from 'zustand';
import type { Endpoint, EndpointCheck, EndpointDraft, EndpointId } from '#shared/contract/endpoints.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { rpc } from './rpc.ts';

interface EndpointsState {
  /** Null until they were read. */
  readonly endpoints: readonly Endpoint[] | null;
  readonly problem: RpcErrorData | null;
}

export const useEndpoints = create<EndpointsState>(() => ({ endpoints: null, problem: null }));

/** Reads them anew. What goes wrong stands in the store. */
export async function loadEndpoints(): Promise<void> {
  try {
    const { endpoints } = await rpc.call('endpoints.list', {});
    useEndpoints.setState({ endpoints, problem: null });
  } catch (thrown) {
    useEndpoints.setState({ problem: toRpcErrorData(thrown) });
  }
}

/** Hands an endpoint to the app, with its key where it has a new one; the page keeps no key. @throws {RpcError} bad-input, endpoint-not-found */
export async function saveEndpoint(draft: EndpointDraft): Promise<Endpoint> {
  const saved = await rpc.call('endpoints.save', draft);
  await loadEndpoints();
  return saved;
}

/** @throws {RpcError} */
export async function removeEndpoint(id: EndpointId): Promise<void> {
  await rpc.call('endpoints.remove', { id });
  await loadEndpoints();
}

/** Asks it what it has. @throws {RpcError} bad-input for an address that cannot be one */
export async function checkEndpoint(draft: EndpointDraft): Promise<EndpointCheck> {
  return await rpc.call('endpoints.check', draft);
}
