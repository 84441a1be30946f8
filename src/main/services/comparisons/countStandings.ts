import { wilsonInterval } from '#core/bench/statistics.ts';
import type { StoredEntry } from '#main/storage/comparisonTable.ts';
import type { Standing } from '#shared/contract/comparisons.ts';

type Tally = Pick<Standing, 'modelId' | 'modelName' | 'shown' | 'won' | 'tied' | 'lost'>;

/**
 * Counts blind votes. A model that gave no answer to read is not counted as shown; `none` (all bad) counts as shown alone.
 * @param entries newest first
 * @returns the model that was preferred most often first: by the lower end of its interval, then by wins
 */
export function countStandings(entries: readonly Pick<StoredEntry, 'blindVote' | 'models'>[]): Standing[] {
  const tallies = new Map<string, Tally>();
  for (const { blindVote, models } of entries) {
    // One answer beside nothing was no comparison.
    if (blindVote === null || models.filter(({ hasAnswered }) => hasAnswered).length < 2) continue;
    models.forEach(({ modelId, modelName, hasAnswered }, index) => {
      if (modelId === null || !hasAnswered) return;
      const before = tallies.get(modelId) ?? { modelId, modelName: modelName ?? modelId, shown: 0, won: 0, tied: 0, lost: 0 };
      tallies.set(modelId, {
        ...before,
        shown: before.shown + 1,
        won: before.won + Number(blindVote === index),
        tied: before.tied + Number(blindVote === 'tie'),
        lost: before.lost + Number(typeof blindVote === 'number' && blindVote !== index),
      });
    });
  }
  return [...tallies.values()].map(withInterval).toSorted((a, b) => (b.low ?? 0) - (a.low ?? 0) || b.won - a.won || b.shown - a.shown);
}

function withInterval(tally: Tally): Standing {
  const n = tally.won + tally.lost;
  if (n === 0) return { ...tally, low: null, high: null };
  return { ...tally, ...wilsonInterval({ passed: tally.won, n }) };
}
