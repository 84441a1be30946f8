import { writeFileSync } from 'node:fs';
import { runnerRoutes } from '#shared/contract/runner.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import { connectParent } from './parentPipe.ts';
import { createRunnerHandlers } from './runnerHandlers.ts';

/**
 * Serves the runner's routes to the process that started it, and ends with it.
 * @param options.scriptUrl the runner's own script, started again as the worker that renders templates.
 */
export function startRunner(options: { readonly scriptUrl: URL }): void {
  preferToBeKilledFirst();
  // What a broken file makes the engine say is told at once; a backtrace, for which it would start a debugger where there is one, is read by nobody.
  process.env['GGML_NO_BACKTRACE'] = '1';
  // Ctrl+C in a terminal reaches the whole process group; what it means is the parent's decision.
  process.on('SIGINT', () => undefined);

  const pipe = connectParent();
  // An orderly exit runs native destructors under a working engine thread, which aborts. SIGKILL does not, and frees everything.
  pipe.onClose(() => process.kill(process.pid, 'SIGKILL'));
  serveRpc(pipe, {
    routes: runnerRoutes,
    handlers: createRunnerHandlers(options),
    onBug: (error, route) =>
      process.stderr.write(`[runner] ${route}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`),
  });
  // The library takes a fifth of a second to import: a runner that waits for its model can have that behind it,
  // but only once it has answered the first question, which is whether it lives.
  const offFrame = pipe.onFrame(() => {
    offFrame();
    setImmediate(() => void import('node-llama-cpp').catch(() => undefined));
  });
}

/** When memory runs out the kernel should take the runner, not the app that can explain it. */
function preferToBeKilledFirst(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/oom_score_adj', '500');
  } catch {
    // Not allowed in some containers; the runner works all the same.
  }
}
