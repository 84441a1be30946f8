import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createServices } from '#main/services/createServices.ts';
import { openDatabase } from '#main/storage/database.ts';
import { routes } from '#shared/contract/routes.ts';
import { connectRpc } from '#shared/rpc/connectRpc.ts';
import type { Frame, FramePipe } from '#shared/rpc/frames.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import { writeTirelessModel } from '../fixtures/gguf/tirelessModel.ts';
import { runScript } from './killedHost.ts';
import { smallest } from './library/libraryHarness.ts';
import { endless, greedy, say, startServices, testPorts, tiny } from './servicesHarness.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const source = (path: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../src/main', path)).href);

test('every route of the contract has a handler', async () => {
  const { services } = await startServices();
  expect(Object.keys(services.handlers).sort()).toEqual(Object.keys(routes).sort());
});

test('the handlers answer over a pipe, and a cancelled subscription ends', async () => {
  const { services } = await startServices();
  const [near, far] = pipePair();
  const stop = serveRpc(far, { routes, handlers: services.handlers });
  const rpc = connectRpc<typeof routes>(near);
  expect((await rpc.call('library.list', {})).artifacts).toHaveLength(7);
  expect(await rpc.call('system.about', {})).toMatchObject({ host: 'cli', version: '0.0.0-test', canPickFiles: false });
  const controller = new AbortController();
  const seen: unknown[] = [];
  const ended = rpc.stream('settings.changes', {}, { signal: controller.signal, onItem: (settings) => seen.push(settings.theme) });
  await rpc.call('settings.update', { theme: 'dark' });
  controller.abort();
  expect(await ended).toEqual({});
  await rpc.call('settings.update', { theme: 'light' });
  expect(seen).toEqual(['system', 'dark']);
  await expect(rpc.call('library.addFolder', {})).rejects.toMatchObject({ code: 'bad-input', hint: expect.any(String) });
  await expect(rpc.call('library.inspect', { id: 'none' })).rejects.toMatchObject({ code: 'model-not-found' });
  stop();
});

test('paths come from the host’s dialog where it has one, whatever the page says', async () => {
  const picked = temporaryFolder();
  copyFileSync(smallest, join(picked, 'Picked.gguf'));
  const { services } = await startServices({ pickFiles: async ({ kind }) => (kind === 'gguf' ? [join(picked, 'Picked.gguf')] : []) });
  const signal = new AbortController().signal;
  const { artifacts } = await services.handlers['library.import']({ path: '/etc/passwd' }, { signal });
  expect(artifacts.map((artifact) => artifact.id)).toEqual(['picked']);
  expect(await services.handlers['library.addFolder']({ path: '/' }, { signal })).toEqual({ added: false });
});

test('a second instance on the data folder is refused while the first runs, and works after it', async () => {
  const { services, dataFolder } = await startServices({ host: 'serve' });
  await expect(createServices(testPorts({ data: dataFolder }))).rejects.toMatchObject({
    code: 'data-folder-in-use',
    message: expect.stringContaining('rightsize serve'),
    hint: expect.stringContaining('RIGHTSIZE_HOME'),
  });
  services.settings.update({ theme: 'dark' });
  await services.dispose();
  const second = await startServices({ data: dataFolder });
  expect(second.services.settings.read().theme).toBe('dark');
});

test('a database of a newer version is refused, left as it was, and the folder is let go', async () => {
  const ports = testPorts();
  mkdirSync(ports.paths.data, { recursive: true });
  const path = join(ports.paths.data, 'rightsize.db');
  openDatabase(path).close();
  const newer = new DatabaseSync(path);
  newer.exec('PRAGMA user_version = 999');
  newer.close();
  const before = readFileSync(path);
  await expect(createServices(ports)).rejects.toMatchObject({ code: 'database-newer' });
  await expect(createServices(ports)).rejects.toMatchObject({ code: 'database-newer' });
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('a data folder that cannot be made and a database that is none end in their codes', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  await expect(createServices(testPorts({ data: join(folder, 'file/data') }))).rejects.toMatchObject({ code: 'data-folder-unwritable' });
  writeFileSync(join(folder, 'rightsize.db'), 'no database at all, just text. '.repeat(300));
  await expect(createServices(testPorts({ data: folder }))).rejects.toMatchObject({
    code: 'database-broken',
    hint: expect.stringContaining('rightsize.db'),
  });
});

test('a host killed with SIGKILL while an answer is made again loses neither the folder, nor the answer before, nor what was written', async () => {
  const data = join(temporaryFolder(), 'data');
  const tireless = writeTirelessModel(join(temporaryFolder(), 'tireless.gguf'));
  const { child, line } = runScript(`
    const { createServices } = await import(${source('services/createServices.ts')});
    const { createNodeRunnerSpawner } = await import(${source('hosts/spawnNodeRunner.ts')});
    const { hostPaths, runnerScript } = await import(${source('hosts/hostPaths.ts')});
    const log = { error() {}, warn() {}, info() {} };
    const services = await createServices({
      host: 'serve', version: '0', electronVersion: null, paths: hostPaths({ data: ${JSON.stringify(data)} }), log,
      env: {}, home: ${JSON.stringify(join(data, '..', 'home'))}, platform: process.platform,
      secrets: { isProtected: async () => false, get: async () => null, set: async () => {} },
      spawnRunner: createNodeRunnerSpawner({ runnerScript: runnerScript() }),
    });
    await services.library.whenScanned();
    services.settings.update({ threads: 1 });
    const [tireless] = await services.library.importPath(${JSON.stringify(tireless)});
    const { id } = services.chat.create(tireless.id);
    services.chat.update(id, { sampling: ${JSON.stringify({ ...endless, maxTokens: 5 })} });
    const silent = { signal: new AbortController().signal, emit() {} };
    const before = await services.chat.send(id, { text: 'Tell me something' }, silent);
    services.chat.update(id, { sampling: ${JSON.stringify(endless)} });
    console.log('chat ' + JSON.stringify({ id, before: before.id, text: before.text }));
    await services.chat.regenerate(id, { messageId: before.id }, {
      signal: new AbortController().signal,
      emit(event) {
        if (event.kind !== 'delta') return;
        const last = services.chat.open(id).messages.at(-1);
        if (last.state === 'streaming' && last.text !== '') console.log('kept ' + JSON.stringify(last.text));
      },
    });
  `);
  const [chat, kept] = await Promise.all([line('chat '), line('kept ')]);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const { services } = await startServices({ data });
  const { id, before, text } = JSON.parse(chat.slice('chat '.length)) as { id: string; before: string; text: string };
  const { messages } = services.chat.open(id);
  expect(messages.every((message) => message.state !== 'streaming')).toBe(true);
  const written = messages.find((message) => message.state === 'stopped');
  expect(written).toMatchObject({ role: 'assistant', finishReason: 'cancelled' });
  expect(written?.text.startsWith(JSON.parse(kept.slice('kept '.length)) as string)).toBe(true);
  expect(written?.siblingIds).toEqual([before, written?.id]);
  expect(services.chat.choose(id, before).messages.at(-1)).toMatchObject({ id: before, text, state: 'complete' });
  services.chat.update(id, { sampling: greedy, modelId: tiny });
  expect((await say(services, id, 'Hello')).message.state).toBe('complete');
});

test('a full disk ends in disk-full, keeps what was saved, and everything works once there is space', async ({ skip }) => {
  const mount = temporaryFolder();
  const mounted = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', mount]).status === 0;
  if (!mounted) return skip('a small disk can only be mounted by root on Linux');
  const ports = testPorts({ data: join(mount, 'data') });
  const services = await createServices(ports);
  onTestFinished(async () => {
    await services.dispose();
    spawnSync('umount', [mount]);
  });
  await services.library.whenScanned();
  const { id } = services.chat.create(tiny);
  services.settings.update({ theme: 'dark', threads: 1 });
  const filler = join(mount, 'filler');
  let size = 3 * 2 ** 20;
  while (size >= 1024) {
    try {
      writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
    } catch {
      size /= 2;
    }
  }
  expect(() => services.settings.update({ systemPrompt: 'x'.repeat(20_000) })).toThrow(
    expect.objectContaining({ code: 'disk-full', hint: expect.any(String) }),
  );
  expect(services.settings.read()).toMatchObject({ theme: 'dark', systemPrompt: '' });
  await expect(say(services, id, 'x'.repeat(100_000))).rejects.toMatchObject({ code: 'disk-full' });
  expect(services.chat.open(id).messages).toEqual([]);
  spawnSync('rm', [filler]);
  expect(services.settings.update({ systemPrompt: 'Be brief.' }).systemPrompt).toBe('Be brief.');
  expect((await say(services, id, 'Hello')).message.state).toBe('complete');
});

test('dispose may be called twice and lets the folder go', async () => {
  const { services, dataFolder } = await startServices();
  expect(existsSync(join(dataFolder, 'instance.json'))).toBe(true);
  await Promise.all([services.dispose(), services.dispose()]);
  expect(existsSync(join(dataFolder, 'instance.json'))).toBe(false);
});

/** Two ends of a pipe in one process; frames are copied as a real pipe would. */
function pipePair(): [FramePipe, FramePipe] {
  const ends = [new Set<(frame: unknown) => void>(), new Set<(frame: unknown) => void>()] as const;
  const end = (own: number, other: number): FramePipe => ({
    send(frame: Frame) {
      const copy = structuredClone(frame);
      queueMicrotask(() => {
        for (const listener of ends[other as 0 | 1]) listener(copy);
      });
    },
    onFrame(listener) {
      ends[own as 0 | 1].add(listener);
      return () => ends[own as 0 | 1].delete(listener);
    },
    onClose: () => () => undefined,
  });
  return [end(0, 1), end(1, 0)];
}
