import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { HeldPiece } from './heldBytes.ts';
import type { TransferRequest } from './transfer.ts';

const version = 1;
const Offset = z.int().nonnegative();
const StateFile = z.object({
  version: z.literal(version),
  sizeBytes: Offset,
  sha256: z.string().nullable(),
  gitSha1: z.string().nullable(),
  /** A file without a hash is known by its place alone. */
  source: z.string(),
  blockBytes: Offset,
  /** start, end, CRC-32 of what was received, 1 if suspect. */
  pieces: z.array(z.tuple([Offset, Offset, z.int().nonnegative(), z.literal([0, 1])])),
});

export type TransferTarget = Pick<TransferRequest, 'repo' | 'commit' | 'path' | 'sizeBytes' | 'sha256' | 'gitSha1'>;

/** Beside the state: one that is a few seconds older, and synced. */
export const keptStatePath = (statePath: string): string => `${statePath}.kept`;

/**
 * Reads which bytes of the partial file are safe.
 * @returns no piece when there is no state, or none that can be true: broken, of another version or file, or promising more than is there
 */
export async function loadTransferState(options: {
  readonly statePath: string;
  readonly partialPath: string;
  readonly target: TransferTarget;
  readonly blockBytes: number;
}): Promise<readonly HeldPiece[]> {
  const { statePath } = options;
  return (await loadOne(statePath, options)) ?? (await loadOne(keptStatePath(statePath), options)) ?? [];
}

async function loadOne(path: string, options: Parameters<typeof loadTransferState>[0]): Promise<readonly HeldPiece[] | null> {
  const { target } = options;
  let state: z.infer<typeof StateFile>;
  try {
    state = StateFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
  const pieces = state.pieces.map(([start, end, crc, suspect]): HeldPiece => ({ start, end, crc, isSuspect: suspect === 1 }));
  const isOfThisFile =
    state.sizeBytes === target.sizeBytes &&
    state.sha256 === target.sha256 &&
    state.gitSha1 === target.gitSha1 &&
    state.blockBytes === options.blockBytes &&
    (target.sha256 !== null || target.gitSha1 !== null || state.source === sourceOf(target));
  if (!isOfThisFile || !isInOrder(pieces, state)) return null;
  const there = await stat(options.partialPath).catch(() => null);
  const promised = pieces.at(-1)?.end ?? 0;
  if (there === null || there.size < promised || there.size > target.sizeBytes) return null;
  return pieces;
}

/**
 * Writes the state beside itself and puts it in place in one step: whole after any end of the process. After a power cut some file systems have
 * the new name and not the bytes, and syncing every time would halve the speed of a slow disk, so a synced one is kept beside it now and then.
 * @param options.isKept whether now is such a time
 * @throws the file system's error; the state before is then untouched
 */
export async function saveTransferState(options: {
  readonly statePath: string;
  readonly target: TransferTarget;
  readonly blockBytes: number;
  readonly pieces: readonly HeldPiece[];
  readonly isKept: boolean;
}): Promise<void> {
  const { target, statePath } = options;
  const state: z.infer<typeof StateFile> = {
    version,
    sizeBytes: target.sizeBytes,
    sha256: target.sha256,
    gitSha1: target.gitSha1,
    source: sourceOf(target),
    blockBytes: options.blockBytes,
    pieces: options.pieces.map((piece) => [piece.start, piece.end, piece.crc, piece.isSuspect ? 1 : 0]),
  };
  const text = JSON.stringify(state);
  const nextPath = `${statePath}.next`;
  try {
    if (options.isKept) {
      await writeFile(nextPath, text, { flush: true });
      await renameOver(nextPath, keptStatePath(statePath));
    }
    await writeFile(nextPath, text);
    await renameOver(nextPath, statePath);
  } catch (error) {
    await rm(nextPath, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** On Windows a virus scanner may hold a new file open for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const isHeld = ['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (process.platform !== 'win32' || !isHeld || attempt === 8) throw error;
      await delay(20 * attempt);
    }
  }
}

function sourceOf(target: TransferTarget): string {
  return `${target.repo}@${target.commit}/${target.path}`;
}

function isInOrder(pieces: readonly HeldPiece[], state: { readonly sizeBytes: number; readonly blockBytes: number }): boolean {
  return pieces.every(
    (piece, index) =>
      piece.start < piece.end &&
      piece.end <= state.sizeBytes &&
      piece.start >= (pieces[index - 1]?.end ?? 0) &&
      Math.floor(piece.start / state.blockBytes) === Math.floor((piece.end - 1) / state.blockBytes),
  );
}
