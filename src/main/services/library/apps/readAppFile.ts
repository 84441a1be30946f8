import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { packages } from '../../packages.ts';
import type { AppPartial } from './appAdapter.ts';

/** Real manifests and settings take a few kilobytes. */
const smallBytes = 1_048_576;
/** Entries of one folder, or files of one kind, that are looked at. */
export const entryLimit = 20_000;

/** Text of a small file of another app. @returns null when it is not there, is no regular file, or is too large to be what it should be */
export async function readSmallText(path: string, limitBytes = smallBytes): Promise<string | null> {
  try {
    // Opening a pipe could wait forever: looked at first.
    if (!(await stat(path)).isFile()) return null;
    await using handle = await open(path, 'r');
    if ((await handle.stat()).size > limitBytes) return null;
    const { bytesRead, buffer } = await handle.read(new Uint8Array(limitBytes), 0, limitBytes, 0);
    return new TextDecoder().decode(buffer.subarray(0, bytesRead));
  } catch {
    return null;
  }
}

/** JSON of a small file. @returns null when there is none, or it is broken */
export async function readSmallJson(path: string, limitBytes = smallBytes): Promise<unknown> {
  const text = await readSmallText(path, limitBytes);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** YAML of a small file, aliases not followed: ten lines of them can stand for gigabytes. @returns null when there is none, or it is broken */
export async function readSmallYaml(path: string): Promise<unknown> {
  const text = await readSmallText(path, 65_536);
  if (text === null) return null;
  // Outside the try: a reader that cannot be loaded is no broken file.
  const { parse } = packages.yaml;
  try {
    return parse(text, { maxAliasCount: 0, logLevel: 'silent', schema: 'core' });
  } catch {
    return null;
  }
}

/** Whether a file begins as a GGUF does. */
export async function isGguf(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
    await using handle = await open(path, 'r');
    const { bytesRead, buffer } = await handle.read(new Uint8Array(4), 0, 4, 0);
    return bytesRead === 4 && new TextDecoder('latin1').decode(buffer) === 'GGUF';
  } catch {
    return false;
  }
}

/** Names in a folder by kind, links left out: what an app itself made there. @throws what the file system throws */
export async function listFolder(
  path: string,
): Promise<{ readonly folders: string[]; readonly files: string[]; readonly links: string[] }> {
  const entries = (await readdir(path, { withFileTypes: true })).slice(0, entryLimit);
  const named = (kind: 'isDirectory' | 'isFile' | 'isSymbolicLink'): string[] =>
    entries
      .filter((entry) => entry[kind]())
      .map((entry) => entry.name)
      .sort();
  return { folders: named('isDirectory'), files: named('isFile'), links: named('isSymbolicLink') };
}

/** As `listFolder`, with nothing in it where the folder cannot be read. */
export async function listFolderQuietly(path: string): ReturnType<typeof listFolder> {
  return await listFolder(path).catch(() => ({ folders: [], files: [], links: [] }));
}

/** Unfinished downloads among the files of a folder. A folder that cannot be read has none. */
export async function findPartials(folder: string, isPartial: (name: string) => boolean): Promise<AppPartial[]> {
  const { files } = await listFolderQuietly(folder);
  const found: AppPartial[] = [];
  for (const name of files.filter(isPartial)) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => undefined);
    // Ollama makes the whole file at once, with holes: what is written counts.
    const writtenBytes = facts === undefined || facts.blocks === 0 ? (facts?.size ?? 0) : Math.min(facts.size, facts.blocks * 512);
    if (facts?.isFile()) found.push({ path, sizeBytes: writtenBytes, modifiedAtMs: facts.mtimeMs });
  }
  return found;
}

/** A value within parsed JSON or YAML, by its way. @returns undefined where the way ends */
export function at(value: unknown, ...way: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of way) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}

export function textAt(value: unknown, ...way: readonly (string | number)[]): string | undefined {
  const found = at(value, ...way);
  return typeof found === 'string' ? found : undefined;
}

export function listAt(value: unknown, ...way: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...way);
  return Array.isArray(found) ? found.slice(0, entryLimit) : [];
}
