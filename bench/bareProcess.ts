import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BareQuestion, BareTimes } from './bareEngine.ts';

/** The yardstick of the API: the binding alone, in a process of its own. One question at a time. */
export interface BareProcess {
  readonly pid: number;
  tell(question: BareQuestion): Promise<BareTimes>;
  stop(): void;
}

export function startBare(): BareProcess {
  const child = fork(fileURLToPath(new URL('./bareEngine.ts', import.meta.url)), [], { execArgv: [] });
  return {
    pid: child.pid ?? 0,
    tell: (question) =>
      new Promise((resolve) => {
        child.once('message', (times) => resolve(times as BareTimes));
        child.send(question);
      }),
    stop: () => void child.kill('SIGKILL'),
  };
}
