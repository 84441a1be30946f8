import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createFileSecrets } from '#main/hosts/fileSecrets.ts';
import type { EndpointPatience } from '#main/services/endpoints/askPatiently.ts';
import { createEndpointService } from '#main/services/endpoints/createEndpointService.ts';
import type { EndpointService } from '#main/services/endpoints/endpointService.ts';
import { openDatabase } from '#main/storage/database.ts';
import { EndpointDraft } from '#shared/contract/endpoints.ts';
import { GenerateRequest } from '#shared/contract/runner.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

export interface EndpointHarness {
  readonly endpoints: EndpointService;
  /** Where keys lie. */
  readonly secretsFolder: string;
  readonly logged: string[];
}

const impatient: EndpointPatience = { failureDelaysMs: [1], limitDelaysMs: [1, 1, 1], longestLimitMs: 5000 };

/** The real service on a database and a folder of secrets of its own, which waits no time worth mentioning. */
export function openEndpoints(options: { readonly folder?: string; readonly env?: Record<string, string> } = {}): EndpointHarness {
  const folder = options.folder ?? temporaryFolder();
  const secretsFolder = join(folder, 'secrets');
  const database = openDatabase(join(folder, 'rightsize.db'));
  const logged: string[] = [];
  const write = (event: string, fields: Record<string, unknown> = {}): void => void logged.push(`${event} ${JSON.stringify(fields)}`);
  const endpoints = createEndpointService({
    database,
    ports: { env: options.env ?? {}, secrets: createFileSecrets(secretsFolder), version: '0.0.0-test' },
    settings: { read: () => ({ proxy: 'system', proxyUrl: null }) as never },
    log: { error: write, warn: write, info: write },
    now: Date.now,
    patience: impatient,
  });
  onTestFinished(async () => {
    await endpoints.dispose();
    database.close();
  });
  return { endpoints, secretsFolder, logged };
}

export const draftOf = (draft: Partial<EndpointDraft> & { readonly baseUrl: string }): EndpointDraft =>
  EndpointDraft.parse({ id: null, name: 'Lab', models: ['small'], concurrency: 4, requestsPerMinute: null, stallSeconds: 20, ...draft });

export const question = (request: Partial<GenerateRequest> = {}): GenerateRequest =>
  GenerateRequest.parse({
    turns: [{ role: 'user', content: 'What is the capital of France?' }],
    sampling: { temperature: 0, topP: null, topK: null, minP: null, seed: 1, maxTokens: 40 },
    ...request,
  });

/** Saves an endpoint for this address and asks it once. */
export async function askAt(
  { endpoints }: EndpointHarness,
  address: string,
  options: {
    readonly draft?: Partial<EndpointDraft>;
    readonly request?: Partial<GenerateRequest>;
    readonly retries?: number;
    readonly signal?: AbortSignal;
    readonly onText?: (text: string) => void;
    readonly onWaiting?: (isWaiting: boolean) => void;
  } = {},
): ReturnType<EndpointService['generate']> {
  const { id } = await endpoints.save(draftOf({ baseUrl: address, ...options.draft }));
  return await endpoints.generate({ endpointId: id, model: 'small' }, question(options.request), {
    signal: options.signal ?? new AbortController().signal,
    retries: options.retries ?? 0,
    ...(options.onWaiting === undefined ? {} : { onWaiting: options.onWaiting }),
    onItem: (item) => {
      if (item.kind === 'tokens') options.onText?.(item.text);
    },
  });
}
