import { describe, expect, test } from 'vitest';
import type { Artifact, Owner, ReclaimItem } from '#shared/contract/models.ts';
import { reclaimGroups, totalBytes } from '../../../src/renderer/features/library/reclaim/reclaimGroups.ts';
import { canRemove, removalWords } from '../../../src/renderer/features/library/removalWords.ts';

const model = (owner: Owner, more: Partial<Artifact> = {}) =>
  ({ owner, state: 'ready', sizeBytes: 2e9, files: ['/m/a.gguf'], nameInApp: null, ...more }) as Artifact;

describe('before a model is removed', () => {
  test('the words say whether its file goes, by whose it is', () => {
    expect(removalWords(model('downloaded')).confirm(false)).toBe('Remove 2.0 GB');
    expect(removalWords(model('folder'))).toMatchObject({ fileChoice: expect.stringContaining('2.0 GB'), hint: null });
    expect(removalWords(model('folder')).confirm(false)).toBe('Remove from the library');
    expect(removalWords(model('folder')).confirm(true)).toBe('Remove 2.0 GB');
    expect(removalWords(model('hub-cache')).fileChoice).toContain('other tools');
    expect(removalWords(model('ollama', { nameInApp: 'llama3.2:3b' }))).toMatchObject({
      fileChoice: null,
      hint: 'Ollama removes it with: ollama rm llama3.2:3b',
    });
    expect(removalWords(model('jan', { files: ['a', 'b'] })).consequence).toContain('its 2 files stay with Jan');
    expect(removalWords(model('folder', { state: 'missing' })).fileChoice).toBeNull();
  });

  test('only what ships with the app stays', () => {
    expect(canRemove(model('bundled'))).toBe(false);
    expect((['downloaded', 'imported', 'folder', 'hub-cache', 'docker'] as const).every((owner) => canRemove(model(owner)))).toBe(true);
  });
});

test('what takes space is grouped by why, what can go and is large first', () => {
  const item = (id: string, kind: ReclaimItem['kind'], sizeBytes: number, canDelete = true) =>
    ({ id, kind, sizeBytes, canDelete, name: id }) as ReclaimItem;
  const items = [item('a', 'unused', 1), item('b', 'partial', 5, false), item('c', 'partial', 2), item('d', 'partial', 3)];
  expect(reclaimGroups(items).map((group) => [group.kind, group.items.map((entry) => entry.id)])).toEqual([
    ['partial', ['d', 'c', 'b']],
    ['unused', ['a']],
  ]);
  expect(totalBytes(items, new Set(['a', 'd']))).toBe(4);
});
