import { execFile } from 'node:child_process';
import { runnerEnvironment } from '#main/supervisor/runnerEnvironment.ts';

const longestMs = 3000;
const mostBytes = 2 ** 20;
/** How long a killed process may take to go. One that waits for a driver that hangs never does. */
const leavingMs = 500;

/** Tools that did not even end when they were killed. They are not started again until they have. */
const stuck = new Set<string>();

/**
 * Runs a tool of the system and reads what it prints. No shell, no secrets in its environment, killed after 3 s unless told otherwise, or
 * 1 MiB. Never throws, and never waits for a tool that cannot be killed.
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
  if (stuck.has(path)) return Promise.resolve(null);
  const options = {
    env: { ...runnerEnvironment(env), LC_ALL: 'C' },
    encoding: 'utf8',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: mostBytes,
    windowsHide: true,
  } as const;
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => {
      stuck.add(path);
      resolve(null);
    }, timeoutMs + leavingMs);
    execFile(path, args, options, (error, stdout) => {
      clearTimeout(giveUp);
      stuck.delete(path);
      resolve(error === null ? stdout : null);
    });
  });
}
