import { copyFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fitMachineOf } from '#core/fit/fitMachineOf.ts';
import { createArtifactShapes } from '#main/services/fit/artifactShapes.ts';
import { readModelHeader } from '#main/services/library/openModelFile.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { readShape } from '../../fixtures/fit/frozenTable.ts';
import { large, startServices, tiny } from '../servicesHarness.ts';
import { splitGguf } from '../splitGguf.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const starters = join(import.meta.dirname, '../../../resources/models');
const starter = join(starters, 'Starter-1M-Instruct-Q4_K_M.gguf');
const larger = join(starters, 'Starter-7M-Instruct-Q8_0.gguf');

function library(...files: { readonly id: string; readonly paths: readonly string[]; readonly projectorPath?: string }[]) {
  const list = files.map(({ id, paths, projectorPath = null }) => ({ id, files: paths, projectorPath }) as unknown as Artifact);
  return { list: () => list };
}

describe('shapes of models on this disk', () => {
  test('come in the order of the ids, without those that nobody knows', async () => {
    const { services } = await startServices();
    const shapes = await services.fit.shapes([large, 'nobody', tiny]);
    expect(shapes.map(({ id, problem, projectorBytes }) => [id, problem, projectorBytes])).toEqual([
      [large, null, 0],
      [tiny, null, 0],
    ]);
    expect(shapes[1]?.shape).toEqual(await readShape(starter));
    expect(await services.fit.machine()).toMatchObject({ gpu: fitMachineOf(await services.system.hardware()).gpu });
  });

  test('hold the tensors of all parts of a split model', async () => {
    const paths = await splitGguf(starter, { folder: temporaryFolder(), base: 'model', parts: 3 });
    const [split] = await createArtifactShapes(library({ id: 'split', paths })).read(['split']);
    const whole = await readShape(starter);
    const bytes = (shape: typeof whole | null | undefined) =>
      shape?.tensors.reduce((sum, { bytes: one, layers }) => sum + one * (layers?.length ?? 1), 0);
    expect(bytes(split?.shape)).toBe(bytes(whole));
  });

  test('are read again when the file has changed, and only then', async () => {
    const path = join(temporaryFolder(), 'model.gguf');
    copyFileSync(starter, path);
    const shapes = createArtifactShapes(library({ id: 'one', paths: [path] }));
    const read = async () => (await shapes.read(['one']))[0]?.shape;
    const first = await read();
    expect(await read()).toBe(first);
    copyFileSync(larger, path);
    expect(await read()).toEqual(await readShape(larger));
  });

  test('are forgotten, least used first, where they take too much room', async () => {
    const shapes = createArtifactShapes(library({ id: 'a', paths: [starter] }, { id: 'b', paths: [larger] }), 1);
    const first = (await shapes.read(['a']))[0]?.shape;
    expect((await shapes.read(['a']))[0]?.shape).toBe(first);
    await shapes.read(['b']);
    expect((await shapes.read(['a']))[0]?.shape).not.toBe(first);
  });

  test('count a projector’s weights, and its whole size where it cannot be read', async () => {
    const broken = join(temporaryFolder(), 'mmproj.gguf');
    writeFileSync(broken, 'x'.repeat(1234));
    const shapes = createArtifactShapes(
      library({ id: 'a', paths: [starter], projectorPath: larger }, { id: 'b', paths: [starter], projectorPath: broken }),
    );
    const reading = await readModelHeader(larger);
    const weights = reading.ok ? reading.facts.tensorBytes : 0;
    expect((await shapes.read(['a', 'b'])).map(({ projectorBytes }) => projectorBytes)).toEqual([weights, 1234]);
  });

  test.for([
    ['is cut short', (path: string) => truncateSync(path, 100_000), /short/],
    ['is gone', (path: string) => rmSync(path), /not there/],
    ['is no model', (path: string) => writeFileSync(path, '<!doctype html>'), /GGUF/],
  ] as const)('are a problem in words where a file %s, and the others are told', async ([, spoil, words]) => {
    const path = join(temporaryFolder(), 'model.gguf');
    copyFileSync(starter, path);
    spoil(path);
    const shapes = createArtifactShapes(library({ id: 'bad', paths: [path] }, { id: 'good', paths: [starter] }));
    const [bad, good] = await shapes.read(['bad', 'good']);
    expect(bad).toEqual({ id: 'bad', shape: null, projectorBytes: 0, problem: expect.stringMatching(words) });
    expect(good?.shape).not.toBeNull();
  });

  test('stop being read for a caller that has left', async () => {
    const leaves = new AbortController();
    const reading = createArtifactShapes(library({ id: 'a', paths: [larger] })).read(['a'], leaves.signal);
    leaves.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });
});
