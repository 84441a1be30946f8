import { formatGigabytes } from '#core/units.ts';
import { downloadErrors } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/** Space on the disk that holds a path, or would hold it once it is made. Null where it cannot be told. */
export type ReadDiskSpace = (path: string) => Promise<{ readonly freeBytes: number; readonly totalBytes: number } | null>;

const gibibyte = 2 ** 30;

/** What is left free after a download: a gibibyte, or a fiftieth of a smaller disk. One that has begun may use most of that. */
const reserveOf = (totalBytes: number, isBegun: boolean): number => Math.min(gibibyte, totalBytes / 50) / (isBegun ? 4 : 1);

/**
 * Whether a disk has room for what is still to be fetched, with something left over.
 * @param neededBytes still to be written
 * @returns null when there is room or when it cannot be told; what to say otherwise
 */
export async function lackOfSpace(
  readDiskSpace: ReadDiskSpace,
  { folder, neededBytes, isBegun }: { readonly folder: string; readonly neededBytes: number; readonly isBegun: boolean },
): Promise<RpcError | null> {
  const space = await readDiskSpace(folder);
  if (space === null || neededBytes === 0) return null;
  const reserveBytes = reserveOf(space.totalBytes, isBegun);
  return space.freeBytes - reserveBytes >= neededBytes ? null : diskFull({ folder, neededBytes, freeBytes: space.freeBytes, reserveBytes });
}

/** Whether a disk that is written to has become so full that writing has to stop. */
export async function isRunningLow(readDiskSpace: ReadDiskSpace, folder: string): Promise<boolean> {
  const space = await readDiskSpace(folder);
  return space !== null && space.freeBytes < reserveOf(space.totalBytes, true);
}

/** The error that says how much is missing. */
export function diskFull(facts: {
  readonly folder: string;
  readonly neededBytes: number;
  readonly freeBytes: number | null;
  readonly reserveBytes: number;
}): RpcError {
  const { folder, neededBytes, freeBytes, reserveBytes } = facts;
  const free = freeBytes === null ? 'and the disk is full' : `and ${formatGigabytes(freeBytes)} are free on its disk`;
  const reserve = reserveBytes === 0 ? '' : ` (${formatGigabytes(reserveBytes)} of it are kept for everything else)`;
  return new RpcError(downloadErrors.diskFull, `${formatGigabytes(neededBytes)} are needed ${free}${reserve}.`, {
    hint: 'Free some space, take a smaller quant, or choose a folder on another disk. What was fetched is kept.',
    data: { folder, neededBytes, freeBytes },
  });
}
