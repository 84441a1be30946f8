/**
 * Hands items over at once, and those that follow within a while together at its end: one change is seen without delay, and thousands of
 * them cost as much as a few. @param restMs least time between two handovers
 */
export function calmBatch<Item>(
  onBatch: (items: readonly Item[]) => void,
  restMs: number,
): { readonly add: (item: Item) => void; readonly stop: () => void } {
  let waiting: Item[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    timer = undefined;
    if (waiting.length === 0) return;
    const items = waiting;
    waiting = [];
    timer = setTimeout(flush, restMs);
    onBatch(items);
  }

  return {
    add(item) {
      waiting.push(item);
      if (timer === undefined) flush();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      waiting = [];
    },
  };
}
