import { expect, test } from 'vitest';
import { hashed } from '#main/hosts/cli/commands/list.ts';
import type { Artifact } from '#shared/contract/models.ts';

test('a list waits for the hashes that take seconds and leaves those that take minutes', async () => {
  const of = (id: string, more: Partial<Artifact>): Artifact => ({ id, state: 'ready', sha256: null, sizeBytes: 1, ...more }) as Artifact;
  const artifacts = [
    of('huge', { sizeBytes: 40e9 }),
    of('small', { sizeBytes: 1e6 }),
    of('known', { sha256: 'a', sizeBytes: 40e9 }),
    of('broken', { state: 'broken' }),
    of('unreadable', {}),
    of('large', { sizeBytes: 1.9e9 }),
    of('next', { sizeBytes: 1.95e9 }),
  ];
  const asked: string[] = [];
  const done = await hashed(artifacts, {
    get: (id) => artifacts.find((artifact) => artifact.id === id && id !== 'small') ?? of('small', { sha256: 'b' }),
    whenHashed: (id) => {
      asked.push(id);
      return id === 'unreadable' ? Promise.reject(new Error('unreadable')) : Promise.resolve('b');
    },
  });
  expect(asked).toEqual(['unreadable', 'small', 'large']);
  expect(done.map(({ id, sha256 }) => [id, sha256])).toContainEqual(['small', 'b']);
  expect(done.map(({ id }) => id)).toEqual(artifacts.map(({ id }) => id));
});
