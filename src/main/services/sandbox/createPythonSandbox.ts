import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { PythonSandbox, SandboxAvailability } from './pythonSandbox.ts';
import { type PythonRun, pythonLimits, type SandboxPage } from './sandboxPage.ts';

/** A browser that nobody needs is closed after this, and opened again when somebody does. */
const idleMs = 3 * 60_000;
/** What is missing may be installed meanwhile, so a refusal is not for ever; nor is it looked up again for every item. */
const refusalMs = 30_000;

/**
 * The sandbox of this app: opens the host's page at the first need, gives it one job after the other, and opens it once more when it dies.
 * @param options.openSandbox the host's.
 */
export function createPythonSandbox(options: {
  readonly openSandbox: () => Promise<SandboxPage>;
  readonly log: Log;
  readonly now: () => number;
}): PythonSandbox {
  const { openSandbox, log, now } = options;
  let opening: Promise<SandboxPage> | null = null;
  let current: SandboxPage | null = null;
  let known: { readonly answer: SandboxAvailability; readonly atMs: number } | null = null;
  let lastTurn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let idle: NodeJS.Timeout | undefined;
  let isDisposed = false;

  function open(): Promise<SandboxPage> {
    clearTimeout(idle);
    opening ??= openAnew();
    return opening;
  }

  async function openAnew(): Promise<SandboxPage> {
    try {
      if (isDisposed) throw ending();
      const page = await openSandbox();
      if (isDisposed) {
        await page.close();
        throw ending();
      }
      current = page;
      known = { answer: { isAvailable: true, detail: page.description }, atMs: now() };
      void page.closed.then(() => {
        if (current !== page) return;
        opening = null;
        current = null;
      });
      return page;
    } catch (error) {
      opening = null;
      const isBroken = !(error instanceof RpcError);
      const refused = isBroken ? unstartable(error) : error;
      if (isBroken) log.warn('sandbox.open-failed', { reason: firstLine(error) });
      known = { answer: { isAvailable: false, reason: refused.message, hint: refused.hint ?? '', isBroken }, atMs: now() };
      throw refused;
    }
  }

  /** One job at a time: each has the machine to itself, and no more than one can be lost with a page. */
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    waiting += 1;
    const turn = lastTurn.then(work, work);
    lastTurn = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      waiting -= 1;
      if (waiting === 0 && !isDisposed) {
        clearTimeout(idle);
        idle = setTimeout(() => void close(), idleMs).unref();
      }
    }
  }

  async function attempt(code: string, signal: AbortSignal): Promise<PythonRun> {
    const page = await open();
    signal.throwIfAborted();
    const run = await page.run({ code, ...pythonLimits }, { signal });
    signal.throwIfAborted();
    return run;
  }

  async function close(): Promise<void> {
    clearTimeout(idle);
    const page = current;
    opening = null;
    current = null;
    await page?.close();
  }

  return {
    async availability() {
      if (known?.answer.isAvailable || (known !== null && now() - known.atMs < refusalMs)) return known.answer;
      await inTurn(() => open().catch(() => undefined));
      return known?.answer ?? Promise.reject(new Error('The sandbox was neither opened nor refused.'));
    },

    known: () => known?.answer ?? null,

    run: (code, { signal }) =>
      inTurn(async () => {
        signal.throwIfAborted();
        try {
          return await attempt(code, signal);
        } catch (error) {
          if (signal.aborted || isDisposed || error instanceof RpcError) throw signal.aborted ? signal.reason : error;
          log.warn('sandbox.died', { reason: firstLine(error) });
        }
        await close();
        try {
          return await attempt(code, signal);
        } catch (error) {
          if (signal.aborted || isDisposed || error instanceof RpcError) throw signal.aborted ? signal.reason : error;
          // Twice in a fresh browser is no accident: a page that is gone was most likely ended for the memory that the code took.
          return {
            state: 'out-of-memory',
            stdout: '',
            stderr: '',
            isOutputCut: false,
            error: 'The sandbox broke down under the code.',
            tookMs: 0,
          };
        }
      }),

    async dispose() {
      isDisposed = true;
      await close();
    },
  };
}

const ending = (): RpcError => new RpcError(pipeErrors.closed, 'Rightsize is ending.');

const unstartable = (cause: unknown): RpcError =>
  new RpcError(benchmarkErrors.sandboxMissing, `The sandbox for Python did not start: ${firstLine(cause)}`, {
    hint: 'Try again; if it stays so, close other programs, or name another browser with RIGHTSIZE_BROWSER.',
    cause,
  });

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
