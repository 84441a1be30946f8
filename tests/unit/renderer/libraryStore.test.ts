import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Artifact } from '#shared/contract/models.ts';
import { calmBatch } from '../../../src/renderer/stores/calmBatch.ts';
import { useLibrary, withChanges } from '../../../src/renderer/stores/library.ts';
import { artifacts } from '../../fixtures/page/sampleData.ts';

const [sample] = artifacts;
if (sample === undefined) throw new Error('no sample artifact');
const model = (id: string, name = id): Artifact => ({ ...sample, id, name });

describe('changes of the library', () => {
  const library = { ...useLibrary.getState(), artifacts: [model('a'), model('b')] };

  it('replace a model in its place, add new ones at the end, and leave the others as they are', () => {
    const after = withChanges(library, [
      { kind: 'artifact', artifact: model('a', 'renamed') },
      { kind: 'artifact', artifact: model('c') },
    ]);
    expect(after.artifacts.map(({ name }) => name)).toEqual(['renamed', 'b', 'c']);
    expect(after.artifacts[1]).toBe(library.artifacts[1]);
  });

  it('come out as the last one says', () => {
    const after = withChanges(library, [
      { kind: 'artifact', artifact: model('c') },
      { kind: 'removed', id: 'c' },
      { kind: 'removed', id: 'a' },
    ]);
    expect(after.artifacts.map(({ id }) => id)).toEqual(['b']);
  });

  it('keep the list itself where only folders changed', () => {
    const after = withChanges(library, [
      { kind: 'removed', id: 'never there' },
      { kind: 'folders', folders: [], apps: [], scanning: true },
    ]);
    expect(after.scanning).toBe(true);
    expect(after.artifacts).toBe(library.artifacts);
  });
});

describe('a calm batch', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('hands over the first item at once and a crowd together', () => {
    const seen: (readonly number[])[] = [];
    const batch = calmBatch<number>((items) => seen.push(items), 250);
    for (const item of [1, 2, 3]) batch.add(item);
    expect(seen).toEqual([[1]]);
    vi.advanceTimersByTime(250);
    expect(seen).toEqual([[1], [2, 3]]);
    vi.advanceTimersByTime(1000);
    batch.add(4);
    expect(seen).toEqual([[1], [2, 3], [4]]);
  });

  it('hands over nothing once it is stopped', () => {
    const seen: (readonly number[])[] = [];
    const batch = calmBatch<number>((items) => seen.push(items), 250);
    batch.add(1);
    batch.add(2);
    batch.stop();
    vi.advanceTimersByTime(1000);
    expect(seen).toEqual([[1]]);
  });
});
