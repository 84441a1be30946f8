import type { Log } from '#shared/log.ts';
import type { HostPorts } from '../hostPorts.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import type { HubClient } from './hubClient.ts';

export interface HubClientOptions {
  readonly ports: Pick<HostPorts, 'env' | 'secrets' | 'resolveProxy' | 'version'>;
  readonly settings: Pick<SettingsService, 'read'>;
  readonly log: Log;
  readonly now: () => number;
}

export function createHubClient(_options: HubClientOptions): HubClient {
  return new Proxy({} as HubClient, {
    get: (_target, name) => () => {
      if (name === 'dispose') return Promise.resolve();
      if (name === 'partialPaths' || name === 'list') return [];
      throw new Error('to be built');
    },
  });
}
