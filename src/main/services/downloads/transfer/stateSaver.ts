import type { HeldBytes } from './heldBytes.ts';
import type { PartialFile } from './partialFile.ts';
import { toFileError } from './partialFile.ts';
import type { TransferOptions } from './transferOptions.ts';
import { saveTransferState, type TransferTarget } from './transferState.ts';

/** Keeps the state file close behind the bytes: first the data is synced, then it is written that they are there. */
export interface StateSaver {
  /** Bytes were written. */
  written(): void;
  /** Bytes were given up. */
  dropped(): void;
  /** Bytes that another call would find. */
  safeBytes(): number;
  /** So much is not yet safe that reading on should wait. */
  isBehind(): boolean;
  /** Saves what is there now, and ends. @throws {RpcError} disk-full, folder-unwritable */
  finish(): Promise<void>;
}

/**
 * @param options.beforeSave writes what waits for a full batch
 * @param options.onSaved may be called many times a second
 * @param options.onFailed the disk refuses; told once
 */
export function createStateSaver(options: {
  readonly held: HeldBytes;
  readonly file: PartialFile;
  readonly statePath: string;
  readonly target: TransferTarget;
  readonly limits: Pick<TransferOptions, 'saveBytes' | 'saveMs' | 'keepMs' | 'maxUnsafeBytes' | 'blockBytes'>;
  readonly beforeSave: () => Promise<void>;
  readonly onSaved: () => void;
  readonly onFailed: (error: unknown) => void;
}): StateSaver {
  const { held, file, limits } = options;
  let safe = held.bytes();
  let keptAt = performance.now();
  let isDirty = false;
  let isEnding = false;
  let saving: Promise<void> | null = null;

  async function save(): Promise<void> {
    isDirty = false;
    const pieces = [...held.pieces()];
    const bytes = held.bytes();
    await file.sync();
    const isKept = performance.now() - keptAt >= limits.keepMs;
    await saveTransferState({ statePath: options.statePath, target: options.target, blockBytes: limits.blockBytes, pieces, isKept }).catch(
      (error) => {
        throw toFileError(error);
      },
    );
    if (isKept) keptAt = performance.now();
    // What was given up meanwhile is neither safe nor wanted.
    safe = Math.min(bytes, held.bytes());
    options.onSaved();
  }

  function start(): void {
    if (isEnding || saving !== null || !isDirty) return;
    saving = save()
      .catch((error) => {
        isDirty = true;
        options.onFailed(error);
      })
      .finally(() => {
        saving = null;
        if (held.bytes() - safe >= limits.saveBytes) start();
      });
  }

  const timer = setInterval(() => void options.beforeSave().then(start, options.onFailed), limits.saveMs);

  return {
    written() {
      isDirty = true;
      if (held.bytes() - safe >= limits.saveBytes) start();
    },
    dropped() {
      isDirty = true;
      safe = Math.min(safe, held.bytes());
      start();
    },
    safeBytes: () => safe,
    isBehind: () => held.bytes() - safe > limits.maxUnsafeBytes,
    async finish() {
      clearInterval(timer);
      isEnding = true;
      await saving;
      if (isDirty) await save();
    },
  };
}
