import { expect, test } from 'vitest';
import { createHeldBytes } from '#main/services/downloads/transfer/heldBytes.ts';
import { crawlers, nextRange, slowestToSplit } from '#main/services/downloads/transfer/rangePlan.ts';
import { createSpeedMeter } from '#main/services/downloads/transfer/speedMeter.ts';

const options = { minRequestBytes: 10, usualRequestBytes: 80, maxRequestBytes: 640, requestSeconds: 2 };
const held = (sizeBytes: number) => createHeldBytes({ sizeBytes, blockBytes: 1000, pieces: [] });
const running = (position: number, end: number, speed: number, ageMs = 10_000) => ({
  claim: () => ({ start: position, end }),
  position: () => position,
  speed: { bytesPerSecond: () => speed },
  ageMs,
});

test('requests follow each other from the start, so that hashing can follow', () => {
  const plan = { ...options, sizeBytes: 10_000, connections: 4, bytesPerSecond: 0 };
  const first = nextRange(held(10_000), { ...plan, claims: [] });
  expect(first).toEqual({ start: 0, end: 80 });
  expect(nextRange(held(10_000), { ...plan, claims: [{ start: 0, end: 80 }] })).toEqual({ start: 80, end: 160 });
});

test('requests become longer on a fast line and shorter near the end', () => {
  const plan = { ...options, connections: 4, claims: [] };
  expect(nextRange(held(10_000), { ...plan, sizeBytes: 10_000, bytesPerSecond: 1e6 })).toEqual({ start: 0, end: 640 });
  expect(nextRange(held(160), { ...plan, sizeBytes: 160, bytesPerSecond: 1e6 })).toEqual({ start: 0, end: 20 });
});

test('nothing is left when everything is held or claimed', () => {
  expect(
    nextRange(held(100), { ...options, sizeBytes: 100, connections: 4, bytesPerSecond: 0, claims: [{ start: 0, end: 100 }] }),
  ).toBeNull();
});

test('the request that will end last is split in the middle', () => {
  const slow = running(100, 500, 10);
  expect(slowestToSplit([running(0, 100, 100), slow], options)).toEqual({ request: slow, at: 300 });
});

test('what is nearly done, or has only begun, is not split', () => {
  expect(slowestToSplit([running(0, 15, 1)], options)).toBeNull();
  expect(slowestToSplit([running(0, 100, 1000)], options)).toBeNull();
  expect(slowestToSplit([running(0, 500, 0, 10)], options)).toBeNull();
});

test('a request crawls when connections usually do far better', () => {
  const crawling = running(0, 500, 10);
  expect(crawlers([crawling, running(0, 500, 100), running(0, 500, 1, 100)], { meanBytesPerSecond: 100 })).toEqual([crawling]);
  expect(crawlers([crawling], { meanBytesPerSecond: 12 })).toEqual([]);
});

test('a speed is that of the last seconds and falls to nothing', () => {
  let now = 0;
  const meter = createSpeedMeter({ windowMs: 3_000, now: () => now });
  for (; now < 6_000; now += 100) meter.add(100);
  expect(meter.bytesPerSecond()).toBeGreaterThan(900);
  expect(meter.bytesPerSecond()).toBeLessThan(1_150);
  now += 3_400;
  expect(meter.bytesPerSecond()).toBe(0);
});
