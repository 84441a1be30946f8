import { execFile } from 'node:child_process';
import { runnerEnvironment } from '#main/supervisor/runnerEnvironment.ts';

const longestMs = 3000;
const mostBytes = 2 ** 20;

/**
 * Runs a tool of the system and reads what it prints. No shell, no secrets in its environment, killed after 3 s unless told otherwise, or 1 MiB. Never throws.
 * @param path absolute
 * @returns null where it is missing, fails or takes too long
 */
export function runTool(
  path: string,
  args: readonly string[],
  {
    env = process.env,
    timeoutMs = longestMs,
  }: { readonly env?: Readonly<Record<string, string | undefined>>; readonly timeoutMs?: number },
): Promise<string | null> {
  return new Promise((resolve) => {
    const options = {
      env: { ...runnerEnvironment(env), LC_ALL: 'C' },
      encoding: 'utf8',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: mostBytes,
      windowsHide: true,
    } as const;
    execFile(path, args, options, (error, stdout) => resolve(error === null ? stdout : null));
  });
}
