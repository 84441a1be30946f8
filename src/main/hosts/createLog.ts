import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '#shared/log.ts';

type Level = 'error' | 'warn' | 'info';

/**
 * A log of JSON lines in `<folder>/<name>.jsonl`, moved to `.1`, `.2`, ... when it is full; the oldest is dropped.
 * A log that can't be written (full disk, read-only folder) is silent: it must never stop what it reports on.
 * @param options.maxBytes size at which a file is moved away, default 2 MB.
 * @param options.keep how many moved files stay, default 3.
 * @param options.home folder that is written as `~`: it holds the user's name. This user's when left out.
 * @param options.now clock, milliseconds since 1970.
 */
export function createLog(options: {
  readonly folder: string;
  readonly name: string;
  readonly maxBytes?: number;
  readonly keep?: number;
  readonly home?: string;
  readonly now?: () => number;
}): Log {
  const maxBytes = options.maxBytes ?? 2_000_000;
  const keep = options.keep ?? 3;
  const now = options.now ?? Date.now;
  const hideHome = homeHider(options.home ?? homedir());
  const path = join(options.folder, `${options.name}.jsonl`);
  let sizeBytes: number | null = null;

  function write(level: Level, event: string, fields: Record<string, unknown> = {}): void {
    const line = `${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...fields }, (key, value) => hideHome(plainValue(key, value)))}\n`;
    try {
      if (sizeBytes === null) sizeBytes = openSize();
      if (sizeBytes > 0 && sizeBytes + line.length > maxBytes) sizeBytes = rotate();
      appendFileSync(path, line);
      sizeBytes += line.length;
    } catch {
      sizeBytes = null;
    }
  }

  function openSize(): number {
    mkdirSync(options.folder, { recursive: true });
    return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  function rotate(): number {
    rmSync(`${path}.${keep}`, { force: true });
    for (let index = keep - 1; index >= 1; index--) {
      if (statSync(`${path}.${index}`, { throwIfNoEntry: false })) renameSync(`${path}.${index}`, `${path}.${index + 1}`);
    }
    renameSync(path, `${path}.1`);
    return 0;
  }

  return {
    error: (event, fields) => write('error', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    info: (event, fields) => write('info', event, fields),
  };
}

/** Replaces a folder at the head of paths within texts. */
function homeHider(home: string): (value: unknown) => unknown {
  // A root folder, or none, as accounts of services have it, hides nothing.
  if (home.length < 2) return (value) => value;
  const literal = home.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`${literal}(?![\\w.-])`, 'g');
  return (value) => (typeof value === 'string' ? value.replace(pattern, '~') : value);
}

/** Errors have no enumerable fields: without this they would be logged as `{}`. */
function plainValue(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const code: unknown = 'code' in value ? value.code : undefined;
  return {
    name: value.name,
    message: value.message,
    code,
    stack: value.stack
      ?.split('\n')
      .slice(1, 6)
      .map((line) => line.trim()),
    cause: value.cause,
  };
}
