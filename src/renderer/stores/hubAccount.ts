import { create } from 'zustand';
import type { HubAccount } from '#shared/contract/catalog.ts';
import { type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { rpc } from './rpc.ts';

interface HubAccountState {
  /** Null until it was asked for. */
  readonly account: HubAccount | null;
  /** Why the last asking failed: the address of the hub or the proxy makes no sense. */
  readonly problem: RpcErrorData | null;
}

export const useHubAccount = create<HubAccountState>(() => ({ account: null, problem: null }));

/** Reads where requests go and what token there is. Asks the hub who it belongs to only with `verify`. @throws {RpcError} with `verify` */
export async function loadHubAccount({ verify = false }: { readonly verify?: boolean } = {}): Promise<void> {
  try {
    useHubAccount.setState({ account: await rpc.call('hub.account', { verify }), problem: null });
  } catch (thrown) {
    if (verify) throw thrown;
    useHubAccount.setState({ account: null, problem: toRpcErrorData(thrown) });
  }
}

/**
 * Hands a token to the app, or forgets it. It is kept nowhere on the page.
 * @throws {RpcError} token-invalid when the hub refuses it; other codes when the hub could not be asked: the account says what was kept
 */
export async function setHubToken(token: string | null): Promise<void> {
  try {
    useHubAccount.setState({ account: await rpc.call('hub.setToken', { token }), problem: null });
  } catch (thrown) {
    await loadHubAccount();
    throw thrown;
  }
}

/** @returns the hub's own address, for links to its pages; a mirror has none of them. */
export function hubAddress(account: HubAccount | null): string {
  return account === null || account.isMirror ? 'https://huggingface.co' : account.endpoint;
}
