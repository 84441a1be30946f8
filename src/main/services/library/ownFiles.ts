import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';

/** Whether a file's place, links in its folders followed, lies below a folder. False where either is not there. */
export async function liesBelow(path: string, folder: string): Promise<boolean> {
  try {
    return isBelow(await realpath(dirname(path)), await realpath(folder));
  } catch {
    return false;
  }
}

/** Whether a path is a folder or below it, by their names alone. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Where files lie with links in their folders followed; they themselves need not be there. */
export async function realPlaces(paths: readonly string[]): Promise<string[]> {
  const folders = new Map<string, string>();
  for (const folder of new Set(paths.map((path) => dirname(path)))) folders.set(folder, await realpath(folder).catch(() => folder));
  return paths.map((path) => join(folders.get(dirname(path)) ?? dirname(path), basename(path)));
}

/** What deleting one name of a file would free: 0 while it has another name, and of a file with holes only what is written. */
export async function freedBytes(path: string): Promise<number> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined || facts.nlink > 1) return 0;
  return facts.blocks > 0 ? Math.min(facts.size, facts.blocks * 512) : facts.size;
}
