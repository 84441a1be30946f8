import { hubErrors } from '#shared/contract/catalog.ts';
import type { Settings } from '#shared/contract/settings.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { isLoopback } from './hubEndpoint.ts';

export interface ProxySource {
  readonly settings: Pick<Settings, 'proxy' | 'proxyUrl'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly resolveProxy?: ((url: string) => Promise<string | null>) | undefined;
}

/**
 * The proxy for an address: what the settings say, else the environment, else the system.
 * @returns its address, perhaps with credentials in it; null = direct
 * @throws {RpcError} proxy-invalid
 */
export async function proxyFor(url: URL, source: ProxySource): Promise<string | null> {
  const { settings, env } = source;
  if (settings.proxy === 'none') return null;
  if (settings.proxy === 'custom') return settings.proxyUrl === null ? null : checked(settings.proxyUrl, 'the settings');
  const named = fromEnvironment(url, env);
  if (named !== undefined) return named;
  return isLoopback(url.hostname) ? null : ((await source.resolveProxy?.(url.href)) ?? null);
}

/** @returns undefined where the environment says nothing. */
function fromEnvironment(url: URL, env: ProxySource['env']): string | null | undefined {
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const value = env[name] || env[name.toUpperCase()] || env['all_proxy'] || env['ALL_PROXY'];
  if (!value) return undefined;
  return isExempt(url, env['no_proxy'] || env['NO_PROXY'] || '') ? null : checked(value, name.toUpperCase());
}

/** `NO_PROXY` as curl reads it: hosts and domains by comma or space, a port where one is given, `*` for all. */
function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      // An IPv6 address stands without brackets there, and has colons of its own.
      if (host === `[${entry}]`) return true;
      const [, name = '', wantedPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      const domain = name.replace(/^\*?\./, '');
      return (wantedPort === undefined || wantedPort === port) && domain !== '' && (host === domain || host.endsWith(`.${domain}`));
    });
}

function checked(address: string, where: string): string {
  const url = URL.parse(address.includes('://') ? address : `http://${address}`);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url.href;
  throw new RpcError(hubErrors.badProxy, `The proxy in ${where} is not an http or https address.`, {
    hint: 'It should look like http://proxy.example:3128. SOCKS proxies are not supported.',
  });
}
