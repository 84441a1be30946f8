import type { Session } from 'electron';
import type { Log } from '#shared/log.ts';

/**
 * The system's proxy for an address, as Chromium finds it: settings of the system, PAC scripts, environment.
 * @returns `resolveProxy` of the host's ports: `http://host:port`, or null for a direct connection
 */
export function createProxyResolver(options: {
  readonly session: Pick<Session, 'resolveProxy'>;
  readonly log: Log;
}): (url: string) => Promise<string | null> {
  return async (url) => {
    const found = parseProxyList(await options.session.resolveProxy(url));
    if (found.kind === 'unsupported') options.log.warn('proxy.unsupported', { schemes: found.schemes.join(' ') });
    return found.kind === 'proxy' ? found.url : null;
  };
}

export type FoundProxy =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly url: string }
  | { readonly kind: 'unsupported'; readonly schemes: readonly string[] };

/**
 * The first usable way of a list as a PAC script returns it.
 * @param list such as `PROXY proxy.example:3128; SOCKS5 10.0.0.1:1080; DIRECT`
 */
export function parseProxyList(list: string): FoundProxy {
  const unsupported: string[] = [];
  for (const entry of list.split(';')) {
    const [scheme = '', address = ''] = entry.trim().split(/\s+/);
    switch (scheme.toUpperCase()) {
      case '':
        continue;
      case 'DIRECT':
        // Chromium would have tried the others first: the log says why a download goes around them.
        return unsupported.length > 0 ? { kind: 'unsupported', schemes: unsupported } : { kind: 'direct' };
      case 'PROXY':
      case 'HTTPS': {
        const url = proxyUrl(scheme.toUpperCase() === 'HTTPS' ? 'https' : 'http', address);
        if (url !== null) return { kind: 'proxy', url };
        unsupported.push(scheme);
        continue;
      }
      default:
        unsupported.push(scheme.slice(0, 20));
    }
  }
  return unsupported.length > 0 ? { kind: 'unsupported', schemes: unsupported } : { kind: 'direct' };
}

function proxyUrl(scheme: 'http' | 'https', address: string): string | null {
  const [, host, port] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(address) ?? [];
  const url = `${scheme}://${host}:${port ?? (scheme === 'https' ? '443' : '80')}`;
  return host !== undefined && URL.canParse(url) ? url : null;
}
