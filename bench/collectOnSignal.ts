import childProcess, { type ForkOptions } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

/**
 * Loaded by Node before a host that is measured: at SIGUSR2 the host and each runner of it collect their garbage and write down what is left, as
 * `<process id>.json` in the folder that `BENCH_HEAPS` names. What is collected only later is no leak, and hides one.
 */
const folder = process.env.BENCH_HEAPS ?? '.';
process.on('SIGUSR2', () => {
  globalThis.gc?.();
  // What finalisers let go of is collected a moment later.
  setTimeout(() => {
    globalThis.gc?.();
    const path = join(folder, `${process.pid}.json`);
    writeFileSync(`${path}.part`, JSON.stringify(process.memoryUsage()));
    renameSync(`${path}.part`, path);
  }, 100);
});

/** A runner gets none of its host's environment but what it needs, and so not this either. */
const { fork } = childProcess;
childProcess.fork = ((script: string, args: readonly string[], options: ForkOptions) =>
  fork(script, args, {
    ...options,
    execArgv: ['--expose-gc', '--import', import.meta.url],
    env: { ...options.env, BENCH_HEAPS: folder },
  })) as typeof fork;
syncBuiltinESMExports();
