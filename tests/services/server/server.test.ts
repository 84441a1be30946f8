import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServices, type Services } from '#main/services/createServices.ts';
import { endpointModelId } from '#shared/contract/endpoints.ts';
import { type LoggedRequest, type ServerChange, ServerSettings } from '#shared/contract/server.ts';
import { writeTirelessModel } from '../../fixtures/gguf/tirelessModel.ts';
import { large, testPorts, tiny } from '../servicesHarness.ts';

const folder = mkdtempSync(join(tmpdir(), 'rightsize-server-'));
const ports = testPorts({ data: join(folder, 'data') });
let services: Services;
/** Answers until it is stopped. */
let tireless: string;

beforeAll(async () => {
  services = await createServices(ports);
  services.settings.update({ threads: 1 });
  await services.library.whenScanned();
  const [artifact] = await services.library.importPath(writeTirelessModel(join(folder, 'tireless.gguf')));
  tireless = artifact?.id ?? '';
});
afterAll(async () => {
  await services.dispose();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await services.server.stop();
  await services.server.configure({ ...ServerSettings.parse({}), port: 0 });
  services.server.clearLog();
});

const question = { model: tiny, messages: [{ role: 'user', content: 'What is a token?' }], temperature: 0, seed: 1, max_tokens: 8 };

async function ask(
  path: string,
  options: { readonly key?: string; readonly body?: object; readonly signal?: AbortSignal } = {},
): Promise<Response> {
  const { key = await services.server.key(), body, signal } = options;
  return await fetch(`${services.server.state().url}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
  });
}

/** Resolves with the first change that it is waiting for. */
function changeWhere<T>(find: (change: ServerChange) => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const unsubscribe = services.server.subscribe((change) => {
      const found = find(change);
      if (found === undefined) return;
      resolve(found);
      queueMicrotask(() => unsubscribe());
    });
  });
}

/** Resolves when so many requests have been answered since the server was started: a client has its answer a moment before that. */
const untilAnswered = (count: number): Promise<boolean> =>
  changeWhere((change) => ('state' in change && change.state.requests >= count ? true : undefined));

const doneRequest = (path: string): Promise<LoggedRequest> =>
  changeWhere((change) => ('requests' in change ? change.requests : []).find((one) => one.path === path && one.state === 'done'));

describe('the life of the server', () => {
  it('runs from start to stop with a key of its own, and tells who watches', async () => {
    expect(services.server.state()).toMatchObject({ state: 'stopped', url: null, problem: null });
    const started = await services.server.start();
    expect(started).toMatchObject({ state: 'running', requests: 0, lanUrls: [], needsRestart: false });
    expect(started.url).toBe(`http://127.0.0.1:${started.port}`);
    const key = await services.server.key();
    expect(started.keyHint).toBe(`${key.slice(0, 5)}…${key.slice(-4)}`);
    expect((await ask('/v1/models')).status).toBe(200);
    const told = await doneRequest('/v1/models');
    expect(told).toMatchObject({ method: 'GET', status: 200, problem: null, model: null, hasBody: false });
    expect(services.server.state()).toMatchObject({ requests: 1, errors: 0, active: 0 });
    expect(await services.server.stop()).toMatchObject({ state: 'stopped', url: null, requests: 0 });
    await expect(fetch(`${started.url}/health`)).rejects.toThrow();
  });

  it('refuses the old key from the moment there is a new one', async () => {
    await services.server.start();
    const old = await services.server.key();
    await services.server.newKey();
    expect((await ask('/v1/models', { key: old })).status).toBe(401);
    expect((await ask('/v1/models')).status).toBe(200);
    expect(await services.server.key()).not.toBe(old);
  });

  it('asks for no key where none is required, at once', async () => {
    await services.server.start();
    await services.server.configure({ requiresKey: false });
    expect((await ask('/v1/models', { key: 'anything' })).status).toBe(200);
    expect(services.server.state()).toMatchObject({ keyHint: null, needsRestart: false });
  });

  it('says that another port needs a restart, and is there after it and nowhere else', async () => {
    const before = await services.server.start();
    const free = await freePort();
    expect(await services.server.configure({ port: free })).toMatchObject({ needsRestart: true, port: before.port });
    await services.server.stop();
    expect(await services.server.start()).toMatchObject({ port: free, needsRestart: false });
    await expect(fetch(`${before.url}/health`)).rejects.toThrow();
  });

  it('fails in words when its port is taken, and takes a free one where it was told to', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await services.server.configure({ port });
    expect(await services.server.start()).toMatchObject({ state: 'failed', url: null, problem: { code: 'port-in-use', hint: /./ } });
    expect(await services.server.start({ fallsBack: true })).toMatchObject({ state: 'running', problem: null, needsRestart: false });
    expect(services.server.state().port).not.toBe(port);
    other.close();
  });

  it('lets other devices in only with a key, under a name of this machine', async () => {
    await expect(services.server.configure({ lan: true, requiresKey: false })).rejects.toMatchObject({ code: 'bad-input' });
    await services.server.configure({ requiresKey: false });
    expect(await services.server.start({ lan: true })).toMatchObject({ state: 'failed', problem: { code: 'bad-input' } });
    const started = await services.server.configure({ requiresKey: true, lan: true }).then(() => services.server.start());
    expect(started).toMatchObject({ state: 'running', url: `http://127.0.0.1:${started.port}` });
    await expect(services.server.configure({ requiresKey: false })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(services.server.configure({ lan: false, requiresKey: false })).rejects.toMatchObject({ code: 'bad-input' });
    expect(services.server.state().settings).toMatchObject({ lan: true, requiresKey: true });
    expect(await statusUnder(hostname())).toBe(200);
    expect(await statusUnder('host.docker.internal:11435')).toBe(200);
    expect(await statusUnder('evil.example')).toBe(403);
  });

  it('ends a running answer with an error of its dialect when it stops', async () => {
    await services.server.start();
    const response = await ask('/v1/chat/completions', { body: { ...question, model: tireless, max_tokens: 50_000, stream: true } });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader?.read())?.value ?? '';
    const stopped = services.server.stop();
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) text += part.value;
    await stopped;
    expect(text).toMatch(/"code":"server_stopping"/);
    // It is noted when its connection has closed, a moment after its last words.
    const noted = (): string => services.server.requests({ errorsOnly: true, offset: 0, limit: 1 }).requests[0]?.problem ?? '';
    await expect.poll(noted).toMatch(/was stopped/);
  });
});

describe('the log', () => {
  it('says of a model that may not be loaded on demand that it is not loaded', async () => {
    await services.server.configure({ loadsOnDemand: false });
    await services.server.start();
    const response = await ask('/v1/chat/completions', { body: { ...question, model: large } });
    expect([response.status, await response.json()]).toMatchObject([503, { error: { code: 'model-not-loaded' } }]);
    await untilAnswered(1);
    const [logged] = services.server.requests({ errorsOnly: true, offset: 0, limit: 1 }).requests;
    expect(logged).toMatchObject({ modelId: large, status: 503, problem: expect.stringMatching(/not loaded/) });
  });

  it('keeps who asked what model and how it went, and neither question nor key', async () => {
    await services.server.start();
    await ask('/v1/chat/completions?key=secret-in-the-address', { body: question });
    await untilAnswered(1);
    await ask('/v1/chat/completions', { body: { ...question, model: 'nobody' } });
    await untilAnswered(2);
    await ask('/v1/models', { key: 'wrong' });
    await untilAnswered(3);
    const { requests, total } = services.server.requests({ errorsOnly: false, offset: 0, limit: 10 });
    expect(total).toBe(3);
    expect(requests.map(({ status, model, modelId }) => [status, model, modelId])).toEqual([
      [401, null, null],
      [404, 'nobody', null],
      [200, tiny, tiny],
    ]);
    const [refused, unknown, answered] = requests;
    expect(refused?.problem).toBe('The key is wrong.');
    expect(unknown?.problem).toMatch(/does not exist here/);
    expect(answered).toMatchObject({ path: '/v1/chat/completions', finishReason: 'length', hasBody: false, problem: null, client: 'node' });
    expect(answered?.usage?.completionTokens).toBe(8);
    expect(services.server.requests({ errorsOnly: true, offset: 1, limit: 1 })).toMatchObject({ total: 2, requests: [{ status: 404 }] });
    const detail = services.server.request(answered?.id ?? '');
    expect(detail).toMatchObject({ question: null, answer: null });
    expect(JSON.stringify([detail, ports.logged])).not.toMatch(/What is a token|secret-in-the-address|rs-[\w-]{20}/);
    await expect(services.server.replay({ id: answered?.id ?? '', modelId: large }, new AbortController().signal)).rejects.toMatchObject({
      code: 'request-body-not-kept',
    });
  });

  it('says of a request whose client hung up that it did', async () => {
    await services.server.start();
    const hangUp = new AbortController();
    const response = await ask('/v1/chat/completions', {
      body: { ...question, model: tireless, max_tokens: 50_000, stream: true },
      signal: hangUp.signal,
    });
    await response.body?.getReader().read();
    hangUp.abort();
    expect(await doneRequest('/v1/chat/completions')).toMatchObject({ model: tireless, problem: 'Client hung up' });
    expect(services.server.state()).toMatchObject({ active: 0, waiting: 0, errors: 1 });
  });

  it.each([
    ['/v1/chat/completions', { ...question, messages: [{ role: 'system', content: 'Be short.' }, ...question.messages] }],
    ['/v1/messages', { model: tiny, system: 'Be short.', messages: question.messages, temperature: 0, max_tokens: 8 }],
    [
      '/api/chat',
      {
        model: tiny,
        messages: [{ role: 'system', content: 'Be short.' }, ...question.messages],
        options: { temperature: 0, num_predict: 8 },
      },
    ],
    ['/v1/responses', { model: tiny, instructions: 'Be short.', input: 'What is a token?', temperature: 0, max_output_tokens: 8 }],
  ])('puts a kept question of %s to another model, and makes an item of it', async (path, body) => {
    await services.server.configure({ logBodies: true });
    await services.server.start();
    await (await ask(path, { body })).text();
    await untilAnswered(1);
    const [request] = services.server.requests({ errorsOnly: false, offset: 0, limit: 1 }).requests;
    const detail = services.server.request(request?.id ?? '');
    expect(detail.request.hasBody).toBe(true);
    expect(JSON.parse(detail.question ?? '')).toEqual(body);
    const replayed = await services.server.replay({ id: request?.id ?? '', modelId: large }, new AbortController().signal);
    expect(replayed).toMatchObject({ modelId: large, finishReason: 'length', usage: { completionTokens: 8 } });
    expect(replayed.text).not.toBe('');
    expect(await services.server.asItem(request?.id ?? '')).toMatchObject({
      system: 'Be short.',
      input: 'What is a token?',
      expected: detail.answer?.trim(),
    });
  });

  it('puts a kept question to a model behind an endpoint', async () => {
    await services.server.configure({ logBodies: true });
    const { url } = await services.server.start();
    await (await ask('/v1/chat/completions', { body: question })).text();
    await untilAnswered(1);
    const [request] = services.server.requests({ errorsOnly: false, offset: 0, limit: 1 }).requests;
    const key = await services.server.key();
    const draft = {
      id: null,
      name: 'Ourselves',
      baseUrl: `${url}/v1`,
      models: [tiny],
      concurrency: 1,
      requestsPerMinute: null,
      stallSeconds: 60,
      key,
    };
    const { id } = await services.endpoints.save(draft);
    const modelId = endpointModelId(id, tiny);
    const replayed = await services.server.replay({ id: request?.id ?? '', modelId }, new AbortController().signal);
    expect(replayed).toMatchObject({ modelId, text: services.server.request(request?.id ?? '').answer, usage: { completionTokens: 8 } });
  });

  it('tells who watches when it is cleared', async () => {
    await services.server.start();
    await ask('/v1/models');
    await doneRequest('/v1/models');
    const cleared = changeWhere((change) => (change.kind === 'cleared' ? true : undefined));
    services.server.clearLog();
    expect(await cleared).toBe(true);
    expect(services.server.requests({ errorsOnly: false, offset: 0, limit: 10 })).toEqual({ requests: [], total: 0 });
  });
});

/** One that nobody is given by chance: what asks for any free port gets a higher one. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000);
    const other = createServer().listen(port, '127.0.0.1');
    const isFree = await once(other, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    other.close();
    await once(other, 'close');
    return port;
  }
}

/** `fetch` lets nobody choose the name in Host. */
async function statusUnder(host: string): Promise<number | undefined> {
  const headers = { host, authorization: `Bearer ${await services.server.key()}` };
  return await new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: services.server.state().port, path: '/v1/models', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
