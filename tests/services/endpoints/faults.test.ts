import { describe, expect, it } from 'vitest';
import {
  chunk,
  done,
  events,
  finish,
  json,
  type Play,
  page,
  refused,
  startChatServer,
  streamed,
} from '../../fixtures/endpoint/chatServer.ts';
import { askAt, openEndpoints, question } from './endpointHarness.ts';

const key = 'sk-secret-1234567890';

describe('a fault of an endpoint', () => {
  it.each<[string, Play, string]>([
    ['a web page', page, 'endpoint-garbage'],
    ['JSON that is no answer', json({ hello: 'there' }), 'endpoint-garbage'],
    ['events that are no JSON', events(['data: <html>\n\n']), 'endpoint-garbage'],
    ['bytes without a line', events([Buffer.alloc(10_000_000, 'x')]), 'endpoint-garbage'],
    ['an event without end', events(Array.from({ length: 30 }, () => `data: ${'x'.repeat(50_000)}\n`)), 'endpoint-garbage'],
    ['text of the wrong type', events([chunk({ content: 7 })]), 'endpoint-garbage'],
    ['an end without an answer', events([done]), 'endpoint-garbage'],
    ['JSON without a floor', events([`data: ${'['.repeat(200_000)}${']'.repeat(200_000)}\n\n`]), 'endpoint-garbage'],
    [
      'a call without a floor',
      events([chunk({ tool_calls: [{ function: { name: 'a', arguments: JSON.parse(`{"a":${'['.repeat(3000)}${']'.repeat(3000)}}`) } }] })]),
      'endpoint-garbage',
    ],
    ['bytes that are no HTTP', (response) => void response.socket?.end('hello\r\n\r\n'), 'endpoint-garbage'],
    ['a length that is none', (response) => void response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n'), 'endpoint-garbage'],
    ['nothing', events([]), 'endpoint-unreachable'],
    ['half an answer', events([chunk({ content: 'Par' })], { end: 'cut' }), 'endpoint-unreachable'],
    ['half an answer and a clean end', events([chunk({ content: 'Par' })]), 'endpoint-unreachable'],
    [
      'an error in the stream',
      events([`data: ${JSON.stringify({ error: { message: 'out of memory', code: 500 } })}\n\n`]),
      'endpoint-unreachable',
    ],
    ['an error with status 200', json({ error: 'no model is loaded' }), 'endpoint-refused'],
    ['a filter that stops the answer', streamed(['I'], { reason: 'content_filter' }), 'endpoint-refused'],
    [
      'a redirect',
      (response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/v1/chat/completions' }).end(),
      'endpoint-refused',
    ],
    ['a bad key', refused(401, `Incorrect API key provided: ${key}`), 'endpoint-refused'],
    ['a key without the right', refused(403), 'endpoint-refused'],
    ['an unknown model', refused(404, 'model not found'), 'endpoint-refused'],
    ['trouble of the server', refused(503), 'endpoint-unreachable'],
    ['too many requests, for ever', refused(429, 'slow down', { 'retry-after': '0' }), 'endpoint-rate-limited'],
  ])('%s is named, without the key and without the question', async (_, play, code) => {
    const server = await startChatServer({ plays: [play] });
    const harness = openEndpoints();
    const failed = await askAt(harness, server.url, { draft: { key } }).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ code, hint: expect.stringMatching(/./) });
    const told = JSON.stringify(failed) + (failed as Error).message + harness.logged.join();
    expect(told).not.toContain(key);
    expect(told).not.toContain('capital of France');
    expect(server.asked[0]?.headers.authorization).toBe(`Bearer ${key}`);
  });

  it('passes the server’s own words on, but never where they hold the key or the question', async () => {
    const harness = openEndpoints();
    const wordsOf = async (said: string): Promise<string> => {
      const server = await startChatServer({ plays: [refused(400, said)] });
      return await askAt(harness, server.url, { draft: { key } }).then(String, (error: Error) => error.message);
    };
    expect(await wordsOf('seed is\u0007 not supported')).toContain('It says: seed is not supported');
    expect(await wordsOf(`bad header ${key}`)).not.toContain('It says');
    expect(await wordsOf('cannot parse "the capital of France?"')).not.toContain('It says');
  });

  it('ends a request that stalls', async () => {
    const server = await startChatServer({ plays: [events([chunk({ content: 'Par' })], { end: 'never' })] });
    const asked = askAt(openEndpoints(), server.url, { draft: { stallSeconds: 1 }, retries: 3 });
    await expect(asked).rejects.toMatchObject({ code: 'endpoint-stalled', message: expect.stringContaining('1 s') });
    // It had begun: the same question is not asked twice.
    expect(server.asked).toHaveLength(1);
  });

  it('says where nothing listens', async () => {
    await expect(askAt(openEndpoints(), 'http://127.0.0.1:1/v1')).rejects.toMatchObject({ code: 'endpoint-unreachable' });
  });

  it('is cancelled by its signal within an answer', async () => {
    const server = await startChatServer({ plays: [events([chunk({ content: 'Par' })], { end: 'never' })] });
    const stop = new AbortController();
    const asked = askAt(openEndpoints(), server.url, { signal: stop.signal, onText: () => stop.abort() });
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('asking again', () => {
  it('helps where the server had trouble before its answer began', async () => {
    const cut: Play = (response) => void response.destroy();
    const server = await startChatServer({ plays: [refused(503), cut, streamed(['Paris'])] });
    expect(await askAt(openEndpoints(), server.url, { retries: 2 })).toMatchObject({ text: 'Paris', attempts: 3 });
  });

  it('ends after as many times as were allowed', async () => {
    const server = await startChatServer({ plays: [refused(500)] });
    await expect(askAt(openEndpoints(), server.url, { retries: 2 })).rejects.toMatchObject({ code: 'endpoint-unreachable' });
    expect(server.asked).toHaveLength(3);
  });

  it('waits as a rate limit says, whatever the retries, and not beyond reason', async () => {
    const harness = openEndpoints();
    const server = await startChatServer({ plays: [refused(429, '', { 'retry-after': '0' }), refused(429), streamed(['Paris'])] });
    const waits: boolean[] = [];
    const onWaiting = (isWaiting: boolean): void => void waits.push(isWaiting);
    expect(await askAt(harness, server.url, { onWaiting })).toMatchObject({ text: 'Paris', attempts: 3 });
    expect(waits).toEqual([true, false, true, false, true, false]);
    const slow = await startChatServer({ plays: [refused(429, '', { 'retry-after': '3600' })] });
    const refusedAnswer = askAt(harness, slow.url);
    await expect(refusedAnswer).rejects.toMatchObject({ code: 'endpoint-rate-limited', message: expect.stringContaining('15 min') });
    expect(slow.asked).toHaveLength(1);
  });

  it('is no use after a refusal, garbage, or an answer that had begun', async () => {
    for (const play of [refused(400), page, events([chunk({ content: 'Par' })])]) {
      const server = await startChatServer({ plays: [play] });
      await expect(askAt(openEndpoints(), server.url, { retries: 3 })).rejects.toMatchObject({ code: expect.stringMatching(/^endpoint-/) });
      expect(server.asked).toHaveLength(1);
    }
  });
});

it('asks no more at the same time than the endpoint allows', async () => {
  const held: (() => void)[] = [];
  let most = 0;
  const server = await startChatServer({
    plays: [
      (response, asked) => {
        most = Math.max(most, held.length + 1);
        held.push(() => streamed([String(asked.body['seed'])])(response, asked));
        // Answers when nobody else can come any more.
        if (held.length === 2) for (const answer of held.splice(0)) answer();
      },
    ],
  });
  const harness = openEndpoints();
  const { id } = await harness.endpoints.save({
    id: null,
    name: 'Two',
    baseUrl: server.url,
    models: ['small'],
    concurrency: 2,
    requestsPerMinute: null,
    stallSeconds: 20,
  });
  const signal = new AbortController().signal;
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, seed) =>
      harness.endpoints.generate({ endpointId: id, model: 'small' }, question({ sampling: { ...question().sampling, seed } }), {
        signal,
        retries: 0,
      }),
    ),
  );
  expect(answers.map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4', '5']);
  expect(most).toBe(2);
});

it('keeps a stream open that says nothing but that it is there', async () => {
  const server = await startChatServer({ plays: [events([': ping\n\n', ': ping\n\n', chunk({ content: 'Paris' }), finish(), done])] });
  expect(await askAt(openEndpoints(), server.url)).toMatchObject({ text: 'Paris' });
});

it('needs no proxy on the way to this machine', async () => {
  const server = await startChatServer();
  const nowhere = 'http://127.0.0.1:1';
  const harness = openEndpoints({ env: { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, ALL_PROXY: nowhere } });
  expect(await askAt(harness, server.url)).toMatchObject({ text: 'Paris' });
  await expect(askAt(harness, 'https://models.example/v1')).rejects.toMatchObject({ code: 'endpoint-unreachable' });
});
