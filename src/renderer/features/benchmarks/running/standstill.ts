import { formatCount } from '#core/units.ts';
import type { RunSummary } from '#shared/contract/benchmarks.ts';

export interface Standstill {
  readonly title: string;
  /** What was kept and what happens next. */
  readonly text: string;
  readonly tone: 'calm' | 'warn';
  /** Goes on without anybody: then resuming is "anyway". */
  readonly goesOnByItself: boolean;
}

const kept = 'The model is unloaded; everything measured is kept.';

/** Why a paused run stands still, in words, and what happens next. */
export function standstillOf(run: Pick<RunSummary, 'error' | 'plan' | 'done' | 'total'>): Standstill {
  const { error, plan, done, total } = run;
  const left = `${formatCount(total - done)} ${total - done === 1 ? 'call is' : 'calls are'} left.`;
  switch (error?.code) {
    case undefined:
      return { title: 'Paused', text: `${kept} ${left}`, tone: 'calm', goesOnByItself: false };
    case 'on-battery':
      return {
        title: 'Paused: on battery',
        text: error?.hint ?? `${kept} It goes on by itself when the machine is on mains power again.`,
        tone: 'calm',
        goesOnByItself: true,
      };
    case 'too-hot':
      return {
        title: 'Paused: too hot',
        text: error?.hint ?? `${kept} It goes on by itself when the machine has cooled down.`,
        tone: 'calm',
        goesOnByItself: true,
      };
    case 'time-over':
      return {
        title: plan.runMinutes === null ? 'Paused: its time is over' : `Paused: its ${formatCount(plan.runMinutes)} minutes are over`,
        text: error?.hint ?? `${kept} ${left} Resume whenever it suits you.`,
        tone: 'calm',
        goesOnByItself: false,
      };
    default:
      return { title: error?.message ?? 'Paused', text: error?.hint ?? `${kept} ${left}`, tone: 'warn', goesOnByItself: false };
  }
}
