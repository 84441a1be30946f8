import { formatGigabytes } from '#core/units.ts';
import { downloadErrors } from '#shared/contract/downloads.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/** Space on the disk that holds a path, or would hold it once it is made. Null where it cannot be told. */
export type ReadDiskSpace = (path: string) => Promise<{ readonly freeBytes: number; readonly totalBytes: number } | null>;

const gibibyte = 2 ** 30;

/** What is left free after a download: a gibibyte, or a fiftieth of a smaller disk. */
const reserveOf = (totalBytes: number): number => Math.min(gibibyte, totalBytes / 50);

/**
 * Whether a disk has room for what is still to be fetched, with something left over.
 * @param neededBytes still to be written
 * @returns null when there is room or when it cannot be told; what to say otherwise
 */
export async function lackOfSpace(
  readDiskSpace: ReadDiskSpace,
  { folder, neededBytes }: { readonly folder: string; readonly neededBytes: number },
): Promise<RpcError | null> {
  const space = await readDiskSpace(folder);
  if (space === null || neededBytes === 0) return null;
  return space.freeBytes - reserveOf(space.totalBytes) >= neededBytes ? null : diskFull({ folder, neededBytes, ...space });
}

/** Whether a disk that is written to has become so full that writing has to stop: a quarter of the reserve is left. */
export async function isRunningLow(readDiskSpace: ReadDiskSpace, folder: string): Promise<boolean> {
  const space = await readDiskSpace(folder);
  return space !== null && space.freeBytes < reserveOf(space.totalBytes) / 4;
}

/** The error that says how much is missing. */
export function diskFull(facts: {
  readonly folder: string;
  readonly neededBytes: number;
  readonly freeBytes: number | null;
  readonly totalBytes?: number;
}): RpcError {
  const { folder, neededBytes, freeBytes, totalBytes } = facts;
  const free = freeBytes === null ? 'and the disk is full' : `and ${formatGigabytes(freeBytes)} are free on its disk`;
  const reserve = totalBytes === undefined ? '' : ` (${formatGigabytes(reserveOf(totalBytes))} of it are kept for everything else)`;
  return new RpcError(downloadErrors.diskFull, `${formatGigabytes(neededBytes)} are needed ${free}${reserve}.`, {
    hint: 'Free some space, take a smaller quant, or choose a folder on another disk. What was fetched is kept.',
    data: { folder, neededBytes, freeBytes },
  });
}
