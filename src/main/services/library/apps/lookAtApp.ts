import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { AppName } from '#shared/contract/models.ts';
import { ownerLabel } from '#shared/ownerWords.ts';
import { errorCode } from '../fileProblem.ts';
import type { FileGroup } from '../groupShards.ts';
import type { AppAdapter, AppPartial, FindOptions, Machine } from './appAdapter.ts';

/** What was found of one app. */
export interface AppReport {
  readonly app: AppName;
  /** The first of its folders that is there; null where none is. */
  readonly path: string | null;
  /** All of its folders that are there. */
  readonly folders: readonly string[];
  /** Why something could not be read, in words. */
  readonly problem: string | null;
  /** Those of them of which not everything could be read: what was known there may still be there. */
  readonly unread: readonly string[];
  readonly groups: readonly FileGroup[];
  readonly partials: readonly AppPartial[];
}

/** Finds what one app has on this disk. Never throws but when aborted: what cannot be read is said in words. */
export async function lookAtApp(adapter: AppAdapter, options: FindOptions & { readonly machine: Machine }): Promise<AppReport> {
  const folders: string[] = [];
  const groups: FileGroup[] = [];
  const partials: AppPartial[] = [];
  let problem: string | null = null;
  const unread = new Set<string>();
  const blame = (folder: string, error: unknown): void => {
    unread.add(folder);
    options.onUnreadable(error);
    problem ??= readingProblem(adapter.app, error);
  };
  for (const folder of new Set(await adapter.folders(options.machine))) {
    options.signal.throwIfAborted();
    try {
      if (!(await stat(folder)).isDirectory()) continue;
      folders.push(folder);
      // Settings that name a whole drive are a mistake, and reading one takes hours.
      if (dirname(resolve(folder)) === resolve(folder)) {
        unread.add(folder);
        problem ??= `${ownerLabel(adapter.app)} names a whole drive as its folder (${folder}), so it was not looked through.`;
        continue;
      }
      const findings = await adapter.find(folder, {
        signal: options.signal,
        onUnreadable: (error) => !isGone(error) && blame(folder, error),
      });
      groups.push(...findings.groups);
      partials.push(...findings.partials);
    } catch (error) {
      options.signal.throwIfAborted();
      if (isGone(error)) continue;
      if (!folders.includes(folder)) folders.push(folder);
      blame(folder, error);
    }
  }
  return { app: adapter.app, path: folders[0] ?? null, folders, problem, unread: [...unread], groups, partials };
}

/** A broken link or a folder that is not there is nothing to tell of. */
const isGone = (error: unknown): boolean => ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error));

/** Why an app's folder could not be read, and what to do. */
export function readingProblem(app: AppName, error: unknown): string {
  const code = errorCode(error);
  const name = ownerLabel(app);
  if (code !== 'EACCES' && code !== 'EPERM') return `Its folder could not be read (${code}). Check the drive that holds it.`;
  return app === 'ollama'
    ? `Its folder belongs to the ${name} service and this account may not read it. Join its group (sudo usermod -aG ollama $USER), then sign in again.`
    : `This account may not read ${name}’s folder. Change its permissions, then read the folders again.`;
}
