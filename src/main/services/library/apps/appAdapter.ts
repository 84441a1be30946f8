import { basename, dirname, posix, win32 } from 'node:path';
import type { AppName } from '#shared/contract/models.ts';
import type { HostPorts } from '../../hostPorts.ts';
import type { FileClaim } from '../fileClaim.ts';
import { foundFile } from '../findModelFiles.ts';
import { type FileGroup, groupShards } from '../groupShards.ts';

/** What an app's folders are looked up in. */
export type Machine = Pick<HostPorts, 'env' | 'home' | 'platform'>;

/** A download that the app has not finished. */
export interface AppPartial {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

export interface AppFindings {
  /** Each with its claim. */
  readonly groups: readonly FileGroup[];
  readonly partials: readonly AppPartial[];
}

export interface FindOptions {
  readonly signal: AbortSignal;
  /** Told of what could not be looked at; the rest is still found. */
  readonly onUnreadable: (error: unknown) => void;
}

/** How one app keeps its models. Everything here reads, and nothing writes. */
export interface AppAdapter {
  readonly app: AppName;
  /** Folders that may hold its models, the likeliest first. Small settings files of the app are read where they move the folder. */
  folders(machine: Machine): Promise<readonly string[]>;
  /** @throws what the file system throws where the folder itself cannot be read */
  find(folder: string, options: FindOptions): Promise<AppFindings>;
}

/** Joins as the platform asked about does, which in a test is not the one it runs on. */
export function joinFor(machine: Machine, ...parts: string[]): string {
  return (machine.platform === 'win32' ? win32 : posix).join(...parts);
}

/** Where apps keep data for a user: `%APPDATA%`, `~/Library/Application Support`, `$XDG_DATA_HOME` or `~/.local/share`. */
export function dataFolder(machine: Machine): string {
  const { env, home, platform } = machine;
  if (platform === 'win32') return env['APPDATA'] || joinFor(machine, home, 'AppData', 'Roaming');
  if (platform === 'darwin') return joinFor(machine, home, 'Library', 'Application Support');
  return env['XDG_DATA_HOME'] || joinFor(machine, home, '.local', 'share');
}

/** `%LOCALAPPDATA%`; on other systems the same as `dataFolder`. */
export function localDataFolder(machine: Machine): string {
  const { env, home, platform } = machine;
  return platform === 'win32' ? env['LOCALAPPDATA'] || joinFor(machine, home, 'AppData', 'Local') : dataFolder(machine);
}

/** One file that an app's records name, whatever its name on disk. @returns undefined when it is no regular file */
export async function claimedGroup(
  path: string,
  claim: { readonly baseName: string; readonly claim: FileClaim },
): Promise<FileGroup | undefined> {
  const file = await foundFile(path).catch(() => undefined);
  return file === undefined
    ? undefined
    : { key: file.realPath, baseName: claim.baseName, files: [file], missingShards: [], claim: claim.claim };
}

/** Files that lie under their own names, shards joined, each group with the claim that belongs to its first file. */
export function claimedGroups(files: Parameters<typeof groupShards>[0], claimOf: (firstPath: string) => FileClaim): FileGroup[] {
  return groupShards(files).map((group) => ({ ...group, claim: claimOf(group.files[0]?.path ?? '') }));
}

/** A name out of another app's records, for tables and terminals: one short line. Null when nothing is left of it. */
export function shortLine(text: string | undefined): string | null {
  const line = (text ?? '')
    .slice(0, 1000)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
    .trim();
  return line === '' ? null : line.slice(0, 200);
}

/** Hash of a digest as registries write it: `sha256:<hex>`, or `sha256-<hex>`. Null for anything else: it becomes part of a path. */
export function sha256OfDigest(digest: unknown): string | null {
  const hex = typeof digest === 'string' ? /^sha256[:-]([0-9a-f]{64})$/.exec(digest)?.[1] : undefined;
  return hex ?? null;
}

/** `publisher/name` where the two folders above a file can be a repo of the hub. */
export function repoOfFolders(path: string): string | null {
  const repo = `${basename(dirname(dirname(path)))}/${basename(dirname(path))}`;
  return isRepoId(repo) ? repo : null;
}

export function isRepoId(text: string): boolean {
  return /^[\w.-]{1,96}\/[\w.-]{1,96}$/.test(text) && !/(^|\/)\.{1,2}($|\/)/.test(text);
}
