import { expect, test } from 'vitest';
import { createRunnerEntries, heldBytes, type RunnerEntry, takenBytes } from '#main/services/models/runnerEntries.ts';
import type { Artifact } from '#shared/contract/models.ts';

function startEntry(entries: ReturnType<typeof createRunnerEntries>, id: string, more: Partial<RunnerEntry> = {}): RunnerEntry {
  const artifact = { id, name: id } as Artifact;
  const controller = new AbortController();
  return Object.assign(entries.add({ artifact, lane: 0, purpose: 'chat', controller, options: {}, wishedContextTokens: null }), more);
}

const loading = { decision: { weightBytes: 5e9, plan: null, reasons: [] } as unknown as NonNullable<RunnerEntry['decision']> };

test('a load may count on what idle models hold, on its own model in another form, and not on what others will take', () => {
  const entries = createRunnerEntries();
  expect(entries.reclaimable('a')).toEqual({ ramBytes: 0, gpuBytes: 0 });
  startEntry(entries, 'idle', { state: 'ready', residentBytes: 3e9 });
  startEntry(entries, 'in use', { state: 'ready', residentBytes: 2e9, users: 1 });
  startEntry(entries, 'a', { state: 'ready', residentBytes: 1e9, users: 1 });
  startEntry(entries, 'measured', { state: 'ready', residentBytes: 7e9, purpose: 'benchmark' });
  expect(entries.reclaimable('b').ramBytes).toBe(3e9);
  expect(entries.reclaimable('a').ramBytes).toBe(4e9);
  startEntry(entries, 'on its way', loading);
  expect(entries.reclaimable('b').ramBytes).toBe(-2e9);
  expect(entries.reclaimable('on its way').ramBytes).toBe(3e9);
  // Three fifths of it are read: they are missing from what is free already.
  entries.setProgress(entries.of('on its way')[0] as RunnerEntry, 0.6);
  expect(entries.reclaimable('b').ramBytes).toBe(1e9);
});

/** On a GPU that shares the processor's memory, where 4 GB lie. */
function sharing(residentBytes: number): Partial<RunnerEntry> {
  const share = { weights: 4e9, kvAndState: 0, compute: 0 };
  const nothing = { weights: 0, kvAndState: 0, compute: 0 };
  const load = { residentBytes, gpuLostBytes: null, reserved: { gpu: share, ram: nothing }, device: 'Shared' };
  const decision = {
    request: { backend: 'metal' },
    plan: { machine: { gpu: { unified: true } }, fit: { layers: 9, bytes: { total: 5e9, gpu: 4e9, ram: 1e9 } } },
    reasons: [],
    weightBytes: 4e9,
  };
  return { load, decision } as unknown as Partial<RunnerEntry>;
}

test('what GPU and processor share counts once, in what a model took and in what unloading it gives back', () => {
  const entries = createRunnerEntries();
  const entry = startEntry(entries, 'a', sharing(1e9));
  entries.setReady(entry, 1e9);
  expect(takenBytes(entry)).toEqual({ totalBytes: 4e9, gpuBytes: 4e9, ramBytes: 1e9 });
  expect(heldBytes(entry)).toEqual({ ramBytes: 0, gpuBytes: 4e9 });
  expect(entries.setResident(entry, 4.5e9)).toBe(true);
  expect(takenBytes(entry)).toEqual({ totalBytes: 4.5e9, gpuBytes: 4e9, ramBytes: 4.5e9 });
  expect(heldBytes(entry)).toEqual({ ramBytes: 0.5e9, gpuBytes: 4e9 });
  // Where the engine does not tell, by what was expected.
  Object.assign(entry, { load: { ...entry.load, reserved: null } });
  expect(takenBytes(entry)).toBeNull();
  expect(heldBytes(entry)).toEqual({ ramBytes: 4.5e9, gpuBytes: 4e9 });
});

test('what a model took is the most that was seen, and grows by a MiB or not at all', () => {
  const entries = createRunnerEntries();
  const entry = startEntry(entries, 'a', sharing(5e9));
  entries.setReady(entry, 5e9);
  const told: unknown[] = [];
  entries.subscribe(() => told.push(takenBytes(entry)?.ramBytes));
  expect(entries.setResident(entry, 5e9 + 2 ** 20 - 1)).toBe(false);
  expect(entries.setResident(entry, 5e9 + 2 ** 20)).toBe(true);
  expect(entries.setResident(entry, 3e9)).toBe(false);
  expect(told).toEqual([5e9, 5e9 + 2 ** 20, 5e9 + 2 ** 20]);
});
