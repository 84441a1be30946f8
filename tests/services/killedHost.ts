import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/**
 * Runs a script in a Node of its own.
 * @param script module text; it prints lines
 * @returns the process and a wait for a line that begins with a word
 */
export function runScript(script: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines = createInterface({ input: child.stdout });
  return {
    child,
    line: (start: string): Promise<string> =>
      new Promise((resolve, reject) => {
        lines.on('line', (line) => line.startsWith(start) && resolve(line));
        child.once('exit', () => reject(new Error(`The script ended before it said "${start}".`)));
      }),
  };
}
