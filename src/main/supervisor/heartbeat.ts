/**
 * Watches that a runner's main thread still answers. Native work runs on other threads, so a healthy runner
 * answers at any time; one that hangs in a parser does not.
 * @returns a function that ends the watch.
 */
export function watchHeartbeat(options: {
  readonly ping: () => Promise<unknown>;
  readonly everyMs: number;
  readonly deadlineMs: number;
  readonly onSilent: () => void;
}): () => void {
  let lastAnswerAt = performance.now();
  let lastTickAt = lastAnswerAt;
  let isAsking = false;

  const timer = setInterval(() => {
    const now = performance.now();
    // We were asleep or blocked ourselves (a closed lid): the silence is not the runner's.
    if (now - lastTickAt > options.everyMs * 3) lastAnswerAt = now;
    lastTickAt = now;
    if (now - lastAnswerAt > options.deadlineMs) {
      stop();
      options.onSilent();
      return;
    }
    if (isAsking) return;
    isAsking = true;
    void options
      .ping()
      .then(() => {
        lastAnswerAt = performance.now();
      })
      .catch(() => undefined)
      .finally(() => {
        isAsking = false;
      });
  }, options.everyMs);
  timer.unref();

  function stop(): void {
    clearInterval(timer);
  }
  return stop;
}
