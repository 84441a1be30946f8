import { describe, expect, it } from 'vitest';
import { itemStandings } from '#core/bench/itemStandings.ts';
import type { Judgement, SampleRecord } from '#core/bench/sampleRecord.ts';
import { sampleOf } from '../../../fixtures/sampleRecords.ts';

const standings = (samples: readonly SampleRecord[], judgeIsCalibrated = false) => itemStandings(samples, { judgeIsCalibrated });
const askings = (itemId: string, passes: number, of: number): SampleRecord[] =>
  Array.from({ length: of }, (_, at) => sampleOf({ itemId, repeat: at + 1, temperature: 0.7, state: at < passes ? 'passed' : 'failed' }));

describe('the items that went worst', () => {
  it('are at most five, the worst first, with the first reason there was', () => {
    const grade = { grader: 'exact', reason: 'Expected red.', format: null, fields: null };
    const samples = [
      ...askings('half', 1, 2),
      ...askings('right', 2, 2),
      sampleOf({ itemId: 'crashed', state: 'error', grade: null, error: { code: 'runner-crashed', message: 'It crashed.' } }),
      ...['a', 'b', 'c', 'd'].map((itemId) => sampleOf({ itemId, state: 'failed', grade })),
    ];
    expect(standings(samples).worst.map(({ itemId, share, reason }) => [itemId, share, reason])).toEqual([
      ['crashed', 0, 'It crashed.'],
      ...['a', 'b', 'c', 'd'].map((itemId) => [itemId, 0, 'Expected red.']),
    ]);
    expect(standings(askings('right', 2, 2)).worst).toEqual([]);
  });
});

describe('pass^k', () => {
  it('is the share of items that passed every time, of those asked equally often', () => {
    const samples = [...askings('sure', 3, 3), ...askings('shaky', 2, 3), ...askings('left early', 1, 1)];
    expect(standings(samples).passPowerK).toEqual({ k: 3, n: 2, rate: 0.5 });
  });

  it('says nothing of items that were asked once', () => {
    expect(standings(askings('once', 1, 1)).passPowerK).toBeNull();
    expect(standings([]).passPowerK).toBeNull();
  });
});

describe('calls of tools', () => {
  it('are summed by item, however often it was asked', () => {
    const used = (itemId: string, repeat: number, right: boolean, extraCalls: number) =>
      sampleOf({
        ...{ itemId, repeat },
        grade: {
          ...{ grader: 'tool-calls', reason: '', format: null, fields: null },
          tools: { rightTool: true, rightArguments: right, extraCalls, answeredWithout: false },
        },
      });
    expect(standings([used('a', 1, true, 0), used('a', 2, false, 2), used('b', 1, true, 0), sampleOf({ itemId: 'c' })]).toolCalls).toEqual({
      ...{ n: 2, rightTool: 1, rightArguments: 0.75, extraCalls: 0.5, answeredWithout: 0 },
    });
    expect(standings([sampleOf({ itemId: 'c' })]).toolCalls).toBeNull();
  });
});

describe('judgements', () => {
  const judged = (itemId: string, score: number | null, kind: Judgement['kind'] = 'checklist'): SampleRecord =>
    sampleOf({
      itemId,
      judgements: [{ judgeId: 'j', judgeName: 'Judge', kind, score, criteria: [], note: '', againstId: null }],
    });

  it('are a mean whose bounds take what is missing as all wrong and as all right', () => {
    const answered = Array.from({ length: 20 }, (_, at) => judged(`item-${at}`, 0.75));
    const whole = standings(answered, true).judged;
    const holed = standings([...answered, ...Array.from({ length: 5 }, (_, at) => judged(`hole-${at}`, null))], true).judged;
    expect(whole).toMatchObject({ n: 20, missing: 0, score: 0.75, calibrated: true });
    expect(holed).toMatchObject({ n: 20, missing: 5, score: 0.75 });
    expect(holed?.low).toBeLessThan(whole?.low ?? 0);
    expect(holed?.high).toBeGreaterThan(0.75);
  });

  it('of preference stand apart from those of a checklist', () => {
    const { judged: checked, preferred } = standings([judged('a', 1), judged('b', 0.5, 'preference')]);
    expect([checked?.score, preferred?.score]).toEqual([1, 0.5]);
    expect(standings([judged('a', null)]).judged).toBeNull();
  });
});
