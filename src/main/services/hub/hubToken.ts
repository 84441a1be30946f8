import { hubErrors } from '#shared/contract/catalog.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { HostPorts } from '../hostPorts.ts';
import { hubItself, isPrivateWay } from './hubEndpoint.ts';

export interface HubToken {
  /** The token for a request to this address; null when there is none, or when it must not go there. */
  for(url: URL): Promise<string | null>;
  origin(): Promise<'none' | 'stored' | 'environment'>;
  /** Checks how it is written, binds it to the hub in use and stores it. @throws {RpcError} token-invalid */
  store(token: string | null): Promise<void>;
}

/**
 * The user's token of the hub. `HF_TOKEN` belongs to the hub of the same environment; a stored one to the hub it was entered for. It is
 * given out for that hub's own origin only, and only for https or loopback.
 */
export function createHubToken(ports: Pick<HostPorts, 'env' | 'secrets'>): HubToken {
  const hubOrigin = (): string => new URL(hubItself(ports.env)).origin;

  async function stored(): Promise<string | null> {
    const secret = await ports.secrets.get('hub-token');
    if (secret === null) return null;
    const cut = secret.indexOf('#');
    return secret.slice(0, cut) === hubOrigin() ? secret.slice(cut + 1) : null;
  }

  return {
    async for(url) {
      if (url.origin !== hubOrigin() || !isPrivateWay(url)) return null;
      const named = ports.env['HF_TOKEN']?.trim();
      return named ? tidy(named) : await stored();
    },
    async origin() {
      if (ports.env['HF_TOKEN']?.trim()) return 'environment';
      return (await stored()) === null ? 'none' : 'stored';
    },
    async store(token) {
      await ports.secrets.set('hub-token', token === null ? null : `${hubOrigin()}#${tidy(token)}`);
    },
  };
}

/** A header takes visible ASCII only; anything else was pasted by mistake. */
export function tidy(token: string): string {
  const text = token.trim();
  if (/^[\x21-\x7e]{1,500}$/.test(text)) return text;
  throw new RpcError(hubErrors.tokenInvalid, 'This is not a token: it holds spaces or other characters that no token has.', {
    hint: 'Copy it again from the hub, Settings › Access Tokens. It starts with hf_.',
  });
}
