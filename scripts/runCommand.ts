import { spawn } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');

export interface CommandEnd {
  readonly code: number | null;
  readonly output: string;
}

/**
 * Runs a program in the repository's root with this repository's tools first on the path.
 * @param options.quiet collects what it prints instead of passing it on.
 * @param options.timeoutMs kills it after that time.
 */
export function runCommand(
  command: readonly [string, ...string[]],
  options: { readonly quiet?: boolean; readonly timeoutMs?: number; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CommandEnd> {
  const [program, ...args] = command;
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...options.env, PATH: path },
    stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
  });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  return new Promise((done) => {
    child.once('error', (error) => done({ code: null, output: `${output}${error.message}` }));
    child.once('close', (code) => done({ code, output }));
  });
}

/** A program of node_modules, run by this very Node: no shell, no wrapper, the same on every platform. */
export function nodeProgram(file: string, ...args: readonly string[]): [string, ...string[]] {
  return [process.execPath, join(root, 'node_modules', file), ...args];
}
