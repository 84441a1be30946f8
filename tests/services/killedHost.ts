import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/**
 * Runs a script in a Node of its own.
 * @param script module text; it prints lines
 * @returns the process, a wait for a line that begins with a word, and a way to hear all lines
 */
export function runScript(script: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout });
  return {
    child,
    onLine: (listener: (line: string) => void): void => void lines.on('line', listener),
    line: (start: string): Promise<string> =>
      new Promise((resolve, reject) => {
        lines.on('line', (line) => line.startsWith(start) && resolve(line));
        child.once('exit', () => reject(new Error(`The script ended before it said "${start}".`)));
      }),
  };
}
