import { basename, dirname, join } from 'node:path';
import { quantFromFileName } from '#core/quant/quantFromFileName.ts';
import type { FileClaim } from './fileClaim.ts';
import type { FoundFile } from './findModelFiles.ts';

/** Files that make one artifact: a single file, or the parts of a split one. */
export interface FileGroup {
  /** What makes it the same artifact in the next scan. */
  readonly key: string;
  /** File name without `.gguf` and without the shard mark. */
  readonly baseName: string;
  /** First shard first. */
  readonly files: readonly FoundFile[];
  /** Numbers of the shards that are not there; empty for a complete set and for a single file. */
  readonly missingShards: readonly number[];
  /** What the records of the app that owns it say; absent where nothing but the files speaks. */
  readonly claim?: FileClaim;
}

/** Joins the shards of split files; the order of the files is kept. */
export function groupShards(files: readonly FoundFile[]): FileGroup[] {
  const groups = new Map<string, { baseName: string; total: number; shards: Map<number, FoundFile> }>();
  const order: (string | FileGroup)[] = [];
  for (const file of files) {
    const shard = parseShard(file.path);
    if (shard === undefined) {
      order.push({ key: file.realPath, baseName: basename(file.path).replace(/\.gguf$/i, ''), files: [file], missingShards: [] });
      continue;
    }
    const key = join(dirname(file.path), `${shard.base}-of-${shard.total}`);
    let group = groups.get(key);
    if (group === undefined) {
      group = { baseName: shard.base, total: shard.total, shards: new Map() };
      groups.set(key, group);
      order.push(key);
    }
    group.shards.set(shard.index, file);
  }
  return order.map((entry) => {
    if (typeof entry !== 'string') return entry;
    const group = groups.get(entry);
    if (group === undefined) throw new Error('a shard group was lost');
    const numbers = Array.from({ length: group.total }, (_, index) => index + 1);
    return {
      key: entry,
      baseName: group.baseName,
      files: numbers.flatMap((number) => group.shards.get(number) ?? []),
      missingShards: numbers.filter((number) => !group.shards.has(number)),
    };
  });
}

/** Reads the shard mark of a file name. @returns undefined for a file that is whole. */
export function parseShard(path: string): { readonly base: string; readonly index: number; readonly total: number } | undefined {
  const { shard } = quantFromFileName(path);
  return shard === null ? undefined : { base: basename(path).replace(/-\d{5}-of-\d{5}\.gguf$/i, ''), ...shard };
}
