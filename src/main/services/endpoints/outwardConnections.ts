import { Agent, type Dispatcher } from 'undici';
import type { HostPorts } from '../hostPorts.ts';
import { createHubDispatchers } from '../hub/hubDispatchers.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import { isNearby } from './endpointAddress.ts';

/** Connections to addresses that the user names. */
export interface OutwardConnections {
  /** @throws {RpcError} proxy-invalid */
  for(address: string): Promise<Dispatcher>;
  dispose(): Promise<void>;
}

/** Through the user's proxy as to the hub; directly to this machine and private networks, where no proxy stands on the way. */
export function createOutwardConnections(
  ports: Pick<HostPorts, 'env' | 'resolveProxy'>,
  settings: Pick<SettingsService, 'read'>,
): OutwardConnections {
  const direct = new Agent({ allowH2: false, connect: { timeout: 10_000 }, keepAliveTimeout: 10_000 });
  const proxied = createHubDispatchers(() => ({ settings: settings.read(), env: ports.env, resolveProxy: ports.resolveProxy }));
  return {
    for: async (address) => (isNearby(new URL(address).hostname) ? direct : await proxied.for(address)),
    async dispose() {
      await Promise.all([direct.destroy(), proxied.dispose()]);
    },
  };
}
