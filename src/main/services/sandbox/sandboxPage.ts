import { z } from 'zod';

/** A page in a browser's sandbox that runs Python. Each run gets a fresh interpreter. Open means that one has started. */
export interface SandboxPage {
  /** The browser around it, for a report, and what of its walls is missing here. */
  readonly description: string;
  /** Never rejects for what the code does; rejects when the page is gone. Aborting ends the code at once; the run then counts as out of time. */
  run(job: PythonJob, options: { readonly signal: AbortSignal }): Promise<PythonRun>;
  /** Resolves when the page is gone, for whatever reason. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

export interface PythonJob {
  readonly code: string;
  readonly timeLimitMs: number;
  /** The same for all jobs of a page. */
  readonly memoryLimitBytes: number;
  /** Of stdout and stderr together. */
  readonly outputLimitBytes: number;
}

/** What a run answers. It comes out of a page beside code of a model, so it is parsed like anything from outside. */
export const PythonRun = z.object({
  state: z.enum(['finished', 'raised', 'timed-out', 'out-of-memory']),
  /** Cut at the limit; then `isOutputCut`. */
  stdout: z.string(),
  stderr: z.string(),
  isOutputCut: z.boolean(),
  /** Python's traceback, last line last; null where it finished or was ended. */
  error: z.string().nullable(),
  tookMs: z.number(),
});
export type PythonRun = Readonly<z.infer<typeof PythonRun>>;

/** What every run is given. */
export const pythonLimits = { timeLimitMs: 10_000, memoryLimitBytes: 256 * 2 ** 20, outputLimitBytes: 64 * 2 ** 10 } as const;
