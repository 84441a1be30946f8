import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '#main/services/api/apiServer.ts';
import { createServices, type Services } from '#main/services/createServices.ts';
import { testPorts, tiny } from '../servicesHarness.ts';

const key = 'test-key';
let services: Services;
let server: ApiServer;
const folder = mkdtempSync(join(tmpdir(), 'rightsize-api-'));

beforeAll(async () => {
  services = await createServices(testPorts({ data: join(folder, 'data') }));
  await services.library.whenScanned();
  const { library, models } = services;
  server = await startApiServer(
    { host: '127.0.0.1', port: 0, key, allowedOrigins: [], version: '0.1.0' },
    { library, models, now: Date.now },
  );
});
afterAll(async () => {
  await server.close();
  await services.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const question = [{ role: 'user' as const, content: 'What is a token?' }];

describe("OpenAI's own client", () => {
  const client = (): OpenAI => new OpenAI({ baseURL: server.url, apiKey: key, maxRetries: 0 });

  it('lists the models and finds one by name', async () => {
    const ids = (await client().models.list()).data.map(({ id }) => id);
    expect(ids).toContain(tiny);
    expect((await client().models.retrieve(tiny)).object).toBe('model');
  });

  it('gets the same answer whole and streamed, with usage and a stop reason', async () => {
    const whole = await client().chat.completions.create({ model: tiny, messages: question, temperature: 0, seed: 1, max_tokens: 24 });
    expect(whole.choices[0]?.message.content).not.toBe('');
    expect(whole.usage?.completion_tokens).toBeGreaterThan(0);
    expect(whole.choices[0]?.finish_reason).toMatch(/stop|length/);
    const stream = await client().chat.completions.create({
      model: tiny,
      messages: question,
      temperature: 0,
      seed: 1,
      max_tokens: 24,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(usage?.completion_tokens).toBe(whole.usage?.completion_tokens);
  });

  it('holds an answer to a JSON Schema', async () => {
    const answer = await client().chat.completions.create({
      model: tiny,
      messages: question,
      temperature: 0,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'x',
          schema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'], additionalProperties: false },
        },
      },
    });
    expect(Object.keys(JSON.parse(answer.choices[0]?.message.content ?? ''))).toEqual(['ok']);
  });

  it('is told in its own words of a model that is not there, a bad number and a wrong key', async () => {
    await expect(client().chat.completions.create({ model: 'nobody', messages: question })).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(client().chat.completions.create({ model: tiny, messages: question, temperature: -1 })).rejects.toBeInstanceOf(
      OpenAI.UnprocessableEntityError,
    );
    await expect(new OpenAI({ baseURL: server.url, apiKey: 'wrong', maxRetries: 0 }).models.list()).rejects.toBeInstanceOf(
      OpenAI.AuthenticationError,
    );
  });

  it('ends an answer by hanging up, and the next one is not kept waiting', async () => {
    const stream = await client().chat.completions.create({ model: tiny, messages: question, temperature: 1.5, stream: true });
    for await (const _chunk of stream) stream.controller.abort();
    const next = await client().chat.completions.create({ model: tiny, messages: question, temperature: 0, max_tokens: 2 });
    expect(next.usage?.completion_tokens).toBe(2);
  });
});

describe("Anthropic's own client", () => {
  /** Its types know no temperature any more; the wire does. */
  const greedy: object = { temperature: 0 };
  const client = (): Anthropic => new Anthropic({ baseURL: server.url.replace('/v1', ''), apiKey: key, maxRetries: 0 });

  it('gets a message whole and streamed, and counts tokens', async () => {
    const whole = await client().messages.create({ model: tiny, max_tokens: 24, messages: question, ...greedy });
    const text = whole.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    expect(text).not.toBe('');
    const streamed = await client()
      .messages.stream({ model: tiny, max_tokens: 24, messages: question, ...greedy })
      .finalMessage();
    expect(streamed.content.map((block) => (block.type === 'text' ? block.text : '')).join('')).toBe(text);
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens);
    expect((await client().messages.countTokens({ model: tiny, messages: question })).input_tokens).toBeGreaterThan(2);
  });

  it('is told in its own words of a model that is not there', async () => {
    await expect(client().messages.create({ model: 'nobody', max_tokens: 4, messages: question })).rejects.toBeInstanceOf(
      Anthropic.NotFoundError,
    );
  });
});

describe("Ollama's own client", () => {
  const client = (): Ollama => new Ollama({ host: server.url.replace('/v1', ''), headers: { authorization: `Bearer ${key}` } });

  it('lists models, chats whole and streamed, and generates', async () => {
    expect((await client().list()).models.map(({ name }) => name)).toContain(tiny);
    const options = { temperature: 0, num_predict: 24, seed: 1 };
    const whole = await client().chat({ model: tiny, messages: question, options });
    let text = '';
    for await (const part of await client().chat({ model: tiny, messages: question, options, stream: true })) text += part.message.content;
    expect(text).toBe(whole.message.content);
    expect((await client().generate({ model: tiny, prompt: 'What is a token?', options })).response).toBe(text);
  });

  it('is told in its own words of a model that is not there', async () => {
    await expect(client().show({ model: 'nobody' })).rejects.toThrow('does not exist');
  });
});

describe('the server', () => {
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(new URL(path, server.url), { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });

  it('answers 404 to unknown paths, 405 to wrong methods, 400 to garbage, 413 to floods', async () => {
    expect((await ask('/v2/x')).status).toBe(404);
    const wrong = await ask('/v1/chat/completions');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await ask('/v1/chat/completions', { method: 'POST', body: '{' })).status).toBe(400);
    expect((await ask('/v1/chat/completions', { method: 'POST', body: 'x'.repeat(33 * 2 ** 20) })).status).toBe(413);
  });

  it('refuses web pages, and names that are not this machine, before it looks at the key', async () => {
    expect((await ask('/v1/models', { headers: { origin: 'http://evil.example', authorization: '' } })).status).toBe(403);
    expect(await statusUnder('evil.example')).toBe(403);
    expect(await statusUnder(`localhost:${server.port}`)).toBe(200);
  });

  it('answers each dialect in its own shape where a request is wrong', async () => {
    const post = async (path: string): Promise<unknown> => (await ask(path, { method: 'POST', body: '{"model":3}' })).json();
    expect(await post('/v1/chat/completions')).toMatchObject({ error: { type: 'invalid_request_error', param: 'model' } });
    expect(await post('/v1/messages')).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
    expect(await post('/api/chat')).toEqual({ error: expect.stringMatching(/^model: /) });
  });

  it('refuses JSON that nests without end, in a body and in the arguments of a call, and goes on', async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const call = { id: 'x', type: 'function', function: { name: 'f', arguments: deep } };
    const messages = [{ role: 'assistant', tool_calls: [call] }];
    for (const body of [deep, JSON.stringify({ model: tiny, messages })]) {
      expect((await ask('/v1/chat/completions', { method: 'POST', body })).status).toBe(400);
    }
    expect((await ask('/v1/messages', { method: 'POST', body: deep })).status).toBe(400);
    expect((await ask('/v1/models')).status).toBe(200);
  });

  it('refuses a context that is too long by saying so, and goes on', async () => {
    const long = await ask('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model: tiny, messages: [{ role: 'user', content: 'word '.repeat(5000) }] }),
    });
    expect(long.status).toBe(400);
    expect(await long.json()).toMatchObject({ error: { code: 'context_length_exceeded' } });
    expect((await ask('/v1/models')).status).toBe(200);
  });
});

/** `fetch` lets nobody choose the name in Host. */
function statusUnder(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { host, authorization: `Bearer ${key}` };
    get({ host: '127.0.0.1', port: server.port, path: '/v1/models', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
