import { expect, test } from 'vitest';
import { type ConnectionPolicy, createConnectionPolicy } from '#main/services/downloads/transfer/connectionPolicy.ts';

/** Runs ticks on a line whose speed depends on the number of connections. @returns the most that were used */
function run(policy: ConnectionPolicy, ticks: number, speedOf: (connections: number, tick: number) => number): number {
  let most = 0;
  for (let tick = 0; tick < ticks; tick++) {
    most = Math.max(most, policy.target());
    policy.tick(speedOf(policy.target(), tick));
  }
  return most;
}

test('connections become as many as allowed while each brings its share', () => {
  const policy = createConnectionPolicy({ start: 4, max: 8 });
  run(policy, 10, (connections) => connections * 40e6);
  expect(policy.target()).toBe(8);
});

test('connections that bring nothing more are given back, and not tried again soon', () => {
  const policy = createConnectionPolicy({ start: 4, max: 8 });
  expect(run(policy, 50, () => 100e6)).toBe(6);
  expect(policy.target()).toBe(4);
  let tries = 0;
  for (let tick = 0; tick < 600; tick++) {
    const before = policy.target();
    policy.tick(100e6);
    if (policy.target() > before) tries++;
  }
  expect(tries).toBeLessThan(5);
});

test('a line that collapses gets fewer connections, and keeps them if that helps', () => {
  const policy = createConnectionPolicy({ start: 4, max: 8 });
  const speedOf = (connections: number): number => (connections > 2 ? 0.1e6 : connections * 40e6);
  const fast = createConnectionPolicy({ start: 2, max: 8 });
  run(fast, 60, speedOf);
  expect(fast.target()).toBe(2);
  run(policy, 3, (connections) => connections * 40e6);
  run(policy, 60, speedOf);
  expect(policy.target()).toBe(2);
});

test('a line that is slow by itself does not lose its connections for good', () => {
  const policy = createConnectionPolicy({ start: 4, max: 4 });
  run(policy, 10, () => 100e6);
  run(policy, 60, () => 2e6);
  expect(policy.target()).toBe(4);
});

test('crawling from the start is tried with fewer', () => {
  const policy = createConnectionPolicy({ start: 4, max: 8 });
  run(policy, 80, (connections) => (connections > 1 ? 20e3 : 5e6));
  expect(policy.target()).toBe(1);
});

test('a limit of the server is never exceeded again', () => {
  const policy = createConnectionPolicy({ start: 4, max: 8 });
  policy.limitTo(1);
  expect(run(policy, 300, (connections) => connections * 40e6)).toBe(1);
});

test('waiting says nothing about connections', () => {
  const policy = createConnectionPolicy({ start: 4, max: 8 });
  run(policy, 100, () => 0);
  expect(policy.target()).toBe(4);
});

test('being asked for less halves them, down to one', () => {
  const policy = createConnectionPolicy({ start: 4, max: 8 });
  for (const expected of [2, 1, 1]) {
    policy.easeOff();
    expect(policy.target()).toBe(expected);
  }
});
