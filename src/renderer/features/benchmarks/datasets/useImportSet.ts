import { useState } from 'react';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import type { DatasetProblem } from '#shared/contract/datasets.ts';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { importSet } from '../../../stores/datasets.ts';
import { useSystem } from '../../../stores/system.ts';
import { showError } from '../../../ui/showError.ts';
import { showToast } from '../../../ui/toast.ts';

/** A file with rows that cannot be used, and what to take it by when the person takes the others. */
export interface RefusedFile {
  readonly hint: string | undefined;
  readonly problems: readonly DatasetProblem[];
  /** Rows that can be used. */
  readonly usable: number;
  readonly path: string | undefined;
}

export interface ImportSet {
  readonly start: () => void;
  /** Whether a path has to be typed. */
  readonly asksPath: boolean;
  readonly cancelPath: () => void;
  /** @throws {RpcError} when the file cannot be read at all. */
  readonly submitPath: (path: string) => Promise<void>;
  readonly refused: RefusedFile | null;
  readonly dismiss: () => void;
  readonly takeGoodOnes: () => void;
}

/** Imports a labelled set: a file dialog in the desktop app, a typed path elsewhere; bad rows are shown before anything is taken. */
export function useImportSet(onImported: (suiteId: string) => void): ImportSet {
  const canPickFiles = useSystem((state) => state.about?.canPickFiles ?? false);
  const [asksPath, setAsksPath] = useState(false);
  const [refused, setRefused] = useState<RefusedFile | null>(null);

  async function take(path: string | undefined, skipBad: boolean): Promise<void> {
    try {
      const { suite, skipped } = await importSet({ skipBad, ...(path === undefined ? {} : { path }) });
      if (suite === null) return;
      const left = skipped.length === 0 ? {} : { text: `${skipped.length} ${skipped.length === 1 ? 'row was' : 'rows were'} left out.` };
      showToast({ tone: 'done', title: `${suite.name}: ${suite.itemCount} ${suite.itemCount === 1 ? 'item' : 'items'}`, ...left });
      onImported(suite.id);
    } catch (thrown) {
      const bad = badRowsIn(thrown);
      if (bad === null || skipBad) throw thrown;
      setRefused({ ...bad, hint: toRpcErrorData(thrown).hint, path });
    }
  }

  return {
    start: () => {
      if (!canPickFiles) return setAsksPath(true);
      take(undefined, false).catch((thrown: unknown) => showError('The file was not imported', thrown));
    },
    asksPath,
    cancelPath: () => setAsksPath(false),
    submitPath: async (path) => {
      await take(path, false);
      setAsksPath(false);
    },
    refused,
    dismiss: () => setRefused(null),
    takeGoodOnes: () => {
      if (refused === null) return;
      setRefused(null);
      take(refused.path, true).catch((thrown: unknown) => showError('The file was not imported', thrown));
    },
  };
}

/** @returns null where the file failed for another reason than its rows. */
function badRowsIn(thrown: unknown): Pick<RefusedFile, 'problems' | 'usable'> | null {
  const { code, data } = toRpcErrorData(thrown);
  if (code !== benchmarkErrors.datasetInvalid || typeof data !== 'object' || data === null || !('problems' in data)) return null;
  if (!Array.isArray(data.problems) || data.problems.length === 0) return null;
  const usable = 'usable' in data && typeof data.usable === 'number' ? data.usable : 0;
  return { problems: data.problems as DatasetProblem[], usable };
}
