import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { noCalibration } from '#core/fit/fitTypes.ts';
import type { ObservedLoad } from '#main/services/fit/fitService.ts';
import { createRecordedLoads, type RecordedLoads } from '#main/services/fit/recordedLoads.ts';
import { type Database, openDatabase } from '#main/storage/database.ts';
import { loadTable } from '#main/storage/loadTable.ts';
import type { LogLine } from '../servicesHarness.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const mebibyte = 2 ** 20;
const empty = { weights: 0, kvAndState: 0, compute: 0 };

function load(changes: Partial<ObservedLoad> = {}): ObservedLoad {
  return {
    artifactId: 'a-model',
    name: 'A model',
    engine: 'engine 1',
    backend: 'cpu',
    device: null,
    placement: { contextTokens: 8192, kvType: 'f16', flashAttention: true, batchTokens: 128, gpuLayers: 0, sequences: 1 },
    layers: 29,
    estimated: { tier: 't0', gpuBytes: 0, ramBytes: 1000 * mebibyte, totalBytes: 1000 * mebibyte },
    measured: {
      gpu: empty,
      ram: { weights: 700 * mebibyte, kvAndState: 100 * mebibyte, compute: 75 * mebibyte },
      gpuLostBytes: null,
      residentBytes: 980 * mebibyte,
      totalBytes: 980 * mebibyte,
    },
    estimatedTokensPerSecond: 50,
    // 10 ms a token with little, 20 ms with half of the context in use.
    baseline: {
      ramBytes: 1000 * mebibyte,
      speed: [
        { depthTokens: 128, seconds: 0.01 },
        { depthTokens: 4096, seconds: 0.02 },
      ],
      bandwidthBytesPerSecond: 20e9,
    },
    ...changes,
  };
}

interface Opened {
  readonly loads: RecordedLoads;
  readonly database: Database;
  readonly logged: LogLine[];
  /** As measured anew. */
  readonly setBandwidth: (bytesPerSecond: number) => void;
}

function open(path = join(temporaryFolder(), 'loads.db')): Opened {
  const database = openDatabase(path);
  onTestFinished(() => database.close());
  const logged: LogLine[] = [];
  const write =
    (level: LogLine['level']) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      void logged.push({ level, event, fields });
  let time = 1000;
  let bandwidth: number | null = 20e9;
  const log = { error: write('error'), warn: write('warn'), info: write('info') };
  const loads = createRecordedLoads({ database, bandwidth: () => bandwidth, log, now: () => time++ });
  return { loads, database, logged, setBandwidth: (bytesPerSecond) => (bandwidth = bytesPerSecond) };
}

function taking(residentMib: number, totalMib = residentMib) {
  return { residentBytes: residentMib * mebibyte, totalBytes: totalMib * mebibyte };
}

const everything = { artifactId: null, limit: 100 };

function recorded(loads: RecordedLoads, changes: Partial<ObservedLoad> = {}): string {
  const id = loads.record(load(changes));
  if (id === null) throw new Error('The load was not kept.');
  return id;
}

describe('recorded loads', () => {
  test('are told newest first, of all models or of one, also after a restart', () => {
    const path = join(temporaryFolder(), 'loads.db');
    const { loads, database } = open(path);
    for (const artifactId of ['first', 'second', 'first']) recorded(loads, { artifactId });
    const told = loads.observations(everything);
    expect(told.map(({ artifactId }) => artifactId)).toEqual(['first', 'second', 'first']);
    expect(told.map(({ at }) => at)).toEqual([1002, 1001, 1000]);
    expect(loads.observations({ artifactId: 'first', limit: 1 }).map(({ at }) => at)).toEqual([1002]);
    database.close();
    expect(open(path).loads.observations(everything)).toEqual(told);
  });

  test('are kept up to a number, then the oldest go', () => {
    const { loads, database } = open();
    for (let count = 0; count < 3; count++) recorded(loads);
    const row = loadTable(database).list(everything)[0];
    if (row === undefined) throw new Error('unreachable');
    loadTable(database, 2).insert({ ...row, observation: { ...row.observation, id: 'newest', at: 5000 } });
    expect(loads.observations(everything).map(({ at }) => at)).toEqual([5000, 1002]);
  });

  test('that cannot be read are left out and cost nothing', () => {
    const { loads, database, logged } = open();
    const ids = [recorded(loads), recorded(loads), recorded(loads), recorded(loads)];
    database.run("UPDATE loads SET observation = '{' WHERE id = ?", ids[0] ?? '');
    database.run(`UPDATE loads SET lesson = '{"answers":"none"}' WHERE id = ?`, ids[1] ?? '');
    expect(loads.observations(everything).map(({ id }) => id)).toEqual([ids[3], ids[2]]);
    expect(loads.calibration().loads).toBe(2);
    loads.recordResident(ids[0] ?? '', taking(2000));
    loads.recordSpeed(ids[1] ?? '', { tokensPerSecond: 100, generatedTokens: 64, depthTokens: 128 });
    expect(recorded(loads)).toEqual(expect.any(String));
    expect(logged).toEqual([]);
  });

  test('cost nothing on a full disk: what was kept stays, the rest is logged', () => {
    const { loads, database, logged } = open();
    const id = recorded(loads);
    database.run('PRAGMA max_page_count = 1');
    const name = 'x'.repeat(200_000);
    expect(loads.record(load({ name }))).toBeNull();
    expect(logged).toEqual([{ level: 'warn', event: 'fit.not-kept', fields: { what: 'load', reason: 'disk-full' } }]);
    expect(loads.observations(everything).map((one) => one.id)).toEqual([id]);
    expect(loads.calibration().loads).toBe(1);
  });

  test('cost nothing where the database is gone', () => {
    const { loads, database, logged } = open();
    const id = recorded(loads);
    database.close();
    expect(loads.record(load())).toBeNull();
    loads.recordResident(id, taking(2000));
    loads.recordSpeed(id, { tokensPerSecond: 100, generatedTokens: 64, depthTokens: 128 });
    expect(loads.calibration()).toEqual(noCalibration);
    expect(logged.map(({ event }) => event)).toEqual(Array(4).fill('fit.not-kept'));
  });
});

describe('the memory of a load', () => {
  test('is the most that was seen, with its total', () => {
    const { loads } = open();
    const id = recorded(loads);
    const seen = () => loads.observations(everything)[0]?.measured;
    loads.recordResident(id, taking(1000, 1500));
    const most = { residentBytes: 1000 * mebibyte, totalBytes: 1500 * mebibyte };
    expect(seen()).toMatchObject(most);
    loads.recordResident(id, taking(900, 1400));
    loads.recordResident(id, taking(Number.NaN));
    loads.recordResident(id, taking(Number.POSITIVE_INFINITY));
    loads.recordResident(id, taking(1100, Number.NaN));
    expect(seen()).toMatchObject(most);
    loads.recordResident('of no load', taking(1000));
    expect(loads.observations(everything)).toHaveLength(1);
  });
});

describe('the speed of a load', () => {
  const speedOf = (loads: RecordedLoads) => loads.observations(everything)[0]?.tokensPerSecond;

  test('is unknown until 32 tokens were generated at once', () => {
    const { loads } = open();
    const id = recorded(loads);
    loads.recordSpeed(id, { tokensPerSecond: 100, generatedTokens: 31, depthTokens: 128 });
    loads.recordSpeed(id, { tokensPerSecond: Number.POSITIVE_INFINITY, generatedTokens: 64, depthTokens: 128 });
    loads.recordSpeed(id, { tokensPerSecond: 0, generatedTokens: 64, depthTokens: 128 });
    loads.recordSpeed(id, { tokensPerSecond: 100, generatedTokens: Number.NaN, depthTokens: 128 });
    loads.recordSpeed(id, { tokensPerSecond: 100, generatedTokens: 64, depthTokens: Number.NaN });
    loads.recordSpeed(id, { tokensPerSecond: 100, generatedTokens: 64, depthTokens: -1 });
    expect(speedOf(loads)).toEqual({ estimated: 50, measured: null });
    expect(loads.calibration().cpuSpeedFactor).toBeNull();
  });

  test('is the median of its answers, and the estimate is told for their depth', () => {
    const { loads } = open();
    const id = recorded(loads);
    for (const tokensPerSecond of [80, 20, 90]) loads.recordSpeed(id, { tokensPerSecond, generatedTokens: 32, depthTokens: 128 });
    // Shown for half the context at 20 ms a token; with little of it one takes 10.
    expect(speedOf(loads)).toEqual({ estimated: 100, measured: 80 });
    expect(loads.calibration().cpuSpeedFactor).toBeCloseTo(0.8, 10);
  });

  test('is held against the bandwidth of now, also where that was measured anew after it', () => {
    const { loads, setBandwidth } = open();
    loads.recordSpeed(recorded(loads), { tokensPerSecond: 150, generatedTokens: 64, depthTokens: 4096 });
    expect(loads.calibration().cpuSpeedFactor).toBeCloseTo(3, 10);
    setBandwidth(90e9);
    expect(loads.calibration().cpuSpeedFactor).toBeCloseTo(3 * (20 / 90), 10);
  });

  test('no longer changes after fifteen answers', () => {
    const { loads } = open();
    const id = recorded(loads);
    for (let count = 0; count < 15; count++) loads.recordSpeed(id, { tokensPerSecond: 40, generatedTokens: 32, depthTokens: 128 });
    for (let count = 0; count < 20; count++) loads.recordSpeed(id, { tokensPerSecond: 90, generatedTokens: 32, depthTokens: 128 });
    expect(speedOf(loads)?.measured).toBe(40);
  });
});

test('what is learned follows the loads: after three of them, and at once after each more', () => {
  const { loads } = open();
  const taking = (mib: number) => load({ measured: { ...load().measured, residentBytes: mib * mebibyte } });
  loads.record(taking(1040));
  loads.record(taking(1050));
  expect(loads.calibration()).toMatchObject({ ramOffsetBytes: null, loads: 2 });
  loads.record(taking(1060));
  expect(loads.calibration()).toMatchObject({ ramOffsetBytes: 50 * mebibyte, loads: 3 });
  loads.record(taking(1060));
  expect(loads.calibration()).toMatchObject({ ramOffsetBytes: 55 * mebibyte, loads: 4 });
});
