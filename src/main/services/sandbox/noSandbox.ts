import { benchmarkErrors } from '#shared/contract/benchmarks.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { PythonSandbox } from './pythonSandbox.ts';

const reason = 'Code of a model is only run in a browser sandbox, and there is none here.';
const hint = 'Install Chrome, Chromium or Edge, or use the desktop app.';

/** Where no browser can be had: nothing is run, and every asker learns why. */
export const noSandbox: PythonSandbox = {
  availability: async () => ({ isAvailable: false, reason, hint, isBroken: false }),
  known: () => ({ isAvailable: false, reason, hint, isBroken: false }),
  run: () => Promise.reject(new RpcError(benchmarkErrors.sandboxMissing, reason, { hint })),
  dispose: async () => undefined,
};
