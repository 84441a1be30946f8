import { expect, test } from 'vitest';
import { createRunnerEntries, type RunnerEntry } from '#main/services/models/runnerEntries.ts';
import type { Artifact } from '#shared/contract/models.ts';

function startEntry(entries: ReturnType<typeof createRunnerEntries>, id: string, more: Partial<RunnerEntry> = {}): RunnerEntry {
  const artifact = { id, name: id } as Artifact;
  return Object.assign(entries.add({ artifact, lane: 0, purpose: 'chat', controller: new AbortController() }), more);
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
});
