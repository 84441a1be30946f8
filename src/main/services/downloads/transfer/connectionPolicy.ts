/** How many connections a transfer uses. Everything is counted in ticks, so that it can be tried without a clock. */
export interface ConnectionPolicy {
  target(): number;
  /** Called each tick with the speed since the last one. @returns whether connections above the target are to be cut now, not just left to end */
  tick(bytesPerSecond: number): boolean;
  /** The server refuses more than `connections`: never more again in this transfer. */
  limitTo(connections: number): void;
  /** The server asks for less. */
  easeOff(): void;
}

/** More connections must bring at least this share of what as many bring so far, each. */
const worthwhileShare = 0.3;
const growBy = (target: number): number => (target < 4 ? 1 : 2);
const settleTicks = 1;
/** After a try that did not pay, the next comes so much later, and then twice as late each time. */
const restTicks = 60;
/** Below this share of the best speed, for so many ticks, the line counts as collapsed. */
const collapsedShare = 0.3;
const collapsedTicks = 4;
/** A congested server needs longer than a tick to forgive. */
const recoverTicks = 14;
/** A collapse may have been the line's own; after so long one more connection may be tried again. */
const forgiveTicks = 240;
/** A connection slower than this from the start may be one of too many. */
const crawlBytesPerSecond = 64 * 1024;

type Trial = {
  readonly from: number;
  readonly speedBefore: number;
  readonly isGrowth: boolean;
  ticksLeft: number;
};

export function createConnectionPolicy(options: { readonly start: number; readonly max: number }): ConnectionPolicy {
  /** What the server allows, and what the line has borne lately. */
  let limit = Math.max(1, options.max);
  let ceiling = limit;
  let ticksUntilForgiven = forgiveTicks;
  let target = Math.min(options.start, ceiling);
  let trial: Trial | null = null;
  let ticksUntilTry = 1;
  let restFor = restTicks;
  let best = 0;
  let slowTicks = 0;

  function rest(): void {
    ticksUntilTry = restFor;
    restFor *= 2;
  }

  function judge(done: Trial, speed: number): void {
    if (done.isGrowth) {
      const hopedFor = (done.speedBefore * (target - done.from)) / done.from;
      if (speed - done.speedBefore >= hopedFor * worthwhileShare) ticksUntilTry = 0;
      else {
        target = Math.min(ceiling, done.from);
        rest();
      }
      return;
    }
    if (speed > done.speedBefore * 1.5) {
      ceiling = done.from - 1;
      ticksUntilForgiven = forgiveTicks;
      ticksUntilTry = settleTicks;
      best = speed;
      return;
    }
    // Fewer bring no more: the line itself has become slow.
    target = Math.min(ceiling, done.from);
    best = speed;
    rest();
  }

  return {
    target: () => target,
    tick(speed) {
      // Nothing arrives while it waits for the network or a limit: that says nothing about the number of connections.
      if (speed === 0) return false;
      if (--ticksUntilForgiven <= 0) {
        ceiling = Math.min(limit, ceiling + 1);
        ticksUntilForgiven = forgiveTicks;
      }
      if (trial !== null) {
        trial.ticksLeft--;
        if (trial.ticksLeft > 0) return false;
        const done = trial;
        trial = null;
        judge(done, speed);
        best = Math.max(best, speed);
        return false;
      }
      const isSlow = speed < best * collapsedShare || (best < crawlBytesPerSecond * target && speed < crawlBytesPerSecond * target);
      best = Math.max(best, speed);
      slowTicks = isSlow ? slowTicks + 1 : 0;
      if (slowTicks >= collapsedTicks && target > 1) {
        trial = { from: target, speedBefore: speed, isGrowth: false, ticksLeft: recoverTicks };
        target = 1;
        slowTicks = 0;
        return true;
      }
      if (isSlow || target >= ceiling) return false;
      ticksUntilTry--;
      if (ticksUntilTry > 0) return false;
      trial = { from: target, speedBefore: speed, isGrowth: true, ticksLeft: settleTicks + 1 };
      target = Math.min(ceiling, target + growBy(target));
      return false;
    },
    limitTo(connections) {
      limit = Math.max(1, Math.min(limit, connections));
      ceiling = Math.min(ceiling, limit);
      target = Math.min(target, ceiling);
      trial = null;
    },
    easeOff() {
      target = Math.max(1, Math.floor(target / 2));
      trial = null;
      rest();
    },
  };
}
