/** A page in a browser's sandbox that runs Python. Each run gets a fresh interpreter. */
export interface SandboxPage {
  /** Never rejects for what the code does; rejects when the page is gone. */
  run(job: PythonJob): Promise<PythonRun>;
  /** Resolves when the page is gone, for whatever reason. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

export interface PythonJob {
  readonly code: string;
  readonly timeLimitMs: number;
  readonly memoryLimitBytes: number;
  readonly outputLimitBytes: number;
}

export interface PythonRun {
  readonly state: 'finished' | 'raised' | 'timed-out' | 'out-of-memory';
  /** Cut at the limit; then `isOutputCut`. */
  readonly stdout: string;
  readonly stderr: string;
  readonly isOutputCut: boolean;
  /** Python's traceback, last line last; null where it finished. */
  readonly error: string | null;
  readonly tookMs: number;
}
