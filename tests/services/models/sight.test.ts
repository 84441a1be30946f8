import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tinyProjector } from '../../fixtures/gguf/tinyProjector.ts';
import { writeGguf } from '../../fixtures/gguf/writeGguf.ts';
import { writePng } from '../../fixtures/images/writePng.ts';
import { starters } from '../library/libraryHarness.ts';
import { greedy, startServices, tiny } from '../servicesHarness.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const silent = { signal: new AbortController().signal, emit: () => undefined };
const red = writePng({ width: 32, height: 32 }, () => [255, 0, 0]);
const picture = { kind: 'image' as const, name: 'red.png', mediaType: 'image/png', data: red.toString('base64') };

test('a model with a projector is loaded with it when it is first shown a picture, and answers words as it is from then on', async () => {
  const { services, runners } = await startServices();
  const folder = temporaryFolder();
  copyFileSync(join(starters, 'Starter-1M-Instruct-Q8_0.gguf'), join(folder, 'Seeing-1M-Q8_0.gguf'));
  writeFileSync(join(folder, 'mmproj-F16.gguf'), writeGguf(tinyProjector(256)));
  await services.library.addFolder(folder);
  await services.library.whenScanned();
  const seeing = services.library.list().find((artifact) => artifact.projectorPath !== null);
  if (seeing === undefined) throw new Error('The projector was not paired.');

  const { id } = services.chat.create(seeing.id);
  services.chat.update(id, { sampling: greedy });
  await services.chat.send(id, { text: 'Hello' }, silent);
  expect(services.models.loaded()).toMatchObject([{ seesImages: false }]);
  const seen = await services.chat.send(id, { text: 'What is this?', attachments: [picture] }, silent);
  expect(seen).toMatchObject({ state: 'complete', error: null });
  expect(seen.text).not.toBe('');
  expect(services.models.loaded()).toMatchObject([{ seesImages: true, sequences: 1 }]);
  const said = await services.chat.send(id, { text: 'And in a word?' }, silent);
  expect(said.usage?.cachedTokens).toBeGreaterThan(0);
  expect(runners).toHaveLength(2);

  // Where others use it for words alone, a picture waits for them, and whoever comes next finds it with its projector.
  await services.models.unload(seeing.id);
  const user = await services.models.acquire(seeing.id, { holder: 'api' });
  const waiting = services.models.acquire(seeing.id, { holder: 'api', sees: true });
  const next = services.models.acquire(seeing.id, { holder: 'api' });
  expect((await user.generation.count({ turns: [{ role: 'user', content: 'Hello' }] })) > 0).toBe(true);
  expect(services.models.loaded()).toMatchObject([{ seesImages: false, users: 1 }]);
  user.release();
  const [sight, words] = await Promise.all([waiting, next]);
  expect([words.generation, sight.load.seesImages]).toEqual([sight.generation, true]);
  sight.release();
  words.release();
  expect(runners).toHaveLength(4);

  // What cannot see, or no longer can, is told the names of earlier pictures.
  services.chat.update(id, { modelId: tiny });
  expect(await services.chat.send(id, { text: 'And you?' }, silent)).toMatchObject({
    state: 'complete',
    modelName: expect.stringContaining('Starter'),
  });
  await services.models.unload(seeing.id);
  rmSync(join(folder, 'mmproj-F16.gguf'));
  services.chat.update(id, { modelId: seeing.id });
  const blinded = await services.chat.send(id, { text: 'And in two words?' }, silent);
  expect(blinded).toMatchObject({ state: 'complete', error: null, notice: expect.stringContaining('pictures') });

  const blind = services.chat.create(tiny);
  await expect(services.chat.send(blind.id, { text: 'What is this?', attachments: [picture] }, silent)).rejects.toMatchObject({
    code: 'images-unsupported',
    hint: expect.stringContaining(seeing.name),
  });
  expect(services.chat.open(blind.id).messages).toEqual([]);
});
