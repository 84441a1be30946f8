import type { PythonSandbox } from '#main/services/sandbox/pythonSandbox.ts';
import type { PythonRun } from '#main/services/sandbox/sandboxPage.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

const missing = { isAvailable: false, reason: 'There is no browser here.', hint: 'Install one.', isBroken: false } as const;
const there = { isAvailable: true, detail: 'Made up for a test' } as const;

/** Where no browser can be had. */
export const missingSandbox: PythonSandbox = {
  availability: async () => missing,
  known: () => missing,
  run: () => Promise.reject(new RpcError('sandbox-missing', missing.reason, { hint: missing.hint })),
  dispose: async () => undefined,
};

/** A sandbox that answers as it is told, without running anything. */
export const sandboxThat = (run: (code: string) => Promise<Partial<PythonRun>>): PythonSandbox => ({
  ...missingSandbox,
  availability: async () => there,
  known: () => there,
  run: async (code) => ({ state: 'finished', stdout: '', stderr: '', isOutputCut: false, error: null, tookMs: 1, ...(await run(code)) }),
});
