import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createLibraryService, type LibraryOptions } from '#main/services/library/createLibraryService.ts';
import type { LibraryService } from '#main/services/library/libraryService.ts';
import { createSettingsService } from '#main/services/settings/settingsService.ts';
import { type Database, openDatabase } from '#main/storage/database.ts';
import type { LibraryChange } from '#shared/contract/models.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

export const starters = join(import.meta.dirname, '../../../resources/models');
export const smallest = join(starters, 'Starter-1M-Instruct-Q4_K_M.gguf');

export const silentLog = { error: () => undefined, warn: () => undefined, info: () => undefined };

export interface Harness {
  readonly folder: string;
  readonly ownModels: string;
  readonly database: Database;
  readonly library: LibraryService;
  readonly changes: LibraryChange[];
  /** Closes the library and opens another one on the same database. */
  reopen(options?: Partial<LibraryOptions>): Promise<LibraryService>;
}

/** A library of its own with no bundled models, on a real database in a temporary folder. */
export async function openLibrary(options: Partial<LibraryOptions> = {}): Promise<Harness> {
  const folder = temporaryFolder();
  const ownModels = join(folder, 'data-models');
  const database = openDatabase(join(folder, 'rightsize.db'));
  const changes: LibraryChange[] = [];
  let library = open(options);

  function open(more: Partial<LibraryOptions>): LibraryService {
    const service = createLibraryService({
      database,
      log: silentLog,
      now: Date.now,
      bundledModels: join(folder, 'bundled'),
      ownModels,
      withStopped: (_id, work) => work(),
      machine: { env: {}, home: join(folder, 'home'), platform: process.platform },
      settings: createSettingsService({ database }),
      hub: { resolve: () => Promise.reject(new Error('No hub in this test.')) },
      partialPaths: () => [],
      ...more,
    });
    service.subscribe((change) => changes.push(change));
    return service;
  }

  onTestFinished(async () => {
    await library.dispose();
    database.close();
  });
  await library.whenScanned();
  return {
    folder,
    ownModels,
    database,
    get library() {
      return library;
    },
    changes,
    async reopen(more = {}) {
      await library.dispose();
      library = open({ ...options, ...more });
      await library.whenScanned();
      return library;
    },
  };
}

/** Copies a real model to a path, with its folders. @returns the path */
export function copyModel(to: string, from: string = smallest): string {
  mkdirSync(join(to, '..'), { recursive: true });
  copyFileSync(from, to);
  return to;
}

/** Adds a folder and waits until it was looked through. */
export async function addAndScan(library: LibraryService, path: string): Promise<void> {
  await library.addFolder(path);
  await library.whenScanned();
}

export const idsOf = (library: LibraryService): string[] =>
  library
    .list()
    .map((artifact) => artifact.id)
    .sort();
export const fileNamesOf = (library: LibraryService): string[] =>
  library
    .list()
    .map((artifact) => basename(artifact.path))
    .sort();
