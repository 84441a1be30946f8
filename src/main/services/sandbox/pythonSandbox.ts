import type { PythonRun } from './sandboxPage.ts';

/** Runs Python of models, one at a time, where a browser's sandbox can be had. */
export interface PythonSandbox {
  /** Whether code can be run here, and if not why, in words for a report. Opens the sandbox; later calls are answered at once. */
  availability(): Promise<SandboxAvailability>;
  /** What `availability` said last; null before anybody asked. Opens nothing. */
  known(): SandboxAvailability | null;
  /**
   * 10 s, 256 MB and 64 KB of output.
   * @throws {RpcError} sandbox-missing
   * @throws the signal's reason when it is aborted: the code has then been ended.
   */
  run(code: string, options: { readonly signal: AbortSignal }): Promise<PythonRun>;
  dispose(): Promise<void>;
}

export type SandboxAvailability =
  | {
      readonly isAvailable: true;
      /** The browser, and what of its walls is missing here. */
      readonly detail: string;
    }
  | {
      readonly isAvailable: false;
      readonly reason: string;
      readonly hint: string;
      /** There is a browser for it and it does not start, rather than none. */
      readonly isBroken: boolean;
    };
