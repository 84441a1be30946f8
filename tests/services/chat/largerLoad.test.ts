import { expect, it } from 'vitest';
import { largerLoad } from '#main/services/chat/largerLoad.ts';

it('doubles a context until the conversation leaves room for its answer', () => {
  expect(largerLoad({ promptTokens: 3660, roomTokens: 1023 })).toMatchObject({
    options: { contextTokens: 8192 },
    words: 'Load with 8,192 context',
  });
  expect(largerLoad({ promptTokens: 1024, roomTokens: 1023 })).toMatchObject({ options: { contextTokens: 2048 } });
});

it('offers nothing where nobody counted, or the numbers are none', () => {
  for (const data of [
    undefined,
    null,
    {},
    { promptTokens: 3660 },
    { promptTokens: Number.NaN, roomTokens: 1 },
    { promptTokens: 1e300, roomTokens: 1 },
  ])
    expect(largerLoad(data)).toBeNull();
});
