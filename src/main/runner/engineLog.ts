import type { LlamaLogLevel } from 'node-llama-cpp';

const keptLines = 300;
const importantLevels: ReadonlySet<string> = new Set(['warn', 'error', 'fatal']);

/** What the engine prints. Warnings and errors go on to stderr, where the supervisor keeps the last lines. */
export interface EngineLog {
  write(level: LlamaLogLevel, message: string): void;
  lines(): readonly string[];
  /** Log messages are delivered after the call they belong to; resolves when they have arrived. */
  settled(): Promise<void>;
  /** Size of the compute or output buffers over all devices, as last printed. Null when the engine printed none. */
  bufferBytes(kind: 'compute' | 'output'): number | null;
}

export function createEngineLog(): EngineLog {
  const lines: string[] = [];
  /** By kind and device: a dry run prints the same buffers before the real ones, so the last line counts. */
  const buffers = new Map<string, number>();

  return {
    write(level, message) {
      const line = message.trimEnd();
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      const buffer = /(\S+)\s+(compute|output) buffer size\s*=\s*([\d.]+) MiB/.exec(line);
      if (buffer !== null) buffers.set(`${buffer[2]} ${buffer[1]}`, Number(buffer[3]) * 1_048_576);
      if (importantLevels.has(level)) process.stderr.write(`[llama.cpp ${level}] ${line}\n`);
    },
    lines: () => lines,
    settled: () => new Promise((resolve) => setImmediate(() => setImmediate(resolve))),
    bufferBytes(kind) {
      const sizes = [...buffers].filter(([key]) => key.startsWith(`${kind} `)).map(([, bytes]) => bytes);
      return sizes.length === 0 ? null : Math.round(sizes.reduce((sum, bytes) => sum + bytes, 0));
    },
  };
}
