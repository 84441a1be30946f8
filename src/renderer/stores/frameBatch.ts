/**
 * Collects items and hands them over together, once a frame. A hidden page gets no frames, so `flush` must be
 * called before anything that depends on the items.
 * @param schedule asks for a callback at the next frame; given so that tests drive it.
 */
export function frameBatch<Item>(
  onBatch: (items: readonly Item[]) => void,
  schedule: (callback: () => void) => void,
): { add(item: Item): void; flush(): void } {
  let waiting: Item[] = [];
  let scheduled = false;

  function flush(): void {
    scheduled = false;
    if (waiting.length === 0) return;
    const items = waiting;
    waiting = [];
    onBatch(items);
  }

  return {
    add(item) {
      waiting.push(item);
      if (scheduled) return;
      scheduled = true;
      schedule(() => {
        if (scheduled) flush();
      });
    },
    flush,
  };
}
