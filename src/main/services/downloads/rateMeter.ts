/** Rate over the last seconds, from how far something has come. */
export interface RateMeter {
  /** @param units come so far; may fall. @param nowMs monotonic */
  add(units: number, nowMs: number): void;
  /** Units a second over the window; 0 when nothing has come. */
  perSecond(nowMs: number): number;
}

const windowMs = 5000;
/** Below this a rate says more of chance than of the line. */
const leastMs = 100;

/** Makes a meter that begins at a moment. @param startedAtMs monotonic */
export function createRateMeter(startedAtMs: number): RateMeter {
  let samples: { readonly atMs: number; readonly units: number }[] = [];
  let first = { atMs: startedAtMs, units: 0 };

  /** The last sample before the window is where the window begins. */
  function slide(nowMs: number): void {
    const since = nowMs - windowMs;
    const index = samples.findLastIndex((sample) => sample.atMs <= since);
    first = { atMs: Math.max(first.atMs, since), units: samples[index]?.units ?? first.units };
    samples = samples.slice(index + 1);
  }

  return {
    add(units, nowMs) {
      slide(nowMs);
      samples.push({ atMs: nowMs, units });
    },
    perSecond(nowMs) {
      slide(nowMs);
      const elapsedMs = nowMs - first.atMs;
      const last = samples.at(-1) ?? first;
      return elapsedMs < leastMs ? 0 : Math.max(0, ((last.units - first.units) * 1000) / elapsedMs);
    },
  };
}
