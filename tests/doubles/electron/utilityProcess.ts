import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';

const shim = new URL('./parentPort.ts', import.meta.url).href;

/** A utility process is a fork whose script finds `process.parentPort` and no `process.send`. */
class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  readonly stdout: ChildProcess['stdout'];
  readonly stderr: ChildProcess['stderr'];

  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    child.once('spawn', () => this.emit('spawn'));
    child.on('message', (message) => this.emit('message', message));
    child.once('exit', (code, signal) => this.emit('exit', code ?? (signal === null ? -1 : constants.signals[signal])));
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  postMessage(message: unknown): void {
    // Electron throws on what cannot be cloned, and says nothing when the process is gone.
    const copy: unknown = structuredClone(message);
    if (this.#child.connected) this.#child.send(copy as object, () => undefined);
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }
}

export const utilityProcess = {
  fork(modulePath: string, args: readonly string[] = [], options: { readonly env?: NodeJS.ProcessEnv } = {}): UtilityProcess {
    const child = fork(modulePath, [...args], {
      env: options.env,
      execArgv: ['--import', shim],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return new UtilityProcess(child);
  },
};
