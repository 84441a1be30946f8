import { expect, it } from 'vitest';
import { samplingOf } from '#main/services/api/ollamaFields.ts';

it('takes a seed of -1 as a fresh one, and no limit of tokens from a negative one', () => {
  expect(samplingOf({ seed: -1, num_predict: -1 })).toMatchObject({ seed: null, maxTokens: null });
  expect(samplingOf({ seed: -2, num_predict: 5 })).toMatchObject({ seed: 2 ** 32 - 2, maxTokens: 5 });
});
