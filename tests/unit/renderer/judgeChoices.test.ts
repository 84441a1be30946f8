import { expect, test } from 'vitest';
import { barredBy, judgeDetail, judgeNote } from '../../../src/renderer/features/benchmarks/setup/judgeChoices.ts';
import { judgingWords } from '../../../src/renderer/features/benchmarks/setup/judgingWords.ts';

const model = (name: string) => ({ id: name, name, label: name });
const judge = model('Qwen3-8B');
const sisters = ['Qwen2.5-1.5B-Instruct', 'Qwen3-4B', 'Qwen3-8B'].map(model);
const other = model('Llama-3.2-1B-Instruct');

test('a judge leaves out itself and its family, and says of how many and of which', () => {
  expect(barredBy(judge, [...sisters, other]).map(({ id }) => id)).toEqual(sisters.map(({ id }) => id));
  expect(judgeDetail(judge, [...sisters, other])).toBe('judges 1 of 4');
  expect(judgeNote(judge, [...sisters, other])).toBe('It does not judge Qwen2.5-1.5B-Instruct, Qwen3-4B and 1 more: itself or its family.');
  expect(judgeNote(judge, [model('Qwen3-4B'), other])).toBe('It does not judge Qwen3-4B: itself or its family.');
});

test('a judge that may judge all says nothing in the list, one that may judge none says so', () => {
  expect(judgeDetail(judge, [other])).toBeUndefined();
  expect(judgeNote(judge, [other])).toBeNull();
  expect(judgeDetail(judge, sisters)).toBe('judges none of these');
  expect(judgeNote(judge, sisters)).toMatch(/judges none/);
});

test('the plan tells what a judge is asked, first what people have judged, or that there is nothing for it', () => {
  expect(judgingWords({ items: 12, judgements: 1200, ofPeople: 60 })).toEqual({
    isFine: true,
    text: 'About 1,200 answers are judged afterwards, once the judge has been tried on 60 judgements of people. The time above is without.',
  });
  expect(judgingWords({ items: 1, judgements: 1, ofPeople: 0 }).text).toBe(
    'About 1 answer is judged afterwards. The time above is without.',
  );
  expect(judgingWords({ items: 0, judgements: 0, ofPeople: 60 })).toMatchObject({ isFine: false, text: expect.stringMatching(/no item/i) });
  expect(judgingWords({ items: 3, judgements: 0, ofPeople: 60 })).toMatchObject({ isFine: false, text: expect.stringMatching(/none of/) });
});
