import type { AddedDataset } from '#main/services/benchmarks/suiteCatalogue.ts';
import type { Suite } from '#shared/contract/benchmarks.ts';
import type { DatasetItem, DatasetProblem } from '#shared/contract/datasets.ts';

/** A set as it now is. */
export interface SavedDataset {
  readonly suite: Suite;
  /** Rows that are kept and cannot be asked yet. */
  readonly problems: readonly DatasetProblem[];
  /** Another one after each change of a row. */
  readonly revision: string;
}

export interface DatasetContent extends SavedDataset {
  readonly items: readonly DatasetItem[];
}

export interface DatasetDraft {
  /** Null = a new set. */
  readonly suiteId: string | null;
  readonly name: string;
  readonly items: readonly DatasetItem[];
  /** Keeps rows that cannot be used, instead of refusing them. */
  readonly keepUnfinished: boolean;
  /** What the set was when it was read; undefined = whatever it is. */
  readonly revision?: string | undefined;
}

/** Labelled sets of the user's own: made in the app, or taken in from a file. Runs keep the items they asked whatever becomes of a set. */
export interface DatasetService {
  /** @throws {RpcError} suite-not-found, dataset-too-large */
  items(suiteId: string): Promise<DatasetContent>;
  /** @throws {RpcError} dataset-invalid (every bad row in `data.problems`), dataset-changed, dataset-not-yours, suite-not-found, disk-full */
  save(draft: DatasetDraft): Promise<SavedDataset>;
  /** Puts an item behind the others, under another id where its own is taken. @throws {RpcError} as `save`, and dataset-too-large */
  add(addition: { readonly suiteId: string | null; readonly name?: string | undefined; readonly item: DatasetItem }): Promise<Suite>;
  /** @throws {RpcError} dataset-unreadable, dataset-invalid (every bad line in `data.problems`) */
  importFile(path: string, options: { readonly skipBad: boolean }): Promise<AddedDataset>;
  /** @throws {RpcError} suite-not-found, dataset-not-yours */
  remove(suiteId: string): Promise<void>;
}
