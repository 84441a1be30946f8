import { describe, expect, it } from 'vitest';
import { contextShort, dayShort, memoryParts, speedShort, whenShort } from '../../../src/renderer/ui/shortForms.ts';

const now = new Date(2026, 6, 12, 14, 30).getTime();
const at = (...parts: [number, number, number, number?, number?]): number => new Date(...parts).getTime();

describe('whenShort', () => {
  it.each([
    [now, 'now'],
    [now + 5_000, 'now'],
    [at(2026, 6, 12, 14, 21), '9 min ago'],
    [at(2026, 6, 12, 9, 20), '5 h ago'],
    [at(2026, 6, 12, 0, 1), '14 h ago'],
    [at(2026, 6, 11, 23, 50), 'yesterday'],
    [at(2026, 5, 28, 12), '28 Jun'],
    [at(2025, 8, 3, 12), '3 Sep 2025'],
  ])('says %i as %s', (ms, words) => {
    expect(whenShort(ms, now)).toBe(words);
  });

  it('says minutes across midnight, not yesterday', () => {
    expect(whenShort(at(2026, 6, 11, 23, 55), at(2026, 6, 12, 0, 5))).toBe('10 min ago');
  });
});

describe('dayShort', () => {
  it('keeps hours of the same day out of a column', () => {
    expect(dayShort(at(2026, 6, 12, 9, 20), now)).toBe('today');
    expect(dayShort(at(2026, 6, 11, 9, 20), now)).toBe('yesterday');
  });
});

describe('columns', () => {
  it('shortens contexts in steps of 1,024', () => {
    expect([512, 1024, 8192, 131_072, null].map(contextShort)).toEqual(['512', '1k', '8k', '128k', '–']);
    expect([1_010_000, 1_048_576, 1_572_864, 10_485_760].map(contextShort)).toEqual(['1M', '1M', '1.5M', '10M']);
  });

  it('drops the unit of a speed and keeps a missing one missing', () => {
    expect([46.2, 3.34, null, undefined].map(speedShort)).toEqual(['46', '3.3', '–', '–']);
  });

  it('splits memory into number and unit', () => {
    expect(memoryParts(6.9 * 2 ** 30)).toEqual({ value: '6.9', unit: 'GiB' });
    expect(memoryParts(13 * 2 ** 20)).toEqual({ value: '13.0', unit: 'MiB' });
  });
});
