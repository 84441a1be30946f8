import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { onTestFinished } from 'vitest';
import { createFileSecrets } from '#main/hosts/fileSecrets.ts';
import { createDownloadService, type DownloadOptions } from '#main/services/downloads/createDownloadService.ts';
import type { DownloadService } from '#main/services/downloads/downloadService.ts';
import { createHubClient } from '#main/services/hub/createHubClient.ts';
import type { DownloadedFiles } from '#main/services/library/libraryService.ts';
import { createSettingsService, type SettingsService } from '#main/services/settings/settingsService.ts';
import { type Database, openDatabase } from '#main/storage/database.ts';
import type { DownloadJob, DownloadsChange } from '#shared/contract/downloads.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { type HubRepo, startHub, type TestHub } from '../../fixtures/hub/startHub.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

export interface DownloadHarness {
  readonly hub: TestHub;
  readonly folder: string;
  /** The shared cache of this test. */
  readonly cache: string;
  readonly database: Database;
  readonly settings: SettingsService;
  readonly downloads: DownloadService;
  /** What the library was told, and whether every file was whole at its final place at that moment. */
  readonly added: { readonly files: DownloadedFiles; readonly isWhole: boolean }[];
  readonly changes: DownloadsChange[];
  readonly logged: unknown[];
  /** Ends the service as the app does and opens another one over the same database. */
  reopen(options?: Partial<DownloadOptions>): Promise<DownloadService>;
}

export interface HarnessOptions extends Partial<Pick<DownloadOptions, 'readDiskSpace' | 'tickMs'>> {
  readonly host?: 'desktop' | 'serve' | 'cli';
  readonly env?: Readonly<Record<string, string>>;
  /** Options of the hub simulator. */
  readonly hub?: Parameters<typeof startHub>[1];
}

/** A hub with repos, and a download service with the real client, transfer and database. Only the library is a note of what it was told. */
export async function openDownloads(repos: Readonly<Record<string, HubRepo>>, options: HarnessOptions = {}): Promise<DownloadHarness> {
  const { host = 'desktop', env = {}, hub: hubOptions, ...rest } = options;
  const hub = await startHub(repos, hubOptions);
  const folder = temporaryFolder();
  const cache = join(folder, 'cache');
  const data = join(folder, 'data');
  const database = openDatabase(join(folder, 'rightsize.db'));
  const settings = createSettingsService({ database });
  const added: DownloadHarness['added'] = [];
  const artifacts: Artifact[] = [];
  const changes: DownloadsChange[] = [];
  const logged: unknown[] = [];
  const note =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      void logged.push({ level, event, fields });
  const log = { error: note('error'), warn: note('warn'), info: note('info') };
  const ports = {
    host,
    version: 'test',
    env: { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache, ...env },
    home: join(folder, 'home'),
    platform: process.platform,
    paths: { data, logs: join(data, 'logs'), bundledModels: join(data, 'none'), bundledSuites: join(data, 'none') },
    secrets: createFileSecrets(join(data, 'secrets')),
  };
  const client = createHubClient({ ports, settings, log, now: Date.now });

  const open = (more: Partial<DownloadOptions>): DownloadService => {
    const service = createDownloadService({
      database,
      hub: client,
      settings,
      ports,
      log,
      now: Date.now,
      tickMs: 50,
      library: {
        list: () => artifacts,
        async addDownloaded(files) {
          added.push({ files, isWhole: await areWhole(files) });
          const artifact = { id: files.files[0]?.file.toLowerCase() ?? '', problem: null } as Artifact;
          artifacts.push(artifact);
          return artifact;
        },
      },
      ...rest,
      ...more,
    });
    service.subscribe((change) => changes.push(change));
    return service;
  };
  let downloads = open({});
  onTestFinished(async () => {
    await downloads.dispose();
    await client.dispose();
    database.close();
  });
  return {
    hub,
    folder,
    cache,
    database,
    settings,
    get downloads() {
      return downloads;
    },
    added,
    changes,
    logged,
    async reopen(more = {}) {
      await downloads.dispose();
      downloads = open(more);
      return downloads;
    },
  };
}

async function areWhole(files: DownloadedFiles): Promise<boolean> {
  for (const file of files.files) if ((await sha256Of(file.path)) !== file.sha256) return false;
  return files.projectorPath === null || existsSync(files.projectorPath);
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Resolves with a job as soon as it is as wished. */
export function when(downloads: DownloadService, id: string, isWished: (job: DownloadJob) => boolean): Promise<DownloadJob> {
  return new Promise((resolve) => {
    const unsubscribe = downloads.subscribe((change) => {
      const jobs = change.kind === 'snapshot' ? change.jobs : change.kind === 'job' ? [change.job] : [];
      const job = jobs.find((candidate) => candidate.id === id && isWished(candidate));
      if (job === undefined) return;
      resolve(job);
      queueMicrotask(() => unsubscribe());
    });
  });
}

/** A repo of generated files: names with sizes. */
export const virtualRepo = (files: Readonly<Record<string, number>>, model: Readonly<Record<string, unknown>> = {}): HubRepo => ({
  model: { ...model, virtual: Object.fromEntries(Object.entries(files).map(([name, size], seed) => [name, { size, seed: seed + 1 }])) },
});

export const request = (repo: string, file: string): { repo: string; revision: string; file: string; withProjector: boolean } => ({
  repo,
  revision: 'main',
  file,
  withProjector: true,
});

/** Every file and link below a folder, as paths within it. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Bytes of model files that the hub has sent. */
export const bytesSent = (hub: TestHub): number =>
  hub.stats().log.reduce((sum, entry) => sum + (['cdn', 'cache'].includes(String(entry['kind'])) ? Number(entry['bytes'] ?? 0) : 0), 0);
