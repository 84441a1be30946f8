import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createMessagePipe } from '#main/supervisor/messagePipe.ts';
import { runnerEnvironment } from '#main/supervisor/runnerEnvironment.ts';
import type { RunnerExit, RunnerProcess, SpawnRunner } from '#main/supervisor/runnerProcess.ts';

/** How long the last lines of output may still arrive after the exit: a grandchild can hold the pipe open for ever. */
const lateOutputMs = 250;

/**
 * Spawns runners with `child_process.fork`, for the serve and cli hosts and for tests.
 * @param options.runnerScript absolute path of `src/main/runner/entry.js`, or of the built `out/main/runner.js`.
 */
export function createNodeRunnerSpawner(options: { readonly runnerScript: string }): SpawnRunner {
  return () => {
    const child = fork(options.runnerScript, [], {
      env: runnerEnvironment(process.env),
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return toRunnerProcess(child);
  };
}

function toRunnerProcess(child: ChildProcess): RunnerProcess {
  const outputListeners = new Set<(line: string) => void>();
  const report = (line: string): void => {
    for (const listener of outputListeners) listener(line);
  };
  readLines(child.stdout, report);
  readLines(child.stderr, report);
  const ended = observeEnd(child, report);

  const pipe = createMessagePipe({
    post: (message) => {
      // The callback swallows EPIPE of a child that died a moment ago; its exit tells the story.
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => child.on('message', listener),
    onClose: (listener) => {
      child.on('disconnect', listener);
      void ended.then(listener);
    },
  });

  return {
    pid: child.pid,
    pipe,
    onOutput: (listener) => outputListeners.add(listener),
    onExit: (listener) => void ended.then(listener),
    kill: () => child.kill('SIGKILL'),
  };
}

function readLines(stream: Readable | null, report: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', report);
}

/** Resolves once the process has ended and its last lines were read. A child that could not be started ends with code -1. */
function observeEnd(child: ChildProcess, report: (line: string) => void): Promise<RunnerExit> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid !== undefined) return;
      report(`The runner could not be started: ${error.message}`);
      resolve({ code: -1, signal: null });
    });
    child.once('exit', (code, signal) => {
      const exit = { code, signal };
      const timer = setTimeout(() => resolve(exit), lateOutputMs);
      child.once('close', () => {
        clearTimeout(timer);
        resolve(exit);
      });
    });
  });
}
