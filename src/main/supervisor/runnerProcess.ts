import type { FramePipe } from '#shared/rpc/frames.ts';

/** One runner process, seen from its supervisor. `onExit` fires exactly once and is the only truth about its end. */
export interface RunnerProcess {
  readonly pid: number | undefined;
  readonly pipe: FramePipe;
  /** One line of stdout or stderr. */
  onOutput(listener: (line: string) => void): void;
  onExit(listener: (exit: RunnerExit) => void): void;
  /** SIGKILL (or the platform's equal): a runner owns nothing that needs a farewell. */
  kill(): void;
}

export interface RunnerExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Starts the runner script as a process of its own with an allow-listed environment. */
export type SpawnRunner = () => RunnerProcess;
