import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { noCalibration } from '#core/fit/fitTypes.ts';
import type { CatalogService } from '#main/services/catalog/catalogService.ts';
import { type CatalogOptions, createCatalogService } from '#main/services/catalog/createCatalogService.ts';
import type { HubClient } from '#main/services/hub/hubClient.ts';
import { type Database, openDatabase } from '#main/storage/database.ts';
import { CatalogQuery } from '#shared/contract/catalog.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { Hardware } from '#shared/contract/system.ts';
import { type HubOptions, openHub } from '../hub/hubHarness.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

export interface CatalogHarness {
  readonly catalog: CatalogService;
  readonly hub: HubClient;
  readonly database: Database;
  readonly logged: readonly string[];
}

export interface CatalogTestOptions extends HubOptions {
  readonly now?: () => number;
  readonly artifacts?: readonly Artifact[];
  readonly hardware?: Hardware;
  readonly patience?: Partial<CatalogOptions['patience']>;
  readonly database?: Database;
}

const gibibyte = 2 ** 30;

/** A laptop with 16 GiB, 12 of them free, and no GPU. */
export const laptop: Hardware = Hardware.parse({
  cpu: { model: 'Test', physicalCores: 4, logicalCores: 8, features: [] },
  memory: {
    totalBytes: 16 * gibibyte,
    availableBytes: 12 * gibibyte,
    bandwidthBytesPerSecond: 30e9,
    bandwidthMeasuredAt: 0,
  },
  gpus: [],
  disk: { path: '/', freeBytes: 100e9, totalBytes: 500e9 },
  engine: null,
  platform: 'linux x64',
  calibration: noCalibration,
  readAt: 0,
});

/** The catalog over a hub client and a database of its own, with quick tries. */
export function openCatalog(url: string, options: CatalogTestOptions = {}): CatalogHarness {
  const hub = openHub(url, options);
  const database = options.database ?? openDatabase(join(temporaryFolder(), 'rightsize.db'));
  const write = (event: string, fields: Record<string, unknown> = {}): void => void hub.logged.push(`${event} ${JSON.stringify(fields)}`);
  const catalog = createCatalogService({
    database,
    hub,
    library: { list: () => [...(options.artifacts ?? [])], subscribe: () => () => undefined },
    system: { hardware: () => Promise.resolve(options.hardware ?? laptop) },
    log: { error: write, warn: write, info: write },
    now: options.now ?? Date.now,
    patience: { hubMs: 30_000, hubAgainMs: 30_000, silenceMs: 30_000, delaysMs: [1, 1, 1], ...options.patience },
  });
  onTestFinished(async () => {
    await catalog.dispose();
    if (options.database === undefined) database.close();
  });
  return { catalog, hub, database, logged: hub.logged };
}

/** A query as the page sends it. */
export function query(part: Partial<CatalogQuery> = {}): { query: CatalogQuery; cursor: null } {
  return { query: CatalogQuery.parse(part), cursor: null };
}

/** How a promise fails. */
export async function failure(promise: Promise<unknown>): Promise<{ code?: string; message: string; hint?: string }> {
  return await promise.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => error as { code?: string; message: string; hint?: string },
  );
}
