import { describe, expect, it } from 'vitest';
import { fixedChunkEnds } from '#main/runner/prefill.ts';
import type { GenerateResult } from '#shared/contract/runner.ts';
import { greedy, starterModel, startLoaded } from './runnerHarness.ts';

describe('the chunks of a scored prompt', () => {
  it.each([
    ['are whole ones where nothing is shared', 300, 0, [128, 256]],
    ['end where the shared beginning ends, and are counted anew from there', 400, 150, [128, 150, 278]],
    ['leave the last part to be evaluated with the first new token', 256, 128, [128]],
    ['are none in a short prompt', 100, 0, []],
  ])('%s', (_what, length, shared, ends) => {
    expect(fixedChunkEnds(length, shared)).toEqual(ends);
  });
});

describe('a beginning that questions share', () => {
  const system =
    'You classify customer reviews by sentiment. Respond with just positive, negative or neutral, and with nothing else at all.';
  const inputs = ['The soup was cold.', 'I will come back!', 'They sell shoes.', 'My phone broke after two days of light use.'];

  it('is evaluated once, and answers are the same in any order and beside other questions', async () => {
    const runner = await startLoaded(starterModel('1M-Instruct-Q8_0'));
    const ask = (input: string, instruction = system): Promise<GenerateResult> =>
      runner.generate({
        ...greedy(input),
        turns: [
          { role: 'system', content: instruction },
          { role: 'user', content: input },
        ],
      });
    const first: GenerateResult[] = [];
    for (const input of inputs) first.push(await ask(input));
    const [shared, ...rest] = first.slice(1).map((result) => result.usage.cachedTokens);
    expect(first[0]?.usage.cachedTokens).toBe(0);
    expect(shared).toBeGreaterThan(16);
    expect(rest).toEqual([shared, shared]);

    const again: GenerateResult[] = [];
    for (const input of inputs.toReversed()) {
      await ask(input, `${system} Be quick.`);
      again.unshift(await ask(input));
    }
    expect(again.map((result) => result.text)).toEqual(first.map((result) => result.text));
    expect(again.every((result) => result.usage.cachedTokens === 0)).toBe(true);

    // What a chat left behind was not evaluated in these chunks.
    await runner.generate({
      ...greedy('Hello', { prefix: 'reuse' }),
      turns: [
        { role: 'system', content: system },
        { role: 'user', content: inputs[0] ?? '' },
      ],
    });
    const afterChat = await ask(inputs[1] ?? '');
    expect(afterChat.usage.cachedTokens).toBe(0);
    expect(afterChat.text).toBe(first[1]?.text);
  });
});
