import { z } from 'zod';
import { PythonRun, pythonLimits, type SandboxPage } from '#main/services/sandbox/sandboxPage.ts';
import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/** Where no interpreter could be started, that is no fault of the code. */
const Answer = z.union([PythonRun, z.object({ notStarted: z.string() })]);

/** As much of a browser's page as the sandbox needs. */
export interface PageDriver {
  /** Evaluates an expression in the page and resolves with its awaited value, which is plain data. */
  evaluate(expression: string): Promise<unknown>;
  /** Resolves when the page is gone, for whatever reason. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes a sandbox of a page that shows the sandbox's `index.html`, and resolves when its first interpreter has started.
 * @param options.description the browser, for a report.
 */
export async function createSandboxPage(driver: PageDriver, options: { readonly description: string }): Promise<SandboxPage> {
  const gone = driver.closed.then(() => Promise.reject(new Error('The sandbox’s page is gone.')));
  gone.catch(() => undefined);
  // A browser need not settle what it was asked when the page dies.
  const ask = (expression: string): Promise<unknown> => Promise.race([driver.evaluate(expression), gone]);

  try {
    await ask(`sandbox.prepare(${pythonLimits.memoryLimitBytes})`);
  } catch (error) {
    await driver.close();
    throw error;
  }
  return {
    description: options.description,
    closed: driver.closed,
    close: () => driver.close(),
    async run(job, { signal }) {
      const stop = (): void => void ask('sandbox.stop()').catch(() => undefined);
      signal.addEventListener('abort', stop, { once: true });
      try {
        const answer = Answer.parse(await ask(`sandbox.run(${JSON.stringify(job)})`));
        if (!('notStarted' in answer)) return answer;
        throw new RpcError(benchmarkErrors.sandboxMissing, answer.notStarted, {
          hint: 'Close other programs if memory is short, and try again.',
        });
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}
