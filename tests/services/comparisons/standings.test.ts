import { describe, expect, it } from 'vitest';
import { countStandings } from '#main/services/comparisons/countStandings.ts';
import type { StoredEntry } from '#main/storage/comparisonTable.ts';

type Entry = Pick<StoredEntry, 'blindVote' | 'models'>;
const entry = (blindVote: Entry['blindVote'], ...ids: string[]): Entry => ({
  blindVote,
  models: ids.map((id) => ({
    modelId: id.replace('!', ''),
    modelName: id.replace('!', '').toUpperCase(),
    state: id.endsWith('!') ? 'failed' : 'complete',
    hasAnswered: !id.endsWith('!'),
  })),
});

describe('standings', () => {
  it('count wins, losses and ties of blind votes, and give the Wilson interval of wins among decided ones', () => {
    const standings = countStandings([
      entry(0, 'a', 'b'),
      entry(0, 'a', 'c'),
      entry(1, 'a', 'b'),
      entry('tie', 'a', 'b'),
      entry('none', 'a', 'b'),
    ]);
    expect(standings.map(({ modelId, shown, won, tied, lost }) => [modelId, shown, won, tied, lost])).toEqual([
      ['a', 5, 2, 1, 1],
      ['b', 4, 1, 1, 1],
      ['c', 1, 0, 0, 1],
    ]);
    // Newcombe 1998, method 3, for 2 of 3.
    expect(standings[0]?.low).toBeCloseTo(0.2077, 4);
    expect(standings[0]?.high).toBeCloseTo(0.9385, 4);
  });

  it('say no share where nothing was decided, and count no comparison without a blind vote', () => {
    expect(countStandings([entry('tie', 'a', 'b'), entry(null, 'a', 'b')])[0]).toMatchObject({ shown: 1, tied: 1, low: null, high: null });
  });

  it('leave out models that gave nothing to read, and comparisons with one answer', () => {
    expect(countStandings([entry(0, 'a', 'b!', 'c')]).map(({ modelId }) => modelId)).toEqual(['a', 'c']);
    expect(countStandings([entry(0, 'a', 'b!')])).toEqual([]);
  });
});
