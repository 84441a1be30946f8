import { describe, expect, test } from 'vitest';
import type { RunCost } from '#shared/contract/benchmarkResults.ts';
import { enteredWords, localAgainstHosted, ratioWords } from '../../../src/renderer/features/benchmarks/results/baseline/costWords.ts';
import { type DraftPrice, draftOf, pricesOf } from '../../../src/renderer/features/benchmarks/results/baseline/draftPrices.ts';

type Row = RunCost['rows'][number];

function row(parts: Partial<Row>): Row {
  return {
    ...{ label: 'x', modelId: null, kind: 'hosted', price: '', passRate: null, perThousandCalls: null, currency: 'USD', enteredOn: null },
    ...parts,
  };
}

describe('localAgainstHosted', () => {
  const local = row({ kind: 'local', modelId: 'a', perThousandCalls: 0.01 });
  const verdict = row({ kind: 'local', modelId: 'b', perThousandCalls: 0.02 });
  const cheap = row({ label: 'cheap', perThousandCalls: 0.1 });
  const scored = row({ label: 'scored', perThousandCalls: 0.2, passRate: 0.9 });

  test('holds the model of the verdict against the cheapest hosted one that has a score', () => {
    const pair = localAgainstHosted({ inputTokens: 1, outputTokens: 1, watts: 10, rows: [local, verdict, cheap, scored] }, 'b');
    expect([pair?.local.modelId, pair?.hosted.label, pair?.ratio]).toEqual(['b', 'scored', 10]);
  });

  test('compares nothing in two currencies, and nothing that is unknown', () => {
    const euro = row({ perThousandCalls: 0.1, currency: 'EUR' });
    expect(localAgainstHosted({ inputTokens: 1, outputTokens: 1, watts: 10, rows: [local, euro] }, 'a')).toBeNull();
    const unknown = row({ kind: 'local', modelId: 'a' });
    expect(localAgainstHosted({ inputTokens: 1, outputTokens: 1, watts: null, rows: [unknown, cheap] }, 'a')).toBeNull();
  });

  test('says how much cheaper or dearer', () => {
    expect(ratioWords(12.3)).toEqual({ figure: '12×', words: 'cheaper' });
    expect(ratioWords(1 / 2.5)).toEqual({ figure: '2.5×', words: 'dearer' });
    expect(ratioWords(0.99).words).toBe('the same');
  });
});

test('says on which days the prices were entered', () => {
  expect(enteredWords([row({ enteredOn: '2026-11-01' }), row({})])).toBe('on 1 Nov 2026');
  expect(enteredWords([row({ enteredOn: '2026-11-14' }), row({ enteredOn: '2026-11-01' })])).toBe('between 1 Nov 2026 and 14 Nov 2026');
  expect(enteredWords([row({})])).toBeNull();
});

describe('pricesOf', () => {
  const kept = { model: 'A', inputPerMillion: 0.1, outputPerMillion: 0.4, currency: 'EUR', enteredOn: '2025-07-01' };
  const typed = (rows: readonly DraftPrice[], electricity = '') => pricesOf({ rows, electricity, currency: ' USD ', today: '2026-11-21' });

  test('keeps the day of a price that did not change, and dates what did', () => {
    const row = draftOf(kept, 0);
    expect(typed([row])).toEqual({ table: { prices: [kept], electricityPerKwh: null, currency: 'USD' } });
    expect(typed([{ ...row, output: '0,5' }], '0.30')).toEqual({
      table: {
        prices: [{ ...kept, outputPerMillion: 0.5, currency: 'USD', enteredOn: '2026-11-21' }],
        electricityPerKwh: 0.3,
        currency: 'USD',
      },
    });
  });

  test('leaves out rows without an entry and names what is wrong with the others', () => {
    const row = draftOf(kept, 0);
    expect(typed([{ ...row, model: '', input: '', output: ' ' }])).toMatchObject({ table: { prices: [] } });
    expect(typed([{ ...row, input: '-1' }])).toEqual({ problem: 'The prices of A are not numbers from 0 to 100,000.' });
    expect(typed([{ ...row, model: '' }])).toMatchObject({ problem: expect.stringContaining('no model') });
    expect(typed([row, { ...row, key: 'b' }])).toEqual({ problem: 'A is listed twice.' });
    expect(typed([row], 'much')).toMatchObject({ problem: expect.stringContaining('electricity') });
  });
});
