import { formatCount } from '#core/units.ts';
import { benchmarkErrors, type RunSummary } from '#shared/contract/benchmarks.ts';

export interface Standstill {
  readonly title: string;
  /** What was kept and what happens next. */
  readonly text: string;
  readonly tone: 'calm' | 'warn';
  /** Goes on without anybody: then resuming is "anyway". */
  readonly goesOnByItself: boolean;
}

/** Why a paused run stands still, in words, and what happens next. */
export function standstillOf(run: Pick<RunSummary, 'error' | 'done' | 'total'>): Standstill {
  const { error, done, total } = run;
  const left = `${formatCount(total - done)} ${total - done === 1 ? 'call is' : 'calls are'} left.`;
  const kept = `The model is unloaded; everything measured is kept. ${left}`;
  if (error === null) return { title: 'Paused', text: kept, tone: 'calm', goesOnByItself: false };
  const words = { title: error.message, text: error.hint ?? kept };
  switch (error.code) {
    case benchmarkErrors.onBattery:
    case benchmarkErrors.tooHot:
      return { ...words, tone: 'calm', goesOnByItself: true };
    case benchmarkErrors.limitReached:
      return { ...words, tone: 'calm', goesOnByItself: false };
    default:
      return { ...words, tone: 'warn', goesOnByItself: false };
  }
}
