import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { json, page, refused, startChatServer } from '../../fixtures/endpoint/chatServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { askAt, draftOf, openEndpoints } from './endpointHarness.ts';

const key = 'sk-secret-1234567890';

describe('an endpoint that is kept', () => {
  it('has a name as its id, is there after a start, and is gone when it is removed', async () => {
    const folder = temporaryFolder();
    const { endpoints } = openEndpoints({ folder });
    const first = await endpoints.save(
      draftOf({ name: 'My Lab (GPU)', baseUrl: 'http://127.0.0.1:8000/v1/', models: ['a', ' b ', 'a', ' '] }),
    );
    const second = await endpoints.save(draftOf({ name: 'my lab GPU', baseUrl: 'https://name.example/v1' }));
    expect(first).toMatchObject({ id: 'my-lab-gpu', baseUrl: 'http://127.0.0.1:8000/v1', models: ['a', 'b'], hasKey: false });
    expect(second.id).toBe('my-lab-gpu-2');
    expect((await endpoints.save(draftOf({ name: '机器', baseUrl: 'https://name.example/v1' }))).id).toBe('endpoint');
    const again = openEndpoints({ folder }).endpoints;
    expect((await again.list()).map(({ id }) => id)).toEqual(['my-lab-gpu', 'my-lab-gpu-2', 'endpoint']);
    await again.remove('my-lab-gpu');
    await expect(again.get('my-lab-gpu')).rejects.toMatchObject({ code: 'endpoint-not-found' });
    await expect(again.remove('my-lab-gpu')).rejects.toMatchObject({ code: 'endpoint-not-found' });
    await expect(again.save(draftOf({ id: 'my-lab-gpu', baseUrl: 'https://name.example' }))).rejects.toMatchObject({
      code: 'endpoint-not-found',
    });
  });

  it.each([
    ['not an address', 'bad-input'],
    ['ftp://name.example', 'bad-input'],
    ['https://me:secret@name.example/v1', 'bad-input'],
    ['https://name.example/v1?key=1', 'bad-input'],
  ])('has no address like %s', async (baseUrl, code) => {
    const saved = openEndpoints().endpoints.save({ ...draftOf({ baseUrl: 'https://name.example' }), baseUrl });
    await expect(saved).rejects.toMatchObject({ code, message: expect.not.stringContaining('secret') });
  });
});

describe('the key of an endpoint', () => {
  it('lies in a file of its own that only its owner reads, and never comes out', async () => {
    const { endpoints, secretsFolder } = openEndpoints();
    const saved = await endpoints.save(draftOf({ baseUrl: 'https://name.example/v1', key }));
    expect(saved.hasKey).toBe(true);
    expect(JSON.stringify([saved, await endpoints.list()])).not.toContain(key);
    const path = join(secretsFolder, 'endpoint-key-lab');
    expect(readFileSync(path, 'utf8')).toContain(key);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await endpoints.save(draftOf({ id: 'lab', name: 'Other', baseUrl: 'https://name.example/v2' }))).toMatchObject({ hasKey: true });
    expect(await endpoints.save(draftOf({ id: 'lab', baseUrl: 'https://name.example/v1', key: null }))).toMatchObject({ hasKey: false });
    await endpoints.save(draftOf({ id: 'lab', baseUrl: 'https://name.example/v1', key }));
    await endpoints.remove('lab');
    expect(readdirSync(secretsFolder)).toEqual([]);
  });

  it('stays behind when the address moves to another origin, for answers and for checks', async () => {
    const server = await startChatServer();
    const harness = openEndpoints();
    await harness.endpoints.save(draftOf({ baseUrl: 'https://name.example/v1', key }));
    await harness.endpoints.check(draftOf({ id: 'lab', baseUrl: server.url }));
    expect(server.others[0]?.headers.authorization).toBeUndefined();
    await askAt(harness, server.url, { draft: { id: 'lab' } });
    expect(server.asked[0]?.headers.authorization).toBeUndefined();
    expect(await harness.endpoints.get('lab')).toMatchObject({ hasKey: false });
    expect(readdirSync(harness.secretsFolder)).toEqual([]);
  });

  it('does not cross the internet unencrypted', async () => {
    const { endpoints } = openEndpoints();
    for (const work of [endpoints.save, endpoints.check]) {
      const refusedDraft = work(draftOf({ baseUrl: 'http://name.example/v1', key }));
      await expect(refusedDraft).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('unencrypted') });
    }
    expect(await endpoints.list()).toEqual([]);
    await expect(endpoints.save(draftOf({ baseUrl: 'http://192.168.1.5:8000/v1', key }))).resolves.toMatchObject({ hasKey: true });
  });

  it('is refused where it cannot be one', async () => {
    const saved = openEndpoints().endpoints.save(draftOf({ baseUrl: 'https://name.example', key: 'two words' }));
    await expect(saved).rejects.toMatchObject({ code: 'bad-input', message: expect.not.stringContaining('two words') });
  });
});

describe('checking an endpoint', () => {
  const check = async (models: Parameters<typeof startChatServer>[0], more: { readonly key?: string } = {}) => {
    const server = await startChatServer(models);
    return await openEndpoints().endpoints.check(draftOf({ baseUrl: server.url, ...more }));
  };

  it('lists the models of the server, harmless ones', async () => {
    const data = [
      { id: 'small' },
      { id: 'small' },
      { id: '' },
      { id: 'x'.repeat(500) },
      { id: 'evil\u001b[2J' },
      { id: 'qwen3:8b', extra: 1 },
    ];
    expect(await check({ models: json({ data }) })).toMatchObject({ ok: true, models: ['small', 'qwen3:8b'], hint: null });
    expect(await check({ models: json({ data: [] }) })).toMatchObject({ ok: true, models: [], message: 'It answers, and has no models.' });
  });

  it('sends the key of the draft and stores nothing', async () => {
    const server = await startChatServer();
    const { endpoints } = openEndpoints();
    expect(await endpoints.check(draftOf({ baseUrl: server.url, key }))).toMatchObject({ ok: true, models: ['small', 'large'] });
    expect(server.others[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(await endpoints.list()).toEqual([]);
  });

  it.each([
    ['a web page', page, 'OpenAI-compatible'],
    ['another JSON', json({ models: [] }), 'OpenAI-compatible'],
    ['a missing key', refused(401), 'asks for a key'],
    ['trouble', refused(500), 'trouble of its own'],
    ['a limit', refused(429), 'too many requests'],
  ])('tells of %s', async (_, models, words) => {
    expect(await check({ models })).toMatchObject({
      ok: false,
      models: [],
      message: expect.stringContaining(words),
      hint: expect.any(String),
    });
  });

  it('finds the address one step deeper, a server without a list, and no server', async () => {
    const server = await startChatServer();
    const { endpoints } = openEndpoints();
    const shallow = await endpoints.check(draftOf({ baseUrl: server.origin }));
    expect(shallow).toMatchObject({ ok: false, hint: `Use ${server.url}`, models: ['small', 'large'] });
    expect(await endpoints.check(draftOf({ baseUrl: `${server.origin}/other/v1` }))).toMatchObject({
      ok: true,
      models: [],
      hint: expect.stringContaining('Name its models'),
    });
    expect(await endpoints.check(draftOf({ baseUrl: 'http://127.0.0.1:1/v1' }))).toMatchObject({
      ok: false,
      message: expect.stringContaining('Nothing answers'),
    });
  });
});
