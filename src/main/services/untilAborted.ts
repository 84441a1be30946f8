/**
 * Keeps a subscription until its stream is cancelled.
 * @param subscribe begins it and returns the function that ends it
 * @returns the empty closing value of subscription streams
 */
export async function untilAborted(signal: AbortSignal, subscribe: () => () => void): Promise<Record<string, never>> {
  if (signal.aborted) return {};
  const unsubscribe = subscribe();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  unsubscribe();
  return {};
}
