import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ModelSettings } from '#shared/contract/models.ts';
import { ServerSettings } from '#shared/contract/server.ts';
import { smallest } from '../library/libraryHarness.ts';
import { greedy, large, startServices, tiny } from '../servicesHarness.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const ask = { turns: [{ role: 'user' as const, content: 'Is this positive or negative: I love this phone' }], sampling: greedy };

test('programs that ask for a model at once share one load with as many sequences as they want, and one that hangs up ends it for nobody else', async () => {
  const { services, runners } = await startServices();
  const { models } = services;
  models.setParallel(3);
  const hangUp = new AbortController();
  const asking = [hangUp.signal, undefined, undefined].map((signal) =>
    models.acquire(tiny, { holder: 'api', ...(signal === undefined ? {} : { signal }) }),
  );
  hangUp.abort(new Error('hung up'));
  await expect(asking[0]).rejects.toThrow('hung up');
  const held = await Promise.all(asking.slice(1));
  expect(runners).toHaveLength(1);
  expect(models.loaded()).toMatchObject([{ sequences: 3, users: 2, usedBy: 'api', unloadsAt: null }]);
  expect(models.loaded()[0]?.reasons).toContain('Up to 3 requests are answered side by side, each with a context of its own.');
  const chat = await models.acquire(tiny);
  expect([chat.generation, models.loaded()[0]?.usedBy]).toEqual([held[0]?.generation, 'chat']);
  const texts = await Promise.all([...held, chat].map(async ({ generation }) => (await generation.generate(ask)).text));
  expect(new Set(texts).size).toBe(1);

  // While it is used it stays as it is; after that the next program is given what it wants, and a chat takes what there is.
  models.setParallel(4);
  const narrow = await models.acquire(tiny, { holder: 'api' });
  expect(models.loaded()[0]?.sequences).toBe(3);
  for (const runner of [...held, chat, narrow]) runner.release();
  (await models.acquire(tiny)).release();
  expect(models.loaded()[0]?.sequences).toBe(3);
  (await models.acquire(tiny, { holder: 'api' })).release();
  expect(models.loaded()).toMatchObject([{ sequences: 4, users: 0, usedBy: null }]);
  // A second model beside it, and nothing is unloaded while there is memory.
  (await models.acquire(large)).release();
  expect(models.loaded().map(({ artifactId }) => artifactId)).toEqual([tiny, large]);
});

test('a load that all who wait for it have left is ended', async () => {
  const { services } = await startServices();
  const hangUp = new AbortController();
  const asking = [1, 2].map(() => services.models.acquire(tiny, { holder: 'api', signal: hangUp.signal }));
  hangUp.abort(new Error('hung up'));
  expect(await Promise.allSettled(asking)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  await services.models.load(tiny, {});
  expect(services.models.loaded()).toHaveLength(1);
});

test('a program is refused what is not loaded where models are not loaded on demand, and takes what a chat has loaded', async () => {
  const { services, runners } = await startServices();
  const server = ServerSettings.parse({ loadsOnDemand: false });
  services.settings.update({ server } as Parameters<typeof services.settings.update>[0]);
  await expect(services.models.acquire(tiny, { holder: 'api' })).rejects.toMatchObject({
    code: 'model-not-loaded',
    hint: expect.stringContaining('Load on demand'),
  });
  expect(runners).toHaveLength(0);
  await services.models.load(tiny, {});
  services.models.setParallel(4);
  const runner = await services.models.acquire(tiny, { holder: 'api' });
  expect(runner.isFresh).toBe(false);
  runner.release();
});

test('a model that was loaded for a shorter context than is wished for is loaded anew when nobody uses it, once, and as it was otherwise', async () => {
  const { services, runners } = await startServices();
  const { models } = services;
  const context = (): readonly (number | null)[] => models.loaded().map(({ contextTokens }) => contextTokens);
  models.saveSettings(tiny, { load: { ...ModelSettings.parse({}).load, contextTokens: 256 }, keepAliveMinutes: null });
  await models.load(tiny, { kvType: 'q8_0' });
  const wish = { holder: 'api' as const, wishedContextTokens: 512 };
  const user = await models.acquire(tiny);
  expect(context()).toEqual([256]);
  const asking = models.acquire(tiny, wish);
  const [left, leaving] = [new AbortController(), new AbortController()];
  const other = models.acquire(tiny, { ...wish, signal: leaving.signal });
  leaving.abort(new Error('hung up'));
  await expect(other).rejects.toThrow('hung up');
  expect(runners).toHaveLength(1);
  user.release();
  (await asking).release();
  expect(models.loaded()).toMatchObject([{ contextTokens: 1024, kvType: 'q8_0' }]);
  expect(models.loaded()[0]?.reasons.join(' ')).not.toContain('As saved');

  // Shorter wishes take what there is; what the model cannot have is not tried again and again.
  (await models.acquire(tiny, { ...wish, wishedContextTokens: 300, signal: left.signal })).release();
  (await models.acquire(tiny, { ...wish, wishedContextTokens: 9_000_000 })).release();
  expect(context()).toEqual([1024]);
  expect(runners).toHaveLength(3);
  (await models.acquire(tiny, { ...wish, wishedContextTokens: 8_000_000 })).release();
  expect(runners).toHaveLength(3);
});

test('where models are not loaded on demand a wish for a longer context is answered as it is loaded, and one that needs another load is refused and unloads nothing', async () => {
  const { services, runners } = await startServices();
  const server = ServerSettings.parse({ loadsOnDemand: false });
  services.settings.update({ server } as Parameters<typeof services.settings.update>[0]);
  await services.models.load(tiny, { contextTokens: 256 });
  (await services.models.acquire(tiny, { holder: 'api', wishedContextTokens: 512 })).release();
  const anew = services.models.acquire(tiny, { holder: 'api', contextTokens: 512 });
  await expect(anew).rejects.toMatchObject({ code: 'model-not-loaded', message: expect.stringContaining('loaded anew') });
  expect(services.models.loaded()).toMatchObject([{ contextTokens: 256, state: 'ready' }]);
  expect(runners).toHaveLength(1);
});

test('a model is loaded and kept by its own settings, what is asked for wins, and they go with the model', async () => {
  const { services } = await startServices();
  const { models } = services;
  expect(models.settings(tiny)).toEqual(ModelSettings.parse({}));
  expect(() => models.settings('none')).toThrow(expect.objectContaining({ code: 'model-not-found' }));
  const load = { contextTokens: 512, kvType: 'q8_0' as const, sequences: 2, threads: null, gpuLayers: null, flashAttention: null };
  expect(() => models.saveSettings(tiny, { load: { ...load, flashAttention: false }, keepAliveMinutes: null })).toThrow(
    expect.objectContaining({ code: 'bad-input' }),
  );
  models.saveSettings(tiny, { load, keepAliveMinutes: 7 });
  const saved = 'As saved for this model: a context of 512 tokens, a cache of type q8_0, 2 requests side by side.';
  expect(await models.plan(tiny, {})).toMatchObject({ options: { ...load, threads: 1, gpuLayers: 0, flashAttention: true } });
  expect((await models.plan(tiny, {})).reasons).toContain(saved);
  expect((await models.plan(tiny, {}, { usesSettings: false })).options).toMatchObject({
    contextTokens: 1024,
    sequences: 1,
    kvType: 'f16',
  });
  // A saved cache type that what is asked for rules out is left out.
  expect((await models.plan(tiny, { flashAttention: false })).options).toMatchObject({ kvType: 'f16', contextTokens: 512 });

  const before = Date.now();
  const runner = await models.acquire(tiny, { contextTokens: 256 });
  expect(models.loaded()).toMatchObject([{ contextTokens: 256, kvType: 'q8_0', sequences: 2, unloadsAt: null }]);
  runner.release();
  const unloadsAt = models.loaded()[0]?.unloadsAt ?? 0;
  expect(unloadsAt - before).toBeGreaterThanOrEqual(7 * 60_000);
  models.saveSettings(tiny, { load, keepAliveMinutes: 0 });
  expect(models.loaded()[0]?.unloadsAt).toBeNull();
  const gone = Promise.withResolvers<void>();
  models.subscribe((list) => list.length === 0 && gone.resolve());
  (await models.acquire(tiny, { keepAliveMs: 0 })).release();
  await gone.promise;

  const path = join(temporaryFolder(), 'Mine.gguf');
  copyFileSync(smallest, path);
  await services.library.importPath(path);
  models.saveSettings('mine', { load, keepAliveMinutes: 7 });
  await services.library.remove('mine');
  await services.library.importPath(path);
  expect(models.settings('mine')).toEqual(ModelSettings.parse({}));
});

test('a saved setting that fits nothing never blocks a load: the reasons say so', async () => {
  const { services } = await startServices();
  const load = { contextTokens: 16_000_000, kvType: null, sequences: 64, threads: null, gpuLayers: 99, flashAttention: null };
  services.models.saveSettings(tiny, { load, keepAliveMinutes: null });
  const plan = await services.models.plan(tiny, {});
  expect(plan).toMatchObject({
    options: { contextTokens: 16_000_000, sequences: 64 },
    fit: { state: 'none' },
    next: { words: expect.any(String) },
  });
  expect(plan.reasons[0]).toContain('It may not fit');
});
