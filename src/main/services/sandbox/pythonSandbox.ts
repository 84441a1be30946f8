import type { PythonRun } from './sandboxPage.ts';

/** Runs Python of models, one at a time, where a browser's sandbox can be had. */
export interface PythonSandbox {
  /** Whether code can be run here, and if not why, in words for a report. Opens the sandbox; later calls are answered at once. */
  availability(): Promise<{ readonly isAvailable: true } | { readonly isAvailable: false; readonly reason: string; readonly hint: string }>;
  /** 10 s, 256 MB and 64 KB of output. @throws {RpcError} sandbox-missing */
  run(code: string, options: { readonly signal: AbortSignal }): Promise<PythonRun>;
  dispose(): Promise<void>;
}
