import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { holdExclusively } from './database.ts';

export type HostName = 'desktop' | 'serve' | 'cli';

/** Who holds a data folder, as the sidecar file tells it. */
interface Holder {
  readonly host: HostName;
  readonly pid: number;
}

export interface DataFolderLock {
  release(): void;
  [Symbol.dispose](): void;
}

/**
 * Takes a data folder for this process, creating it where it is missing. The lock is an exclusive SQLite transaction on
 * `instance.lock`, which the operating system drops with the process, also after SIGKILL. Nothing else in this process may open that
 * file: closing any other handle on it would drop the lock (https://www.sqlite.org/howtocorrupt.html, section 2.2).
 * @throws {RpcError} data-folder-in-use, data-folder-unwritable, disk-full
 */
export function lockDataFolder(folder: string, host: HostName, now: () => number = Date.now): DataFolderLock {
  createFolder(folder);
  const held = holdExclusively(join(folder, 'instance.lock'));
  if (held === 'taken') throw inUse(folder);
  const sidecar = join(folder, 'instance.json');
  try {
    writeFileSync(sidecar, `${JSON.stringify({ host, pid: process.pid, startedAt: now() })}\n`);
  } catch (error) {
    held.release();
    throw fileError(error, folder);
  }
  const release = (): void => {
    rmSync(sidecar, { force: true });
    held.release();
  };
  return { release, [Symbol.dispose]: release };
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fileError(error, folder);
  }
}

function fileError(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return new RpcError(systemErrors.diskFull, 'The disk is full, so Rightsize could not start. Nothing was changed.', {
      hint: 'Free some space on the disk that holds the data folder, then start again.',
      cause: error,
    });
  }
  return new RpcError(systemErrors.dataFolderUnwritable, `The data folder cannot be written: ${folder}`, {
    hint: 'Check its permissions, or set RIGHTSIZE_HOME to another folder.',
    data: { reason: error.message },
    cause: error,
  });
}

function inUse(folder: string): RpcError {
  const holder = readHolder(folder);
  const who = holder === undefined ? 'another Rightsize' : `${holderNames[holder.host]} (process ${holder.pid})`;
  return new RpcError(systemErrors.dataFolderInUse, `The data folder is in use by ${who}: ${folder}`, {
    hint: 'Use that one, or close it and try again. To run both, set RIGHTSIZE_HOME to another folder for one of them.',
    data: { holder: holder ?? null },
  });
}

const holderNames = { desktop: 'the Rightsize app', serve: 'rightsize serve', cli: 'a rightsize command' } as const;

function readHolder(folder: string): Holder | undefined {
  try {
    const { host, pid } = JSON.parse(readFileSync(join(folder, 'instance.json'), 'utf8')) as Partial<Holder>;
    return host !== undefined && Object.hasOwn(holderNames, host) && typeof pid === 'number' ? { host, pid } : undefined;
  } catch {
    // The holder may be writing it this moment; the lock itself is the truth.
    return undefined;
  }
}
