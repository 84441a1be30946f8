import type { EndpointId } from '#shared/contract/endpoints.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { Secrets } from '../hostPorts.ts';

/** Keys of endpoints, each bound to the origin it was entered for. */
export interface EndpointKeys {
  /** @returns null when there is none, or when it was entered for another origin */
  for(id: EndpointId, address: string): Promise<string | null>;
  store(id: EndpointId, address: string, key: string): Promise<void>;
  forget(id: EndpointId): Promise<void>;
}

/** A key lies with the origin it belongs to: whoever changes an address does not get the key sent there. */
export function createEndpointKeys(secrets: Secrets): EndpointKeys {
  return {
    async for(id, address) {
      const secret = await secrets.get(`endpoint-key:${id}`);
      if (secret === null) return null;
      const cut = secret.indexOf('#');
      return cut > 0 && secret.slice(0, cut) === new URL(address).origin ? secret.slice(cut + 1) : null;
    },
    store: (id, address, key) => secrets.set(`endpoint-key:${id}`, `${new URL(address).origin}#${key}`),
    forget: (id) => secrets.set(`endpoint-key:${id}`, null),
  };
}

/** A header takes visible ASCII only; anything else was pasted by mistake. @throws {RpcError} bad-input */
export function readKey(key: string): string {
  const text = key.trim();
  if (/^[\x21-\x7e]{1,2000}$/.test(text)) return text;
  throw new RpcError(pipeErrors.badInput, 'This is not a key: it holds spaces or other characters that no key has.', {
    hint: 'Copy it again from where it was given to you.',
  });
}
