import { readdir, realpath, stat } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';

/** A GGUF file on disk. Times are the file system's, in ms since 1970. */
export interface FoundFile {
  /** As it was reached, links kept: this is where the user sees it. */
  readonly path: string;
  readonly realPath: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
}

/**
 * Finds every `.gguf` file below a folder at any depth, in the order of their paths. Links are followed; a folder that was already
 * seen, by whatever way, is not entered again, so loops end; a link to the whole drive is not followed. What is no regular file is left alone: opening a pipe could wait forever.
 * @param options.followFolders false leaves linked folders alone, where no program would make one
 * @param options.except folders below it that are left out
 * @param options.onUnreadable told of a subfolder or entry that could not be looked at; the rest is still found.
 * @returns the files, or null when the folder itself is not there.
 */
export async function findModelFiles(
  folder: string,
  options: {
    readonly signal?: AbortSignal;
    readonly followFolders?: boolean;
    readonly except?: readonly string[];
    readonly onUnreadable?: (path: string, error: unknown) => void;
  } = {},
): Promise<FoundFile[] | null> {
  const rootKey = await folderKey(folder).catch(() => undefined);
  if (rootKey === undefined) return null;
  const found: FoundFile[] = [];
  const entered = new Set([rootKey]);
  for (const path of [...(options.except ?? []), ...neverEntered(folder)])
    entered.add((await folderKey(path).catch(() => undefined)) ?? '');
  const waiting = [folder];

  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    options.signal?.throwIfAborted();
    const here = current;
    const entries = await readdir(here, { withFileTypes: true }).catch((error: unknown) => {
      options.onUnreadable?.(here, error);
      return [];
    });
    const realFolder = entries.length === 0 ? here : await realpath(here).catch(() => here);
    for (const entry of entries) {
      const path = join(here, entry.name);
      try {
        const isFolderLink = entry.isSymbolicLink() && (await stat(path)).isDirectory();
        if (isFolderLink && options.followFolders === false) continue;
        if (entry.isDirectory() || isFolderLink) {
          const key = await folderKey(path);
          if (key === undefined || entered.has(key)) continue;
          entered.add(key);
          waiting.push(path);
        } else if (isModelFileName(entry.name)) {
          const realPath = entry.isSymbolicLink() ? await realpath(path) : join(realFolder, entry.name);
          const file = await foundFile(path, realPath);
          if (file !== undefined) found.push(file);
        }
      } catch (error) {
        options.onUnreadable?.(path, error);
      }
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A link to a whole drive is a trap, and what the system only shows as files is none. */
function neverEntered(folder: string): readonly string[] {
  const { root } = parse(resolve(folder));
  return root === '/' ? [root, '/proc', '/sys', '/dev'] : [root];
}

/** Looks at one path. @returns undefined when it is no regular file. @throws when it is not there. */
export async function foundFile(path: string, realPath?: string): Promise<FoundFile | undefined> {
  const facts = await stat(path);
  if (!facts.isFile()) return undefined;
  return { path, realPath: realPath ?? (await realpath(path)), sizeBytes: facts.size, modifiedAtMs: facts.mtimeMs };
}

export function isModelFileName(name: string): boolean {
  return /\.gguf$/i.test(name);
}

/** What makes two ways to one folder the same. */
async function folderKey(path: string): Promise<string | undefined> {
  const facts = await stat(path, { bigint: true });
  return facts.isDirectory() ? `${facts.dev}:${facts.ino}` : undefined;
}
