import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { key, modelId, rawClient, type StandInApi, startStandInApi } from './standInModel.ts';

let api: StandInApi;
beforeAll(async () => {
  api = await startStandInApi();
});
afterAll(() => api.server.close());

async function otherApi(options: Parameters<typeof startStandInApi>[0]): Promise<StandInApi> {
  const other = await startStandInApi(options);
  onTestFinished(() => other.server.close());
  return other;
}

const isAlive = async (): Promise<boolean> => (await api.chat()).status === 200;

/** Sends bytes as they are and gives the status lines that came back before the server closed. */
async function statusesOf(text: string): Promise<string[]> {
  const client = await rawClient(api.server.port);
  client.send(text);
  client.socket.end();
  return [...(await client.closed()).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status ?? '');
}

const authorised = `Host: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n`;

describe('who is let in', () => {
  it.each([
    ['evil.example', '403'],
    ['127.0.0.1.evil.example', '403'],
    ['evil@127.0.0.1', '403'],
    ['[::ffff:7f00:1]', '403'],
    ['0x7f.1/evil', '403'],
    ['host.docker.internal', '403'],
    ['localhost:1', '200'],
    ['[::1]:80', '200'],
  ])('answers to the name %s with %s', async (host, status) => {
    const [first] = await statusesOf(
      `GET /v1/models HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${key}\r\nConnection: close\r\n\r\n`,
    );
    expect(first === '400' ? '403' : first).toBe(status);
  });

  it('refuses a request without a name, with two names, and one meant for a proxy', async () => {
    expect(await statusesOf(`GET /v1/models HTTP/1.1\r\nAuthorization: Bearer ${key}\r\n\r\n`)).toEqual(['400']);
    expect(await statusesOf(`GET /v1/models HTTP/1.1\r\n${authorised}Host: evil.example\r\n\r\n`)).toEqual(['403']);
    expect(await statusesOf(`GET http://evil.example/v1/models HTTP/1.1\r\n${authorised}\r\n`)).toEqual(['400']);
    expect(await statusesOf(`CONNECT evil.example:443 HTTP/1.1\r\n${authorised}\r\n`)).toEqual([]);
  });

  it.each([
    {},
    { authorization: 'Bearer' },
    { authorization: `Bearer ${key}x` },
    { authorization: `Bearer ${key.slice(0, -1)}` },
    { authorization: `Basic ${key}` },
    { 'x-api-key': `${key}, ${key}` },
  ])('refuses %j', async (headers) => {
    const response = await fetch(`${api.server.url}/models`, { headers });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('lets web pages in only from an origin that was named, and answers what browsers ask first', async () => {
    const page = 'https://notes.example';
    const open = await otherApi({ allowedOrigins: [`${page}/`] });
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${open.server.url}/chat/completions`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization, x y, content-type' },
      });
    const allowed = await preflight(page);
    expect([
      allowed.status,
      allowed.headers.get('access-control-allow-origin'),
      allowed.headers.get('access-control-allow-methods'),
    ]).toEqual([204, page, 'POST']);
    expect(allowed.headers.get('access-control-allow-headers')).toBe('authorization, content-type');
    for (const origin of ['https://evil.example', 'null', `${page}.evil.example`]) {
      const refused = await preflight(origin);
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
    const response = await open.ask('/v1/models', { headers: { origin: page } });
    expect([response.status, response.headers.get('access-control-allow-origin'), response.headers.get('vary')]).toEqual([
      200,
      page,
      'origin',
    ]);
    open.server.change({ allowedOrigins: [] });
    expect((await open.ask('/v1/models', { headers: { origin: page } })).status).toBe(403);
  });

  it('tells anybody that it lives, and what it has done only who has the key', async () => {
    const root = api.server.url.replace('/v1', '');
    expect(await (await fetch(`${root}/health`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${root}/metrics`)).status).toBe(401);
    expect((await fetch(`${root}/health`, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    await api.chat();
    await waitUntil(() => api.server.counts().completionTokens > 0);
    const metrics = await (await api.ask('/metrics')).text();
    expect(metrics).toMatch(/^rightsize_requests_total [1-9]\d*$/m);
    expect(metrics).toMatch(/^rightsize_completion_tokens_total [1-9]\d*$/m);
  });
});

describe('what is taken', () => {
  it('answers 404, 405 with what is allowed, HEAD like GET, and OPTIONS', async () => {
    expect((await api.ask('/v1/nothing')).status).toBe(404);
    const wrong = await api.ask('/v1/chat/completions', { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await api.ask('/v1/models', { method: 'PUT', body: '{}' })).headers.get('allow')).toBe('GET, HEAD');
    const head = await api.ask('/v1/models', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const options = await api.ask('/v1/models', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD']);
    expect(await statusesOf(`TRACE /v1/models HTTP/1.1\r\n${authorised}Connection: close\r\n\r\n`)).toEqual(['405']);
  });

  it.each(['multipart/form-data; boundary=x', 'application/xml', 'application/octet-stream'])('answers 415 to %s', async (type) => {
    const response = await api.ask('/v1/chat/completions', { method: 'POST', body: '{}', headers: { 'content-type': type } });
    expect(response.status).toBe(415);
  });

  it('answers 415 to a compressed body instead of unpacking it', async () => {
    const response = await api.ask('/api/chat', { method: 'POST', body: '{}', headers: { 'content-encoding': 'gzip' } });
    expect([response.status, await response.json()]).toEqual([415, { error: 'Send the body uncompressed.' }]);
  });

  it('answers 413 to a body that is too long, said or not', async () => {
    const small = await otherApi({ limits: { bodyBytes: 2 ** 20 } });
    const post = (body: RequestInit['body']): Promise<Response> =>
      small.ask('/v1/messages', {
        method: 'POST',
        body: body ?? null,
        ...(typeof body === 'string' ? {} : { duplex: 'half' }),
      } as RequestInit);
    const said = await post('x'.repeat(2 ** 20 + 1));
    expect([said.status, await said.json()]).toMatchObject([413, { type: 'error', error: { type: 'request_too_large' } }]);
    const client = await rawClient(small.server.port);
    client.send(`POST /v1/messages HTTP/1.1\r\n${authorised}Transfer-Encoding: chunked\r\n\r\n`);
    for (let part = 0; part < 17; part++) client.send(`10000\r\n${'x'.repeat(65_536)}\r\n`);
    expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 413 /);
    client.socket.destroy();
  });

  it('answers 431 to too many or too long headers and 414 to a long address', async () => {
    const many = Array.from({ length: 150 }, (_, at) => `X-${at}: y\r\n`).join('');
    expect(await statusesOf(`GET /v1/models HTTP/1.1\r\n${authorised}${many}\r\n`)).toEqual(['431']);
    expect(await statusesOf(`GET /v1/models HTTP/1.1\r\n${authorised}X: ${'y'.repeat(40_000)}\r\n\r\n`)).toEqual(['431']);
    expect(await statusesOf(`GET /v1/${'y'.repeat(5000)} HTTP/1.1\r\n${authorised}\r\n`)).toEqual(['414']);
    expect(await isAlive()).toBe(true);
  });

  it.each([
    '',
    '[]',
    '"text"',
    'null',
    '{"model":',
    '{"model":"stand-in","messages":1e999}',
    '{"model":"stand-in","messages":[{"role":"user","content":{"__proto__":1}}]}',
    '{"model":"__proto__","messages":[{"role":"user","content":"x"}]}',
    '{"model":"stand-in","messages":[{"role":"user","content":"x"}],"max_tokens":-1}',
    '{"model":"stand-in","messages":[{"role":"user","content":"x"}],"max_tokens":1e308}',
    '{"model":"stand-in","messages":[{"role":"user","content":"x"}],"temperature":"hot"}',
    '{"model":"stand-in","messages":[{"role":"user","content":"x"}],"seed":1.5}',
    '['.repeat(100_000),
  ])('answers garbage %# with a 4xx', async (body) => {
    for (const path of ['/v1/chat/completions', '/v1/messages', '/api/chat']) {
      const { status } = await api.ask(path, { method: 'POST', body });
      // What one dialect does not know it leaves alone.
      if (path === '/v1/chat/completions' || status !== 200) expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
  });

  it('takes odd text as text: NUL, lone surrogates, bytes that are no UTF-8', async () => {
    const before = Buffer.from(`{"model":"${modelId}","messages":[{"role":"user","content":"a\\u0000\\ud800`);
    const body = Buffer.concat([before, Buffer.from([0xff, 0xfe]), Buffer.from('"}]}')]);
    expect((await api.ask('/v1/chat/completions', { method: 'POST', body })).status).toBe(200);
  });

  it('asks for a body that was announced only when it will be read', async () => {
    const announce = async (headers: string, length = 90): Promise<string> => {
      const client = await rawClient(api.server.port);
      client.send(`POST /v1/chat/completions HTTP/1.1\r\n${headers}Connection: close\r\nContent-Length: ${length}\r\n\r\n`);
      const heard = await client.until(/HTTP\/1\.1 \d+ /);
      client.socket.destroy();
      return heard.slice(0, 12);
    };
    expect(await announce(`${authorised}Expect: 100-continue\r\n`)).toBe('HTTP/1.1 100');
    expect(await announce('Host: 127.0.0.1\r\nExpect: 100-continue\r\n')).toBe('HTTP/1.1 401');
    expect(await announce(`${authorised}Expect: 100-continue\r\n`, 2 ** 30)).toBe('HTTP/1.1 413');
    expect(await announce(`${authorised}Expect: wonders\r\n`)).toBe('HTTP/1.1 417');
  });
});

describe('requests that hide another', () => {
  const inner = `GET /v1/models/hidden HTTP/1.1\r\n${authorised}\r\n`;
  it.each([
    ['both lengths', `POST /v1/messages HTTP/1.1\r\n${authorised}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`],
    ['two lengths', `POST /v1/messages HTTP/1.1\r\n${authorised}Content-Length: 0\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`],
    ['an odd encoding', `POST /v1/messages HTTP/1.1\r\n${authorised}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${inner}`],
    ['a space before the colon', `POST /v1/messages HTTP/1.1\r\n${authorised}Content-Length : ${inner.length}\r\n\r\n${inner}`],
    ['a folded header', `POST /v1/messages HTTP/1.1\r\n${authorised}X: a\r\n Content-Length: 0\r\n\r\n${inner}`],
    ['a negative length', `POST /v1/messages HTTP/1.1\r\n${authorised}Content-Length: -1\r\n\r\n${inner}`],
    ['an endless chunk', `POST /v1/messages HTTP/1.1\r\n${authorised}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n${inner}`],
    ['no HTTP at all', `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${inner}`],
  ])('refuses %s, and hears nothing of what is hidden', async (_, text) => {
    const before = api.done.length;
    const statuses = await statusesOf(text);
    expect(statuses.every((status) => status.startsWith('4'))).toBe(true);
    expect(await isAlive()).toBe(true);
    expect(api.done.slice(before).map(({ request }) => request.path)).not.toContain('/v1/models/hidden');
  });

  it('answers requests that were sent in one go, in their order', async () => {
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\n${authorised}\r\n`;
    expect(await statusesOf(`${get('/v1/models')}${get('/v1/nothing')}${get('/health')}`)).toEqual(['200', '404', '200']);
  });
});

describe('who tries many keys', () => {
  it('is told to wait, while the right key is taken on this machine all the same', async () => {
    const tried = await otherApi({});
    const wrong = (path: string): Promise<Response> => tried.ask(path, { headers: { authorization: 'Bearer wrong' } });
    const answers = await Promise.all(Array.from({ length: 300 }, () => wrong('/v1/models')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]));
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toMatch(/^[1-9]/);
    expect(await refused?.json()).toMatchObject({ error: { type: 'rate_limit_error', code: 'too_many_wrong_keys' } });
    expect((await tried.chat()).status).toBe(200);
    expect((await fetch(`${tried.server.url}/models`)).status).toBe(401);
  });
});

describe('slow and greedy clients', () => {
  it('answers others while a hundred send nothing but the beginning of a request, and lets go of those', async () => {
    const slow = await otherApi({ limits: { headerMs: 400, connections: 120 } });
    const clients = await Promise.all(Array.from({ length: 100 }, () => rawClient(slow.server.port)));
    for (const { send } of clients) send('POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nX-');
    expect((await slow.chat()).status).toBe(200);
    const heard = await Promise.all(clients.map(({ closed }) => closed()));
    expect(heard.every((text) => text === '' || text.startsWith('HTTP/1.1 408'))).toBe(true);
  });

  it('lets go of who has nothing to be answered when there are too many connections', async () => {
    const crowded = await otherApi({ limits: { connections: 4 } });
    crowded.saysAtOnce(null);
    const answer = crowded.chat();
    const asked = await crowded.asked();
    const idle = await Promise.all(Array.from({ length: 6 }, () => rawClient(crowded.server.port)));
    crowded.saysAtOnce('Yes.');
    expect((await crowded.ask('/v1/models', { headers: { connection: 'close' } })).status).toBe(200);
    await idle[0]?.closed();
    asked.end('At last.');
    expect((await answer).status).toBe(200);
    for (const { socket } of idle) socket.destroy();
  });

  it('gives up a body that does not come to its end', async () => {
    const slow = await otherApi({ limits: { requestMs: 400, headerMs: 400 } });
    const half = `POST /v1/chat/completions HTTP/1.1\r\n${authorised}Content-Length: 1000\r\n\r\n{"model":`;
    const waiting = await rawClient(slow.server.port);
    waiting.send(half);
    const gone = await rawClient(slow.server.port);
    gone.send(half);
    gone.socket.end();
    expect((await slow.chat()).status).toBe(200);
    await waiting.closed();
    await slow.untilDone(3);
    expect(slow.server.counts()).toMatchObject({ active: 0, waiting: 0 });
  });

  it('holds no more large bodies than it has memory for, however they are sent, and lets small ones in all the same', async () => {
    const busy = await otherApi({ limits: { bodyBytes: 2 ** 20, bodiesBytes: 2 ** 20 } });
    busy.saysAtOnce(null);
    const large = (): object => ({ messages: [{ role: 'user', content: 'x'.repeat(700_000) }] });
    const first = busy.chat({ body: large() });
    const asked = await busy.asked();
    const refused = await busy.chat({ body: large() });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.json()).toMatchObject({ error: { type: 'server_error', code: 'server_busy' } });
    const small = { model: modelId, messages: [{ role: 'user', content: 'x' }] };
    const inPieces = (body: object): Promise<Response> => {
      const pieces = new Blob([JSON.stringify({ ...small, ...body })]).stream();
      const init = { method: 'POST', body: pieces, duplex: 'half', headers: { 'content-type': 'application/json' } };
      return busy.ask('/v1/chat/completions', init as RequestInit);
    };
    expect((await inPieces(large())).status).toBe(503);
    busy.saysAtOnce('Yes.');
    expect((await busy.chat()).status).toBe(200);
    // As .NET's and Java's clients send all of theirs.
    const several = await Promise.all(Array.from({ length: 8 }, () => inPieces({})));
    expect(several.map(({ status }) => status)).toEqual(Array(8).fill(200));
    asked.end('At last.');
    await (await first).text();
    await busy.untilDone(12);
    busy.saysAtOnce(null);
    const pieces = inPieces({});
    const askedInPieces = await busy.asked();
    // What came in pieces and is small leaves the room to others.
    busy.saysAtOnce('Yes.');
    expect((await busy.chat({ body: large() })).status).toBe(200);
    askedInPieces.end();
    expect((await pieces).status).toBe(200);
  });

  it.each([true, false])('loses only the answer of a client that never reads (streamed: %s)', async (stream) => {
    const other = await otherApi({ limits: { stallMs: 500 } });
    other.saysAtOnce(null);
    const deaf = await rawClient(other.server.port);
    deaf.socket.pause();
    const body = JSON.stringify({ model: modelId, messages: [{ role: 'user', content: 'x' }], stream });
    deaf.send(`POST /v1/chat/completions HTTP/1.1\r\n${authorised}Content-Length: ${body.length}\r\n\r\n${body}`);
    const asked = await other.asked();
    for (let piece = 0; piece < 40; piece++) asked.write('x'.repeat(2 ** 20));
    other.saysAtOnce('Yes.');
    expect((await other.chat()).status).toBe(200);
    asked.end();
    await other.untilDone(2);
    expect(other.done.map(({ request }) => request.problem)).toContain('Client hung up');
    expect(other.server.counts()).toMatchObject({ active: 0, waiting: 0 });
  });

  it('closes within its time although an answer does not end', async () => {
    const other = await otherApi({});
    other.saysAtOnce(null);
    const answer = other.chat({ body: { stream: true } }).then((response) => response.text());
    const asked = await other.asked();
    asked.write('A beginning');
    await other.server.close();
    expect(asked.signal.aborted).toBe(true);
    expect(await answer).toMatch(/A beginning.*server_stopping/s);
  });
});

describe('the queue', () => {
  it('lets as many wait as it may, and tells the next one when to ask again', async () => {
    const busy = await otherApi({ parallel: 1, queueLimit: 1 });
    busy.saysAtOnce(null);
    const first = busy.chat();
    const asked = await busy.asked();
    const second = busy.chat();
    await waitUntil(() => busy.server.counts().waiting === 1);
    const third = await busy.chat();
    expect([third.status, Number(third.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    for (const path of ['/v1/chat/completions', '/v1/messages', '/api/chat']) {
      const body = JSON.stringify({ model: modelId, max_tokens: 9, messages: [{ role: 'user', content: 'x' }], stream: true });
      const streamed = await busy.ask(path, { method: 'POST', body });
      expect([path, streamed.status]).toEqual([path, 429]);
    }
    expect(await third.json()).toMatchObject({ error: { type: 'rate_limit_error', code: 'queue_full' } });
    asked.end('One.');
    (await busy.asked()).end('Two.');
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
  });

  it('frees the place of who hangs up, while it waits and while it is answered', async () => {
    const busy = await otherApi({ parallel: 1, queueLimit: 1 });
    busy.saysAtOnce(null);
    const [answered, waiting] = [new AbortController(), new AbortController()];
    const first = busy.chat({ signal: answered.signal }).catch(() => 'hung up');
    await busy.asked();
    const second = busy.chat({ signal: waiting.signal }).catch(() => 'hung up');
    await waitUntil(() => busy.server.counts().waiting === 1);
    waiting.abort();
    await waitUntil(() => busy.server.counts().waiting === 0);
    const third = busy.chat();
    await waitUntil(() => busy.server.counts().waiting === 1);
    answered.abort();
    (await busy.asked()).end('Three.');
    expect(await Promise.all([first, second])).toEqual(['hung up', 'hung up']);
    expect((await third).status).toBe(200);
    await busy.untilDone(3);
    expect(busy.server.counts()).toMatchObject({ active: 0, waiting: 0 });
  });

  it('frees all places of a client that asked twice in one go and hung up', async () => {
    const busy = await otherApi({ parallel: 2 });
    busy.saysAtOnce(null);
    const greedy = await rawClient(busy.server.port);
    const body = JSON.stringify({ model: modelId, messages: [{ role: 'user', content: 'x' }] });
    const post = `POST /v1/chat/completions HTTP/1.1\r\n${authorised}Content-Length: ${body.length}\r\n\r\n${body}`;
    greedy.send(`${post}${post}${post}`);
    const [first, second] = [await busy.asked(), await busy.asked()];
    await waitUntil(() => busy.server.counts().waiting === 1);
    greedy.socket.destroy();
    await busy.untilDone(3);
    expect([first.signal.aborted, second.signal.aborted]).toEqual([true, true]);
    expect(busy.done.map(({ request }) => request.problem)).toEqual(['Client hung up', 'Client hung up', 'Client hung up']);
    expect(busy.server.counts()).toMatchObject({ active: 0, waiting: 0 });
  });

  it('counts tokens for who asks while all places are taken', async () => {
    const busy = await otherApi({ parallel: 1, queueLimit: 0 });
    busy.saysAtOnce(null);
    const first = busy.chat();
    const asked = await busy.asked();
    const body = JSON.stringify({ model: modelId, messages: [{ role: 'user', content: 'x' }] });
    expect((await busy.ask('/v1/messages/count_tokens', { method: 'POST', body })).status).toBe(200);
    const input = JSON.stringify({ model: modelId, input: 'Hello' });
    expect((await busy.ask('/v1/responses/input_tokens', { method: 'POST', body: input })).status).toBe(200);
    asked.end();
    await first;
  });
});

/** What has no signal of its own is looked at again whenever the loop comes round. */
async function waitUntil(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
