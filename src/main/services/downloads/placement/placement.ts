import { hubCachePlacement } from './hubCachePlacement.ts';
import { plainFolderPlacement } from './plainFolderPlacement.ts';

/** A file that gets a place: paths and hashes were checked when the job was made. */
export interface PlacedFile {
  readonly file: string;
  readonly sha256: string | null;
  readonly gitSha1: string | null;
}

/** Names of one file while it is fetched and afterwards. */
export interface FilePlace {
  readonly partialPath: string;
  readonly statePath: string;
  /** Where people and other programs find it. */
  readonly finalPath: string;
  /** Where the bytes will lie: the same for two jobs that fetch the same thing. */
  readonly contentPath: string;
  /** Every name that only this job uses, for the time until the file is in place. */
  readonly ownPaths: readonly string[];
}

/** What a job's files are called on disk, and how they get there. Nothing outside `root` is touched. */
export interface Placement {
  readonly root: string;
  place(file: PlacedFile): FilePlace;
  /**
   * Makes the folders of a file.
   * @returns those that were not there before, outermost first
   * @throws {RpcError} folder-unwritable, also where a link inside the folder leads out of it
   */
  makeFolders(file: PlacedFile): Promise<readonly string[]>;
  /** Paths that may hold the file's bytes already; whether they do, a hash must say. */
  candidates(file: PlacedFile): Promise<readonly string[]>;
  /** @throws {RpcError} file-in-the-way when something stands at the final place that this app may not replace */
  requireFree(file: PlacedFile): Promise<void>;
  /**
   * Gives verified bytes their final name.
   * @param from the job's partial, or one of the candidates
   * @throws {RpcError} file-in-the-way
   */
  settle(file: PlacedFile, from: string): Promise<void>;
  /** After the last file: makes the whole known to other programs. */
  seal(): Promise<void>;
}

export interface PlacementOptions {
  readonly layout: 'hub-cache' | 'folder';
  readonly folder: string;
  readonly jobId: string;
  readonly repo: string;
  readonly revision: string;
  readonly commit: string;
  /** Replaces the system's in tests: where links are not allowed, files stand in their place. */
  readonly makeLink?: (target: string, path: string) => Promise<void>;
}

/** @returns the placement of a job's files by the layout it was made with. */
export function createPlacement(options: PlacementOptions): Placement {
  switch (options.layout) {
    case 'hub-cache':
      return hubCachePlacement(options);
    case 'folder':
      return plainFolderPlacement(options);
  }
}
