import { type NamedQuant, quantFromFileName } from '../quant/quantFromFileName.ts';
import { quantTypeOf } from '../quant/quantTypes.ts';
import type { RepoFile, RepoFiles, RepoQuant } from './repoFile.ts';
import { safeRepoPath } from './safeRepoPath.ts';

/** What engines prefer a projector in: small and without loss first. */
const projectorOrder: readonly string[] = ['F16', 'BF16', 'Q8_0', 'F32'];

/** A name may claim 99,999 parts; of those that are not there so many are told. */
const missingLimit = 1000;

/** One quant while its files are being gathered. */
interface Gathered {
  readonly named: NamedQuant;
  readonly label: string | null;
  readonly shards: Map<number, RepoFile>;
}

/**
 * Sorts a repo's files into quants and what belongs to them. Files that are no GGUF or whose path must not be used are left out.
 * @param files as the hub lists them
 * @returns quants smallest first, shards joined; projectors best first
 */
export function groupRepoFiles(files: readonly RepoFile[]): RepoFiles {
  const groups = new Map<string, Gathered>();
  const projectors: { readonly file: RepoFile; readonly rank: number }[] = [];
  const others: RepoFile[] = [];
  for (const file of files) {
    const parts = /\.gguf$/i.test(file.path) ? safeRepoPath(file.path) : null;
    const name = parts?.at(-1);
    if (!parts || name === undefined) continue;
    const named = quantFromFileName(name);
    if (named.role === 'mmproj') projectors.push({ file, rank: projectorRank(named.label) });
    else if (named.role !== 'model') others.push(file);
    else gather(groups, { file, folders: parts.slice(0, -1), named });
  }
  return {
    quants: [...groups.values()].map(toQuant).sort(bySize),
    projectors: projectors.sort((a, b) => a.rank - b.rank || byPath(a.file, b.file)).map(({ file }) => file),
    others: others.sort(byPath),
  };
}

function gather(
  groups: Map<string, Gathered>,
  { file, folders, named }: { readonly file: RepoFile; readonly folders: readonly string[]; readonly named: NamedQuant },
): void {
  const key = named.shard ? `${[...folders, named.stem].join('/')}/of/${named.shard.total}` : file.path;
  const group = groups.get(key) ?? { named, label: named.label ?? labelOfFolder(folders), shards: new Map<number, RepoFile>() };
  groups.set(key, group);
  group.shards.set(named.shard?.index ?? 1, file);
}

/** Split quants often lie in a folder that is named for the quant while their names leave it out. */
function labelOfFolder(folders: readonly string[]): string | null {
  return folders.map((folder) => quantFromFileName(folder).label).findLast((label) => label !== null) ?? null;
}

function toQuant({ named, label, shards }: Gathered): RepoQuant {
  const files = [...shards].sort(([a], [b]) => a - b).map(([, file]) => file);
  const type = label === null ? null : quantTypeOf(label.replace(/^UD-/, ''));
  return {
    file: files[0]?.path ?? '',
    files,
    type: label,
    bits: type?.bits ?? null,
    bitsPerWeight: type?.bitsPerWeight ?? null,
    imatrix: named.imatrix,
    dynamic: label?.startsWith('UD-') ?? false,
    sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    sha256: files.length === 1 && named.shard === null ? (files[0]?.sha256 ?? null) : null,
    missingShards: missingNumbers(shards, named.shard?.total ?? 1),
  };
}

function missingNumbers(shards: ReadonlyMap<number, RepoFile>, total: number): readonly number[] {
  const missing: number[] = [];
  for (let number = 1; number <= total && missing.length < missingLimit; number += 1) if (!shards.has(number)) missing.push(number);
  return missing;
}

function projectorRank(label: string | null): number {
  const rank = label === null ? -1 : projectorOrder.indexOf(label);
  return rank < 0 ? projectorOrder.length : rank;
}

const byPath = (a: RepoFile, b: RepoFile): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
const bySize = (a: RepoQuant, b: RepoQuant): number => a.sizeBytes - b.sizeBytes || (a.file < b.file ? -1 : 1);
