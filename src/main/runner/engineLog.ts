import type { LlamaLogLevel } from 'node-llama-cpp';
import { isRamBuffer } from './isRamBuffer.ts';

const keptLines = 300;
const importantLevels: ReadonlySet<string> = new Set(['warn', 'error', 'fatal']);

/** Keys, values and recurrent state by where they lie. */
export interface CacheBytes {
  readonly gpu: number;
  readonly ram: number;
}

/** What the engine prints. Warnings and errors go on to stderr, where the supervisor keeps the last lines. */
export interface EngineLog {
  write(level: LlamaLogLevel, message: string): void;
  lines(): readonly string[];
  /** Log messages are delivered after the call they belong to; resolves when they have arrived. */
  settled(): Promise<void>;
  /** Cache and state of the context that was made last, to a hundredth of a MiB. Null when the engine printed no context. */
  cacheBytes(): CacheBytes | null;
}

export function createEngineLog(): EngineLog {
  const lines: string[] = [];
  let cache: { gpu: number; ram: number } | null = null;
  let isReserved = false;

  /** A model with sliding windows prints two caches for one device, and a dry run prints a whole context before the real one. */
  function readBuffers(line: string): void {
    if (/llama_context: constructing llama_context/.test(line)) {
      cache = { gpu: 0, ram: 0 };
      isReserved = false;
    }
    if (/ compute buffer size\s*=/.test(line)) isReserved = true;
    const [, device, size] = /(\S+)\s+(?:KV|RS) buffer size\s*=\s*([\d.]+) MiB/.exec(line) ?? [];
    if (cache === null || device === undefined) return;
    cache[isRamBuffer(device) ? 'ram' : 'gpu'] += Math.round(Number(size) * 2 ** 20);
  }

  return {
    write(level, message) {
      const line = message.trimEnd();
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      readBuffers(line);
      if (importantLevels.has(level)) process.stderr.write(`[llama.cpp ${level}] ${line}\n`);
    },
    lines: () => lines,
    settled: () => new Promise((resolve) => setImmediate(() => setImmediate(resolve))),
    cacheBytes: () => (isReserved ? cache : null),
  };
}
