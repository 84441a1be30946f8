import { describe, expect, test } from 'vitest';
import { type FitMachine, noCalibration } from '#core/fit/fitTypes.ts';
import { decideLoad, type LoadDecision } from '#main/services/models/decideLoad.ts';
import { makeRoom } from '#main/services/models/makeRoom.ts';
import type { RunnerEntry } from '#main/services/models/runnerEntries.ts';
import type { LoadResult } from '#shared/contract/runner.ts';
import { Settings } from '#shared/contract/settings.ts';
import { frozenShape } from '../../fixtures/fit/frozenTable.ts';

const gibibyte = 2 ** 30;
const shape = await frozenShape('llama-3.1-8b.Q4_K_M');

/** 16 GiB of RAM and a GPU of 12 GiB, planned as if idle models were gone. */
function decide(free: { readonly gpuGib: number; readonly ramGib: number }): LoadDecision {
  const machine: FitMachine = {
    ramBytes: 16 * gibibyte,
    ramAvailableBytes: free.ramGib * gibibyte,
    gpu: free.gpuGib === 0 ? null : { backend: 'cuda', vramBytes: 12 * gibibyte, freeBytes: free.gpuGib * gibibyte, unified: false },
    bandwidthBytesPerSecond: null,
    calibration: noCalibration,
  };
  const settings = Settings.parse({});
  return decideLoad({ path: '/m.gguf', shape, weightBytes: 4.9e9 }, { options: {}, purpose: 'chat', settings, machine, cores: 4 });
}

/** A loaded model that nobody uses. */
function idle(name: string, held: { readonly gpuGib: number; readonly ramGib: number }): RunnerEntry {
  const residentBytes = held.ramGib * gibibyte;
  const decision = decide({ gpuGib: held.gpuGib === 0 ? 0 : 12, ramGib: 16 });
  const gpuBytes = held.gpuGib * gibibyte;
  const none = { weights: 0, kvAndState: 0, compute: 0 };
  const reserved = { gpu: { ...none, weights: gpuBytes }, ram: { ...none, weights: residentBytes } };
  const load = { residentBytes, gpuLostBytes: gpuBytes === 0 ? null : gpuBytes, device: null, reserved } as LoadResult;
  return { key: name, state: 'ready', users: 0, decision, load, residentBytes } as RunnerEntry;
}

async function stoppedFor(decision: LoadDecision, models: readonly RunnerEntry[], availableGib: number) {
  const stopped: string[] = [];
  const warned: unknown[] = [];
  let availableBytes = availableGib * gibibyte;
  await makeRoom({
    artifactId: 'next',
    decision,
    idle: models,
    availableMemory: async () => availableBytes,
    async stop(entry) {
      stopped.push(entry.key);
      availableBytes += entry.residentBytes ?? 0;
    },
    log: { info: () => undefined, error: () => undefined, warn: (_event, fields) => void warned.push(fields) },
  });
  return { stopped, warned };
}

describe('room for the next model', () => {
  test('is there already where enough is free: nothing is unloaded', async () => {
    const models = [idle('old', { gpuGib: 0, ramGib: 3 })];
    expect(await stoppedFor(decide({ gpuGib: 0, ramGib: 13 }), models, 10)).toEqual({ stopped: [], warned: [] });
  });

  test('is made in RAM by the longest unused, and by no more of them than needed', async () => {
    const models = [
      idle('oldest', { gpuGib: 0, ramGib: 3 }),
      idle('older', { gpuGib: 0, ramGib: 3 }),
      idle('newest', { gpuGib: 0, ramGib: 3 }),
    ];
    expect(await stoppedFor(decide({ gpuGib: 0, ramGib: 13 }), models, 4)).toEqual({ stopped: ['oldest'], warned: [] });
  });

  test('is made on the GPU by those that lie there', async () => {
    const models = [idle('in RAM', { gpuGib: 0, ramGib: 2 }), idle('on the GPU', { gpuGib: 5, ramGib: 1 })];
    // 3 GiB are free now; the plan counts on 8.
    expect(await stoppedFor(decide({ gpuGib: 8, ramGib: 12 }), models, 9)).toEqual({ stopped: ['on the GPU'], warned: [] });
    expect(await stoppedFor(decide({ gpuGib: 12, ramGib: 12 }), [idle('small', { gpuGib: 1, ramGib: 1 })], 9)).toEqual({
      stopped: [],
      warned: [],
    });
  });

  test('is not made by a model that a chat has taken while memory was read', async () => {
    const models = [idle('old', { gpuGib: 0, ramGib: 3 }), idle('taken', { gpuGib: 0, ramGib: 3 }), idle('new', { gpuGib: 0, ramGib: 3 })];
    Object.assign(models[1] ?? {}, { users: 1 });
    expect((await stoppedFor(decide({ gpuGib: 0, ramGib: 13 }), models, 1)).stopped).toEqual(['old', 'new']);
  });

  test('that cannot be made is told to the log, and the load goes on', async () => {
    const { stopped, warned } = await stoppedFor(decide({ gpuGib: 0, ramGib: 2 }), [idle('small', { gpuGib: 0, ramGib: 1 })], 1);
    expect(stopped).toEqual(['small']);
    expect(warned).toEqual([expect.objectContaining({ artifactId: 'next', device: 'ram', availableBytes: 2 * gibibyte })]);
  });
});
