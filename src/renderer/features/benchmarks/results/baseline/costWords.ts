import { formatCount } from '#core/units.ts';
import type { RunCost } from '#shared/contract/benchmarkResults.ts';

type CostRow = RunCost['rows'][number];

export interface LocalAgainstHosted {
  readonly local: CostRow;
  readonly hosted: CostRow;
  /** Above 1: the local one is cheaper by so much. */
  readonly ratio: number;
}

/**
 * The local model of the verdict (else the cheapest) against the cheapest hosted one, of those with a score where there are such; null where
 * either has no price in the same money.
 */
export function localAgainstHosted(cost: RunCost, verdictId: string | null): LocalAgainstHosted | null {
  const priced = cost.rows.filter((row) => row.perThousandCalls !== null && row.perThousandCalls > 0);
  const cheapest = (rows: readonly CostRow[]): CostRow | undefined =>
    rows.toSorted((a, b) => (a.perThousandCalls ?? 0) - (b.perThousandCalls ?? 0))[0];
  const locals = priced.filter((row) => row.kind === 'local');
  const local = locals.find((row) => row.modelId === verdictId) ?? cheapest(locals);
  const rivals = priced.filter((row) => row.kind === 'hosted' && row.currency === local?.currency);
  const hosted = cheapest(rivals.filter((row) => row.passRate !== null)) ?? cheapest(rivals);
  if (local === undefined || hosted === undefined) return null;
  return { local, hosted, ratio: (hosted.perThousandCalls ?? 0) / (local.perThousandCalls ?? 1) };
}

/** "12× cheaper", "1.4× dearer", "as dear" */
export function ratioWords(ratio: number): { readonly figure: string; readonly words: string } {
  const larger = Math.max(ratio, 1 / ratio);
  if (larger < 1.05) return { figure: '1×', words: 'the same' };
  return { figure: `${larger >= 10 ? formatCount(larger) : larger.toFixed(1)}×`, words: ratio > 1 ? 'cheaper' : 'dearer' };
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** "1 Jul 2025" of `2025-07-01` */
export function formatDay(isoDay: string): string {
  const at = Date.parse(`${isoDay}T00:00:00Z`);
  return Number.isNaN(at) ? isoDay : day.format(at);
}

/** When the hosted prices were entered: one day, or from which to which. Null without any. */
export function enteredWords(rows: readonly CostRow[]): string | null {
  const days = [...new Set(rows.flatMap((row) => (row.enteredOn === null ? [] : [row.enteredOn])))].sort();
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return null;
  return first === last ? `on ${formatDay(first)}` : `between ${formatDay(first)} and ${formatDay(last)}`;
}
