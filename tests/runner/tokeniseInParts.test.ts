import type { Token } from 'node-llama-cpp';
import { describe, expect, test } from 'vitest';
import { countTokens, firstTokens, tokeniseInRoom } from '#main/runner/tokeniseInParts.ts';

/** A token for every four characters, and what was asked for at once. */
function fours() {
  const asked: number[] = [];
  const tokenise = (text: string): Token[] => {
    asked.push(text.length);
    return Array.from({ length: Math.ceil(text.length / 4) }, (_, index) => index as Token);
  };
  return { asked, tokenise };
}
const signal = new AbortController().signal;
const megabyte = 'four'.repeat(2 ** 18);

describe('tokens of a text that is to fit', () => {
  test('are those of the whole text, however long it is, where they may fit', async () => {
    for (const text of ['word', megabyte]) {
      const { asked, tokenise } = fours();
      expect(await tokeniseInRoom(text, { tokenise, roomTokens: 2 ** 18, signal })).toMatchObject({ count: text.length / 4 });
      expect(asked.at(-1)).toBe(text.length);
    }
  });

  test('of one that is much too long are counted in parts and estimated from its beginning', async () => {
    const { asked, tokenise } = fours();
    expect(await tokeniseInRoom(megabyte.repeat(20), { tokenise, roomTokens: 1000, signal })).toEqual({ tokens: [], count: 20 * 2 ** 18 });
    expect(asked).toEqual([32_768]);
  });

  test('are not counted on for somebody who has gone', async () => {
    const { asked, tokenise } = fours();
    const gone = new AbortController();
    const counting = countTokens(megabyte, { tokenise, signal: gone.signal });
    gone.abort();
    await expect(counting).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked).toHaveLength(1);
    expect(await countTokens(megabyte, { tokenise, signal })).toBe(2 ** 18);
  });

  test('are the first of a text that is cut, of which not more is read than that takes', () => {
    const { asked, tokenise } = fours();
    expect(firstTokens(megabyte, { tokenise, mostTokens: 100 })).toHaveLength(100);
    expect(asked).toEqual([800]);
    const sparse = (text: string): Token[] => Array.from({ length: Math.ceil(text.length / 64) }, () => 0 as Token);
    expect(firstTokens(megabyte, { tokenise: sparse, mostTokens: 100 })).toHaveLength(100);
    expect(firstTokens('short', { tokenise, mostTokens: 100 })).toHaveLength(2);
  });
});
