import { hasCooled, isTooHot } from '#main/services/system/thermalState.ts';
import { benchmarkErrors, type RunPlan } from '#shared/contract/benchmarks.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import type { MachineReadings } from './machineReadings.ts';

/** What of the machine a plan does not want to run under. */
type Wishes = Pick<RunPlan, 'pauseOnBattery' | 'pauseOnHeat'>;

/**
 * Why a run should not go on now, as its plan wishes.
 * @returns null where it may, and where nothing is known
 */
export async function obstacleNow(plan: Wishes, readings: Pick<MachineReadings, 'power' | 'heat'>): Promise<RpcErrorData | null> {
  if (plan.pauseOnBattery && (await readings.power()) === 'battery') {
    return {
      code: benchmarkErrors.onBattery,
      message: 'Paused by itself: the machine runs on its battery. Everything that was answered is kept.',
      hint: 'Plug it in, and it goes on by itself while Rightsize is open. Or resume it now.',
    };
  }
  const heat = plan.pauseOnHeat ? await readings.heat() : null;
  if (heat === null || !isTooHot(heat)) return null;
  return {
    code: benchmarkErrors.tooHot,
    message: `Paused by itself: the machine is at ${Math.round(heat.celsius)} °C, where it slows itself down. Everything that was answered is kept.`,
    hint: 'It goes on by itself when it has cooled, while Rightsize is open. Or resume it now.',
  };
}

/** Whether what a run paused itself for is over. What can't be read any more is no reason to wait on. */
export async function isOver(code: string, readings: Pick<MachineReadings, 'power' | 'heat'>): Promise<boolean> {
  switch (code) {
    case benchmarkErrors.onBattery:
      return (await readings.power()) !== 'battery';
    case benchmarkErrors.tooHot: {
      const heat = await readings.heat();
      return heat === null || hasCooled(heat);
    }
    default:
      return false;
  }
}

/** Whether a run that paused for this goes on by itself. */
export const isSelfMade = (code: string): boolean => code === benchmarkErrors.onBattery || code === benchmarkErrors.tooHot;

/** Why a run that had its time pauses. */
export function timeIsUp(minutes: number): RpcErrorData {
  return {
    code: benchmarkErrors.limitReached,
    message: `Paused by itself after ${minutes === 1 ? '1 minute' : `${minutes} minutes`}, as its plan says. Everything that was answered is kept.`,
    hint: 'Resume it to go on for as long again.',
  };
}

/**
 * Watches the machine while a run is active.
 * @param options.isForced the user lets it go on as things are: then only what changes is a reason
 * @param options.onReason told once
 * @returns a function that ends the watch
 */
export function watchMachine(
  plan: Wishes & Pick<RunPlan, 'runMinutes'>,
  options: {
    readonly readings: Pick<MachineReadings, 'power' | 'heat'>;
    readonly everyMs: number;
    readonly isForced: boolean;
    readonly onReason: (reason: RpcErrorData) => void;
  },
): () => void {
  const { readings, everyMs, onReason } = options;
  let { isForced } = options;
  let isAsking = false;
  let isDone = false;

  async function look(): Promise<void> {
    if (isAsking || isDone) return;
    isAsking = true;
    const reason = await obstacleNow(plan, readings);
    isAsking = false;
    if (reason === null) isForced = false;
    else if (!isForced) tell(reason);
  }

  function tell(reason: RpcErrorData): void {
    if (isDone) return;
    end();
    onReason(reason);
  }

  const { runMinutes } = plan;
  const limit =
    runMinutes === null ? undefined : setTimeout(() => tell(timeIsUp(runMinutes)), Math.min(runMinutes * 60_000, longestTimerMs));
  limit?.unref();
  const isCareful = plan.pauseOnBattery || plan.pauseOnHeat;
  const timer = isCareful ? setInterval(() => void look(), everyMs) : undefined;
  timer?.unref();
  if (isCareful) void look();

  function end(): void {
    isDone = true;
    clearTimeout(limit);
    clearInterval(timer);
  }
  return end;
}

/** A timer with more milliseconds than this fires at once. */
const longestTimerMs = 2 ** 31 - 1;
