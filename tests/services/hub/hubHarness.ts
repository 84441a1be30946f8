import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createFileSecrets } from '#main/hosts/fileSecrets.ts';
import { createHubClient, type HubClientOptions } from '#main/services/hub/createHubClient.ts';
import type { HubClient } from '#main/services/hub/hubClient.ts';
import { Settings } from '#shared/contract/settings.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** Quick tries, so that a test of a broken hub does not wait for people. */
export const quick = { delaysMs: [1, 1], longestLimitMs: 1500 };

export interface HubOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly settings?: Partial<Settings>;
  readonly retry?: HubClientOptions['retry'];
}

/** A hub client with secrets of its own, closed when the test ends. */
export function openHub(url: string, options: HubOptions = {}): HubClient & { readonly logged: string[] } {
  const logged: string[] = [];
  const write = (event: string, fields: Record<string, unknown> = {}) => void logged.push(`${event} ${JSON.stringify(fields)}`);
  const settings: Settings = { ...Settings.parse({}), ...options.settings };
  const hub = createHubClient({
    ports: { env: { HF_ENDPOINT: url, ...options.env }, secrets: createFileSecrets(join(temporaryFolder(), 'secrets')), version: 'test' },
    settings: { read: () => settings },
    log: { error: write, warn: write, info: write },
    now: Date.now,
    retry: options.retry ?? quick,
  });
  onTestFinished(() => hub.dispose());
  return { ...hub, logged };
}
