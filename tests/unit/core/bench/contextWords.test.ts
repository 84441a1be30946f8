import { expect, it } from 'vitest';
import { contextWords } from '#core/bench/contextWords.ts';

const plain = { kind: 'labelled', name: 'Routing' } as const;
const long = { kind: 'labelled', name: 'Long context', contextTokens: 36_864 } as const;
const words = (
  contexts: readonly (number | null)[],
  suites: readonly (typeof plain | typeof long)[],
  contextTokens: number | null = null,
) => contextWords({ plan: { contextTokens }, suites, models: contexts.map((tokens) => ({ contextTokens: tokens })) });

it('says the context of all models that were loaded', () => {
  expect(words([8192, null, 8192], [plain])).toBe('8,192');
  expect(words([1024, 8192], [plain])).toBe('1,024 to 8,192 by model');
  expect(words([null], [plain])).toBeNull();
});

it('says which suite chose it, and that the others had it too', () => {
  expect(words([36_864], [long])).toBe('36,864 for Long context');
  expect(words([36_864], [plain, long])).toBe('36,864 for Long context; all timed with it');
  expect(words([4096], [plain, long], 4096)).toBe('4,096');
});
