import { hubErrors } from '#shared/contract/catalog.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { HubEndpoint } from './hubClient.ts';

export const defaultHub = 'https://huggingface.co';

/**
 * Where requests go: the mirror of the settings, `HF_ENDPOINT`, or huggingface.co. `HF_ENDPOINT` names the hub itself, as the hub's own
 * tools understand it; a mirror only stands in for it and is trusted with nothing (docs/decisions/019-hub-client.md).
 * @throws {RpcError} hub-address-invalid
 */
export function hubEndpoint(source: {
  readonly mirror: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}): HubEndpoint {
  if (source.mirror !== null) return { url: addressOf(source.mirror, 'The mirror in the settings'), isMirror: true };
  return { url: hubItself(source.env), isMirror: false };
}

/** The hub's own address, mirror or not: what a token belongs to. @throws {RpcError} hub-address-invalid */
export function hubItself(env: Readonly<Record<string, string | undefined>>): string {
  return env['HF_ENDPOINT'] ? addressOf(env['HF_ENDPOINT'], 'HF_ENDPOINT') : defaultHub;
}

/** A token crosses the network only encrypted, or not at all: over loopback. */
export function isPrivateWay(url: URL): boolean {
  return url.protocol === 'https:' || isLoopback(url.hostname);
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function addressOf(text: string, where: string): string {
  const url = URL.parse(text.trim());
  if (
    url === null ||
    (url.protocol !== 'https:' && url.protocol !== 'http:') ||
    url.username !== '' ||
    url.password !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new RpcError(hubErrors.badEndpoint, `${where} is not the address of a hub.`, { hint: `It should look like ${defaultHub}.` });
  }
  return url.href.replace(/\/+$/, '');
}
