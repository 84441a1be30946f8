import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type FoundFile, foundFile } from './findModelFiles.ts';
import { type FileGroup, groupShards, parseShard } from './groupShards.ts';

/** The file at a path, with all parts that lie beside it where it is one of a split file. @returns undefined when nothing is there. */
export async function findGroup(path: string): Promise<FileGroup | undefined> {
  const shard = parseShard(path);
  const paths = shard === undefined ? [path] : await shardPaths(path, shard);
  const files: FoundFile[] = [];
  for (const candidate of paths) {
    const file = await foundFile(candidate).catch(() => undefined);
    if (file !== undefined) files.push(file);
  }
  return groupShards(files)[0];
}

async function shardPaths(path: string, shard: { readonly base: string; readonly total: number }): Promise<string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  return names
    .filter((name) => {
      const other = parseShard(name);
      return other?.base === shard.base && other.total === shard.total;
    })
    .sort()
    .map((name) => join(dirname(path), name));
}
