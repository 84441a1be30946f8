/** A file of a repo as the hub lists it. */
export interface RepoFile {
  /** Path within the repo, `/` between folders. Hostile until `safeRepoPath` has passed it. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Of the content, where the hub tells it (LFS and Xet files); null for small files kept in git. */
  readonly sha256: string | null;
  /** Git object id: sha1 of `blob <size>\0` and the content. For files without sha256. */
  readonly gitSha1: string | null;
}

/** One quant of a repo: a file, or all shards of a split one, first shard first. */
export interface RepoQuant {
  /** Path of the first file: what a download is asked for by. */
  readonly file: string;
  readonly files: readonly RepoFile[];
  /** As people write it; null where the name holds none. */
  readonly type: string | null;
  readonly bits: number | null;
  /** Published for the type; null where unknown. Exact once the header is read. */
  readonly bitsPerWeight: number | null;
  readonly imatrix: boolean;
  readonly dynamic: boolean;
  /** Of all files together. */
  readonly sizeBytes: number;
  /** Of the only file; null for a split one and where the hub does not tell. */
  readonly sha256: string | null;
  /** Shard numbers that the repo lacks, from 1; empty for a whole one. */
  readonly missingShards: readonly number[];
}

/** What of a repo's files is a model, and what belongs to one. */
export interface RepoFiles {
  /** Smallest first. */
  readonly quants: readonly RepoQuant[];
  /** Vision or audio projectors, best first (F16, BF16, Q8_0, F32). */
  readonly projectors: readonly RepoFile[];
  /** Draft models, adapters and importance matrices. */
  readonly others: readonly RepoFile[];
}
