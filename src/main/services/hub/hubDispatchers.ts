import type { Agent, Dispatcher, ProxyAgent } from 'undici';
import { packages } from '../packages.ts';
import { type ProxySource, proxyFor } from './proxyChoice.ts';

export interface HubDispatchers {
  /** Connections for an address, through its proxy. @throws {RpcError} proxy-invalid */
  for(url: string): Promise<Dispatcher>;
  /** The proxy in use for an address, without credentials; null = direct. */
  proxyName(url: string): Promise<string | null>;
  dispose(): Promise<void>;
}

/**
 * HTTP/1.1 only: over HTTP/2 all ranges of a file would share one TCP connection and its window (measured by others at a ninth of the
 * speed). A body has no timeout here: whoever reads it watches whether bytes arrive.
 */
const connectionOptions = {
  allowH2: false,
  connect: { timeout: 10_000 },
  headersTimeout: 30_000,
  bodyTimeout: 0,
  keepAliveTimeout: 10_000,
} as const;

/** One pool a way, made when first needed. */
export function createHubDispatchers(source: () => ProxySource): HubDispatchers {
  let direct: Agent | undefined;
  const proxies = new Map<string, ProxyAgent>();
  return {
    async for(url) {
      const proxy = await proxyFor(new URL(url), source());
      if (proxy === null) {
        direct ??= new packages.undici.Agent(connectionOptions);
        return direct;
      }
      let agent = proxies.get(proxy);
      if (agent === undefined) {
        agent = new packages.undici.ProxyAgent({ uri: proxy, ...connectionOptions });
        proxies.set(proxy, agent);
      }
      return agent;
    },
    async proxyName(url) {
      const proxy = await proxyFor(new URL(url), source());
      return proxy === null ? null : new URL(proxy).origin;
    },
    async dispose() {
      await Promise.all([direct, ...proxies.values()].map((agent) => agent?.destroy()));
    },
  };
}
