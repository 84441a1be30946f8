export interface SpeedMeter {
  add(bytes: number): void;
  /** Bytes per second over the window; 0 when nothing arrived in it. */
  bytesPerSecond(): number;
}

/** Mean speed over the last seconds, in slots of a tenth of the window so that it costs the same at any rate of calls. */
export function createSpeedMeter(options: { readonly windowMs: number; readonly now: () => number }): SpeedMeter {
  const slotMs = options.windowMs / 10;
  const startedAt = options.now();
  let slots: { at: number; bytes: number }[] = [];

  function forget(now: number): void {
    while (slots[0] !== undefined && slots[0].at + slotMs <= now - options.windowMs) slots = slots.slice(1);
  }

  return {
    add(bytes) {
      const now = options.now();
      const last = slots.at(-1);
      if (last !== undefined && now - last.at < slotMs) last.bytes += bytes;
      else {
        forget(now);
        slots.push({ at: now, bytes });
      }
    },
    bytesPerSecond() {
      const now = options.now();
      forget(now);
      const bytes = slots.reduce((sum, slot) => sum + slot.bytes, 0);
      const spanMs = Math.min(options.windowMs, Math.max(now - startedAt, slotMs));
      return (bytes * 1000) / spanMs;
    },
  };
}
