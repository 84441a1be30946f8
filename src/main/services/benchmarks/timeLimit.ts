/** A limit of time that stands still while nobody is at work. */
export interface TimeLimit {
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
  /** Whether the time stands still from now on. */
  hold(isHeld: boolean): void;
  [Symbol.dispose](): void;
}

/** Starts a limit of time, which runs. */
export function startTimeLimit(limitMs: number): TimeLimit {
  const controller = new AbortController();
  let leftMs = limitMs;
  let startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;

  function run(): void {
    startedAt = performance.now();
    timer = setTimeout(() => controller.abort(), leftMs).unref();
  }
  function stop(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    leftMs = Math.max(0, leftMs - (performance.now() - startedAt));
  }

  run();
  return {
    signal: controller.signal,
    hold(isHeld) {
      if (isHeld) stop();
      else if (timer === undefined) run();
    },
    [Symbol.dispose]: stop,
  };
}
