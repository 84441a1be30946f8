import { describe, expect, it } from 'vitest';
import { gradeAnswer } from '#core/bench/gradeAnswer.ts';
import { longContextItems } from '#core/bench/longContextItems.ts';
import { withoutMiddle } from '#core/bench/withoutMiddle.ts';

const plan = { seed: 5, depths: [500, 2000, 8000] };
const items = longContextItems(plan);

describe('questions at growing depth', () => {
  it('are ten a depth, five places in two texts, and the same for the same seed', () => {
    expect(items).toHaveLength(30);
    expect(new Set(items.map(({ id }) => id)).size).toBe(30);
    expect(items.filter(({ tags }) => tags.includes('depth:2000')).map(({ tags }) => tags[1])).toEqual([
      ...['place:start', 'place:quarter', 'place:middle', 'place:three quarters', 'place:end'],
      ...['place:start', 'place:quarter', 'place:middle', 'place:three quarters', 'place:end'],
    ]);
    expect(longContextItems(plan)).toEqual(items);
    expect(longContextItems({ ...plan, seed: 6 })).not.toEqual(items);
  });

  it('have one answer, told once and at its place', () => {
    for (const item of items) {
      const [told = '', question = ''] = item.input.split('\n\nQuestion:');
      const key = /(?:locker of|parcel) (.+?)(?: wait)?\?$/.exec(question)?.[1] ?? 'nothing';
      expect(told.split(key)).toHaveLength(2);
      const sentence = told.slice(told.indexOf(key)).split(/[.\n]/)[0];
      expect(sentence).toContain(String(item.expected));
      const share = ['start', 'quarter', 'middle', 'three quarters', 'end'].indexOf(item.tags[1]?.slice(6) ?? '') / 4;
      expect(Math.abs(told.indexOf(key) / told.length - share)).toBeLessThan(0.15);
      expect(gradeAnswer(item, String(item.expected)).passed).toBe(true);
      expect(gradeAnswer(item, 'I do not know.').passed).toBe(false);
    }
  });

  it('share their text from the first letter on, so that it is evaluated once', () => {
    const logbook = items.filter(({ id }) => id.includes('08000-logbook'));
    expect(new Set(logbook.map(({ input }) => input.split('Question:')[0])).size).toBe(1);
    expect(logbook[0]?.input.length).toBeGreaterThan(8000 * 3.5);
    expect(logbook[0]?.input.length).toBeLessThan(8000 * 4);
  });

  it('are kept beside an answer by their two ends', () => {
    const input = items.at(-1)?.input ?? '';
    const kept = withoutMiddle(input);
    expect(kept.length).toBeLessThan(8100);
    expect(kept.startsWith(input.slice(0, 3000)) && kept.endsWith(input.slice(-3000))).toBe(true);
    expect(kept).toContain(`[… ${(input.length - 8000).toLocaleString('en-US')} characters left out …]`);
    expect(withoutMiddle('short')).toBe('short');
  });
});
