import { describe, expect, it } from 'vitest';
import { formatMoney, runCost } from '#core/bench/runCost.ts';
import type { ModelFacts } from '#core/bench/runRecords.ts';
import type { SampleRecord } from '#core/bench/sampleRecord.ts';
import { summariseRun } from '#core/bench/summariseRun.ts';
import { answersOf } from '../../../fixtures/sampleRecords.ts';

const small: ModelFacts = { modelId: 'small', name: 'Small', quant: 'Q4_K_M', sizeBytes: 1e9, parameters: null };
const hosted: ModelFacts = {
  modelId: 'endpoint:lab/Maker/big-1',
  name: 'big-1',
  quant: null,
  sizeBytes: 0,
  parameters: null,
  remote: true,
};
const price = { model: 'big-1', inputPerMillion: 1, outputPerMillion: 10, currency: 'USD', enteredOn: '2026-11-21' };
const other = { ...price, model: 'other', currency: 'EUR' };
const work = { modelMs: 1, toolMs: 0, turns: 1, attempts: 1, beside: 1, joules: 36, gpuUtilisation: null, gpuMemoryBytes: null };

function costOf(samples: readonly SampleRecord[], electricityPerKwh: number | null, models = [small, hosted]) {
  const { models: results } = summariseRun({
    models,
    suites: [{ id: 'colours', kind: 'labelled' }],
    samples,
    plan: { bar: 0.8, margin: 0.1, referenceId: null },
  });
  return runCost({ models: results, samples }, { prices: [price, other], electricityPerKwh, currency: 'USD' });
}

describe('what a thousand calls cost', () => {
  const measured = answersOf('small', { passed: 1, n: 2 }, { work });
  const answers = [
    ...measured,
    ...answersOf('endpoint:lab/Maker/big-1', { passed: 2, n: 2 }, { usage: { promptTokens: 50, cachedTokens: 0, completionTokens: 20 } }),
  ];

  it('is electricity here, where it was measured and has a price', () => {
    expect(costOf(answers, 0.3)?.rows[0]).toMatchObject({
      label: 'Small Q4_K_M',
      kind: 'local',
      price: 'electricity only',
      passRate: 0.5,
      perThousandCalls: expect.closeTo(0.003),
    });
    expect(costOf(answers, 0.3)?.watts).toBeCloseTo(36 / 0.12);
    expect(costOf(answers, null)?.rows[0]).toMatchObject({ price: 'no price of electricity', perThousandCalls: null });
  });

  it('is unknown, and never 0, without a sensor', () => {
    const unmeasured = costOf(answersOf('small', { passed: 1, n: 2 }), 0.3);
    expect(unmeasured).toMatchObject({ watts: null });
    expect(unmeasured?.rows[0]).toMatchObject({ price: 'no energy sensor', perThousandCalls: null });
  });

  it('is tokens by the price that was entered, with a score only where that very model was asked', () => {
    const rows = costOf(answers, null)?.rows.filter((row) => row.kind === 'hosted');
    expect(rows).toEqual([
      {
        ...{ label: 'big-1', modelId: hosted.modelId, kind: 'hosted', price: '$1.00 in, $10.00 out', passRate: 1 },
        ...{ perThousandCalls: expect.closeTo(0.25), currency: 'USD', enteredOn: '2026-11-21' },
      },
      expect.objectContaining({
        label: 'other',
        modelId: null,
        passRate: null,
        perThousandCalls: expect.closeTo(0.04 + 0.155),
        currency: 'EUR',
      }),
    ]);
  });

  it('says where a candidate behind an endpoint has no price', () => {
    const unpriced = { ...hosted, modelId: 'endpoint:lab/unheard-of', name: 'unheard-of' };
    expect(costOf(measured, null, [unpriced])?.rows[0]).toMatchObject({ price: 'no price entered', perThousandCalls: null });
  });

  it('is nothing where no answer was made', () => {
    expect(costOf([], 0.3)).toBeNull();
  });

  it.each([
    [null, 'USD', '–'],
    [0, 'USD', '$0.00'],
    [0.00042, 'USD', '$0.00042'],
    [0.015, 'EUR', '€0.015'],
    [8.1, 'CHF', 'CHF 8.10'],
  ])('reads %s %s as %s', (amount, currency, text) => {
    expect(formatMoney(amount, currency)).toBe(text);
  });
});
