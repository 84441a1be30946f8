import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts a process whose main thread hangs, and tells its number. To be killed. */
const child = fork(fileURLToPath(new URL('./hangingMain.ts', import.meta.url)), process.argv.slice(2), { execArgv: [] });
child.once('message', () => process.send?.({ runnerPid: child.pid }));
