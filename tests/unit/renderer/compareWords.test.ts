import { describe, expect, it } from 'vitest';
import type { FitEstimate, FitMachine } from '#core/fit/fitTypes.ts';
import type { ComparedAnswer } from '#shared/contract/comparisons.ts';
import type { Endpoint } from '#shared/contract/endpoints.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { chosenModels } from '../../../src/renderer/features/chat/compare/comparedModels.ts';
import { fitTogetherWords } from '../../../src/renderer/features/chat/compare/fitTogether.ts';
import { statBars } from '../../../src/renderer/features/chat/compare/statBars.ts';
import { modelWords, voteWords } from '../../../src/renderer/features/chat/compare/voteWords.ts';
import { firstPair, wordDifference } from '../../../src/renderer/features/chat/compare/wordDifference.ts';
import { choiceName, modelChoices } from '../../../src/renderer/stores/modelChoices.ts';

const gib = 2 ** 30;
const fitOf = (ram: number, gpu = 0) => ({ bytes: { ram: ram * gib, gpu: gpu * gib, total: (ram + gpu) * gib } }) as FitEstimate;
const machine = { ramBytes: 16 * gib, ramAvailableBytes: 12 * gib, gpu: null } as FitMachine;

describe('whether models fit together', () => {
  const words = (fits: readonly (FitEstimate | null)[], more: Partial<Parameters<typeof fitTogetherWords>[0]> = {}) =>
    fitTogetherWords({ fits, remoteCount: 0, machine, pace: 'turns', ...more });

  it('is said with what they need of what is free', () => {
    expect(words([fitOf(2), fitOf(3), fitOf(1)])).toBe(
      'All three fit together: 6.0 GiB of 12.0 GiB free. They take turns so speeds are comparable.',
    );
    expect(words([fitOf(8), fitOf(6)])).toBe(
      'They do not fit together: 14.0 GiB of 12.0 GiB free. They take turns, and each makes room for the next.',
    );
    expect(words([fitOf(8), fitOf(6)], { pace: 'together' })).toMatch(/Those that do not fit beside the others wait for them\.$/);
  });

  it('is told of the GPU where they lie there, and its own margin is kept free', () => {
    const gpu = { backend: 'cuda', vramBytes: 12 * gib, freeBytes: 11 * gib, unified: false } as const;
    expect(words([fitOf(1, 5), fitOf(1, 4)], { machine: { ...machine, gpu } })).toMatch(/^Both fit together: 9\.0 GiB of 11\.0 GiB free/);
    expect(words([fitOf(1, 6), fitOf(1, 5)], { machine: { ...machine, gpu } })).toMatch(
      /^They do not fit together: 11\.0 GiB of 11\.0 GiB/,
    );
  });

  it('is unknown while a header is not read, and nothing to say of models behind endpoints', () => {
    expect(words([fitOf(1), null])).toMatch(/^How much memory they take is not known yet/);
    expect(words([], { remoteCount: 2 })).toBe('None of them runs on this machine.');
    expect(words([fitOf(1)], { remoteCount: 1 })).toMatch(/^One of them runs here: 1\.0 GiB of 12\.0 GiB free/);
  });
});

const answer = (timings: Partial<NonNullable<ComparedAnswer['timings']>> | null, state: ComparedAnswer['state'] = 'complete') =>
  ({
    state,
    timings:
      timings === null
        ? null
        : { loadMs: null, ttftMs: null, promptTokensPerSecond: null, generationTokensPerSecond: null, totalMs: 1000, ...timings },
  }) as ComparedAnswer;

describe('the bars under the answers', () => {
  const answers = [
    answer({ ttftMs: 200, generationTokensPerSecond: 50, totalMs: 2000 }),
    answer({ ttftMs: 100, generationTokensPerSecond: null, totalMs: 500 }, 'stopped'),
    answer(null, 'failed'),
  ];

  it('name the best of what at least two were measured in, on one scale a kind', () => {
    const [first, second, third] = statBars({ answers, pace: 'turns' });
    expect(first?.map(({ label, value, unit, share, isBest }) => [label, value, unit, share, isBest])).toEqual([
      ['TTFT', '0.20', 's', 1, false],
      ['Speed', '50.0', 'tok/s', 1, false],
      ['Total', '2.0', 's', 1, false],
    ]);
    expect(second?.map(({ value, share, isBest }) => [value, share, isBest])).toEqual([
      ['0.10', 0.5, true],
      ['–', 0, false],
      ['–', 0, false],
    ]);
    expect(third?.every(({ value, share, isBest }) => value === '–' && share === 0 && !isBest)).toBe(true);
  });

  it('name no best of models that wrote at the same time', () => {
    expect(
      statBars({ answers, pace: 'together' })
        .flat()
        .some(({ isBest }) => isBest),
    ).toBe(false);
  });
});

describe('the difference of two answers', () => {
  it('is told word by word, and counted', () => {
    const difference = wordDifference('The cat sat here.', 'The dog sat here today.');
    expect(difference).toMatchObject({ removedWords: 1, addedWords: 2 });
    const side = (kind: 'removed' | 'added') =>
      difference?.parts
        .filter((part) => part.kind === 'same' || part.kind === kind)
        .map(({ text }) => text)
        .join('');
    expect(side('removed')).toBe('The cat sat here.');
    expect(side('added')).toBe('The dog sat here today.');
  });

  it('is told line by line where two long texts have little in common', () => {
    const words = (letter: string) => Array.from({ length: 1_000 }, (_, index) => `${letter}${index}`).join(' ');
    const difference = wordDifference(`Same.\n${words('a')}`, `Same.\n${words('b')}`);
    expect(difference?.parts.map(({ kind }) => kind)).toEqual(['same', 'removed', 'added']);
    expect(difference).toMatchObject({ removedWords: 1_000, addedWords: 1_000 });
  });

  it('begins with the preferred answer, and needs two that say something', () => {
    expect(firstPair(['a', 'b', 'c'], 2)).toEqual([2, 0]);
    expect(firstPair(['', 'b', 'c'], null)).toEqual([1, 2]);
    expect(firstPair(['', 'b', 'c'], 'tie')).toEqual([1, 2]);
    expect(firstPair(['', 'b'], 1)).toBeNull();
  });
});

describe('models to compare', () => {
  const artifact = (id: string, state: Artifact['state'] = 'ready') => ({ id, name: id, quant: 'Q8_0', state }) as Artifact;
  const endpoint = { id: 'lab', name: 'Lab', models: ['small'] } as unknown as Endpoint;
  const choices = modelChoices([artifact('a'), artifact('broken', 'missing'), artifact('b'), artifact('c')], [endpoint]);

  it('are those that are ready, and those behind endpoints', () => {
    expect(choices.map((choice) => [choice.id, choice.endpoint?.name ?? null, choiceName(choice)])).toEqual([
      ['a', null, 'a Q8_0'],
      ['b', null, 'b Q8_0'],
      ['c', null, 'c Q8_0'],
      ['endpoint:lab/small', 'Lab', 'small (Lab)'],
    ]);
  });

  it('begin with the last used and what is in memory, and are filled up to two of this disk', () => {
    expect(chosenModels(null, choices, ['c', null, 'c', 'a'])).toEqual(['c', 'a']);
    expect(chosenModels(null, choices, ['c'])).toEqual(['c', 'a']);
    expect(chosenModels(['b', 'gone'], choices, [])).toEqual(['b', 'a']);
    expect(chosenModels(['b', 'endpoint:lab/small', 'c'], choices, [])).toEqual(['b', 'endpoint:lab/small', 'c']);
  });
});

describe('a comparison in a list', () => {
  it('says what was preferred, by letter while names are hidden', () => {
    expect(voteWords(1, ['X', 'Y'])).toBe('Preferred: Y');
    expect(voteWords(1, [null, null])).toBe('Preferred: B');
    expect([voteWords('tie', []), voteWords('none', []), voteWords(null, [])]).toEqual(['Equally good', 'All bad', 'No vote']);
    expect(modelWords(['X', 'Y'])).toBe('X, Y');
    expect(modelWords([null, null])).toBe('2 models, names hidden');
  });
});
