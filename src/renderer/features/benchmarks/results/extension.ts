import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import type { Suite } from '#shared/contract/benchmarks.ts';

export interface Extension {
  /** Suites of the run with items that were not asked. */
  readonly suites: readonly Suite[];
  /** Items that the largest of them has left. */
  readonly most: number;
  /** What the verdict lacks, shared among them. */
  readonly suggested: number;
}

/** What more could be asked of a run that was cut short. No suites = nothing. */
export function extensionOf({ run, suites, verdict }: Pick<RunResults, 'run' | 'suites' | 'verdict'>): Extension {
  const asked = run.plan.itemLimit ?? Number.POSITIVE_INFINITY;
  const open = suites.filter((suite) => suite.kind === 'labelled' && suite.itemCount > asked);
  const most = Math.max(0, ...open.map((suite) => suite.itemCount - asked));
  const wanted = verdict.moreItems === null ? most : Math.ceil(verdict.moreItems / Math.max(1, open.length));
  return { suites: open, most, suggested: Math.min(most, Math.max(1, wanted)) };
}
