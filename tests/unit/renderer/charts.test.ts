import { describe, expect, test } from 'vitest';
import { cutLabel, placeLabels } from '../../../src/renderer/charts/placeLabels.ts';
import { bestForSize, coarserBins, heatStep, niceTicks, tickText } from '../../../src/renderer/charts/scales.ts';

describe('niceTicks', () => {
  test.each([
    [0, 11.2, 6, [0, 2, 4, 6, 8, 10, 12]],
    [0, 0.043, 3, [0, 0.02, 0.04, 0.06]],
    [77, 100, 5, [75, 80, 85, 90, 95, 100]],
  ])('covers %d to %d in round steps', (from, to, count, expected) => {
    expect(niceTicks({ from, to }, count)).toEqual(expected);
  });

  test('gives two ticks for a span of nothing', () => {
    expect(niceTicks({ from: 3, to: 3 }, 5)).toEqual([3, 4]);
  });
});

test('tickText drops the rounding error of added steps', () => {
  expect(tickText(0.049999999999999996)).toBe('0.05');
});

test('heatStep uses the printed percent, so that equal numbers have equal colours', () => {
  expect([0, 0.496, 0.65, 0.846, 0.9, 0.954, 1].map(heatStep)).toEqual([0, 1, 2, 4, 4, 5, 6]);
});

test('bestForSize keeps only models that no smaller one reaches', () => {
  const points = [
    { id: 'big', memoryBytes: 9, passRate: 0.9 },
    { id: 'small', memoryBytes: 1, passRate: 0.7 },
    { id: 'worse', memoryBytes: 2, passRate: 0.6 },
    { id: 'middle', memoryBytes: 4, passRate: 0.8 },
  ];
  expect(bestForSize(points).map((point) => point.id)).toEqual(['small', 'middle', 'big']);
});

test('coarserBins merges neighbours and keeps every count', () => {
  expect(coarserBins({ binMs: 5, counts: [1, 2, 3, 4, 5] }, 3)).toEqual({ binMs: 10, counts: [3, 7, 5] });
});

describe('placeLabels', () => {
  const area = { left: 0, right: 400, top: 0, bottom: 200 };
  const options = { area, lineHeight: 14, obstacles: [] };

  test('puts a free label right of its mark, and left of one at the right edge', () => {
    const places = placeLabels(
      [
        { x: 50, y: 50, radius: 5, width: 60 },
        { x: 390, y: 120, radius: 5, width: 60 },
      ],
      options,
    );
    expect(places.map((place) => place?.align)).toEqual(['left', 'right']);
  });

  test('keeps labels of neighbours off each other and off what else is drawn', () => {
    const anchors = [100, 104, 108].map((x) => ({ x, y: 100, radius: 6, width: 70 }));
    const whisker = { left: 98, right: 110, top: 60, bottom: 90 };
    const boxes = placeLabels(anchors, { ...options, obstacles: [whisker] }).flatMap((place) => {
      if (place === null) return [];
      const left = place.align === 'left' ? place.x : place.align === 'right' ? place.x - 70 : place.x - 35;
      return { left, right: left + 70, top: place.y - 7, bottom: place.y + 7 };
    });
    const overlaps = boxes.flatMap((a, index) =>
      [...boxes.slice(index + 1), whisker].filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom),
    );
    expect(boxes).toHaveLength(3);
    expect(overlaps).toEqual([]);
  });

  test('leaves labels out that would lie on others, and draws the first in any case', () => {
    const places = placeLabels(
      Array.from({ length: 40 }, () => ({ x: 200, y: 100, radius: 6, width: 150 })),
      options,
    );
    expect(places[0]).not.toBeNull();
    expect(places.filter((place) => place !== null).length).toBeLessThan(16);
  });

  test('cuts a long label in its middle', () => {
    const measure = (text: string) => text.length;
    expect(cutLabel('Phi-4 mini', { width: 20, measure })).toBe('Phi-4 mini');
    expect(cutLabel('Qwen3 4B distilled from a teacher v2', { width: 20, measure })).toBe('Qwen3 4B d…eacher v2');
  });
});
