import type { Agent, Dispatcher } from 'undici';
import type { HostPorts } from '../hostPorts.ts';
import { createHubDispatchers } from '../hub/hubDispatchers.ts';
import { packages } from '../packages.ts';
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
  let direct: Agent | undefined;
  const proxied = createHubDispatchers(() => ({ settings: settings.read(), env: ports.env, resolveProxy: ports.resolveProxy }));
  return {
    async for(address) {
      if (!isNearby(new URL(address).hostname)) return await proxied.for(address);
      direct ??= new packages.undici.Agent({ allowH2: false, connect: { timeout: 10_000 }, keepAliveTimeout: 10_000 });
      return direct;
    },
    async dispose() {
      await Promise.all([direct?.destroy(), proxied.dispose()]);
    },
  };
}
