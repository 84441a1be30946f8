import { expect, test } from 'vitest';
import { createRateMeter } from '#main/services/downloads/rateMeter.ts';

test('a steady stream has its rate, whenever it is asked for', () => {
  const meter = createRateMeter(0);
  for (let at = 100; at <= 20_000; at += 100) {
    meter.add(at * 50, at);
    if (at >= 1000) expect(meter.perSecond(at)).toBeCloseTo(50_000, 0);
  }
});

test('when nothing arrives any more the rate falls to 0 within the window, and not at once', () => {
  const meter = createRateMeter(0);
  for (let at = 100; at <= 10_000; at += 100) meter.add(at, at);
  expect(meter.perSecond(10_000)).toBeCloseTo(1000, 0);
  expect(meter.perSecond(12_500)).toBeCloseTo(500, 0);
  expect(meter.perSecond(15_100)).toBe(0);
  expect(meter.perSecond(100_000)).toBe(0);
});

test('a stream that begins again after a long rest has its own rate and not that of the rest', () => {
  const meter = createRateMeter(0);
  meter.add(1000, 1000);
  for (let at = 100_000; at <= 106_000; at += 100) meter.add(1000 + (at - 100_000) * 2, at);
  expect(meter.perSecond(106_000)).toBeCloseTo(2000, 0);
});

test('bytes that had to be given up make no negative rate', () => {
  const meter = createRateMeter(0);
  meter.add(5000, 1000);
  meter.add(1000, 2000);
  expect(meter.perSecond(2500)).toBeGreaterThanOrEqual(0);
  expect(createRateMeter(0).perSecond(10)).toBe(0);
});
