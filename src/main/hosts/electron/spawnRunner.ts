import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { type UtilityProcess, utilityProcess } from 'electron';
import { createMessagePipe } from '#main/supervisor/messagePipe.ts';
import { runnerEnvironment } from '#main/supervisor/runnerEnvironment.ts';
import type { RunnerExit, RunnerProcess, SpawnRunner } from '#main/supervisor/runnerProcess.ts';

/** How long the last lines of output may still arrive after the exit. */
const lateOutputMs = 250;
/** Ends that a runner cannot choose itself. Electron reports a signal as the bare number that waitpid gives. */
const fatalSignals = ['SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM'] as const;

/** Spawns runners as Electron utility processes. @param options.runnerScript the built `out/main/runner.js`. */
export function createUtilityRunnerSpawner(options: { readonly runnerScript: string }): SpawnRunner {
  return () => {
    const child = utilityProcess.fork(options.runnerScript, [], {
      env: runnerEnvironment(process.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      serviceName: 'Rightsize runner',
      // The engine's libraries are built by others and carry no signature of ours.
      allowLoadingUnsignedLibraries: true,
    });
    return toRunnerProcess(child);
  };
}

function toRunnerProcess(child: UtilityProcess): RunnerProcess {
  const outputListeners = new Set<(line: string) => void>();
  const drained = [child.stdout, child.stderr].map((stream) =>
    readLines(stream, (line) => outputListeners.forEach((listener) => listener(line))),
  );
  const ended = new Promise<RunnerExit>((resolve) => {
    child.once('exit', (code) => {
      const timer = setTimeout(() => resolve(toExit(code)), lateOutputMs);
      void Promise.all(drained).then(() => {
        clearTimeout(timer);
        resolve(toExit(code));
      });
    });
  });
  let isAlive = true;
  child.once('exit', () => {
    isAlive = false;
  });

  return {
    pid: child.pid,
    pipe: createMessagePipe({
      post: (message) => {
        if (isAlive) child.postMessage(message);
      },
      onMessage: (listener) => child.on('message', listener),
      onClose: (listener) => child.once('exit', () => listener()),
    }),
    onOutput: (listener) => outputListeners.add(listener),
    onExit: (listener) => void ended.then(listener),
    kill: () => kill(child),
  };
}

/** `UtilityProcess.kill` sends SIGTERM, which a busy native call does not hear. */
function kill(child: UtilityProcess): void {
  if (child.pid === undefined) return void child.kill();
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // It ended a moment ago; its exit tells the story.
  }
}

function toExit(code: number): RunnerExit {
  const signal = process.platform === 'win32' ? undefined : fatalSignals.find((name) => constants.signals[name] === code);
  return signal === undefined ? { code, signal: null } : { code: null, signal };
}

function readLines(stream: NodeJS.ReadableStream | null, report: (line: string) => void): Promise<void> {
  if (stream === null) return Promise.resolve();
  return new Promise((done) => {
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', report);
    lines.once('close', done);
  });
}
