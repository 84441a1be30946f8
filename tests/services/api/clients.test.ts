import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tiny } from '../servicesHarness.ts';
import { type ClientWorld, startClientWorld } from './clientWorld.ts';
import { describeAiSdk } from './describeAiSdk.ts';
import { describeAnthropic } from './describeAnthropic.ts';
import { describeGarbage } from './describeGarbage.ts';
import { describeLangchain } from './describeLangchain.ts';
import { describeOllama } from './describeOllama.ts';
import { describeOpenai } from './describeOpenai.ts';
import { describeResponses } from './describeResponses.ts';

let world: ClientWorld;
beforeAll(async () => {
  world = await startClientWorld();
});
afterAll(() => world.close());

describeOpenai(() => world);
describeResponses(() => world);
describeAiSdk(() => world);
describeLangchain(() => world);
describeAnthropic(() => world);
describeOllama(() => world);
describeGarbage(() => world);

describe('the server', () => {
  const ask: ClientWorld['ask'] = (path, init) => world.ask(path, init);

  it('answers 404 to unknown paths, 405 to wrong methods, 400 to garbage, 413 to floods', async () => {
    expect((await ask('/v2/x')).status).toBe(404);
    for (const path of ['/models', '/v1/v1/models', '/v1//models/', '/api/v1/models'])
      expect(await (await ask(path)).text()).toContain('Did you mean /v1/models?');
    const wrong = await ask('/v1/chat/completions');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await ask('/v1/chat/completions', { method: 'POST', body: '{' })).status).toBe(400);
    expect((await ask('/v1/chat/completions', { method: 'POST', body: 'x'.repeat(33 * 2 ** 20) })).status).toBe(413);
  });

  it('refuses web pages, and names that are not this machine, before it looks at the key', async () => {
    expect((await ask('/v1/models', { headers: { origin: 'http://evil.example', authorization: '' } })).status).toBe(403);
    expect(await statusUnder('evil.example')).toBe(403);
    expect(await statusUnder(`localhost:${world.server.port}`)).toBe(200);
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
});

/** `fetch` lets nobody choose the name in Host. */
function statusUnder(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { host, authorization: `Bearer ${world.key}` };
    get({ host: '127.0.0.1', port: world.server.port, path: '/v1/models', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
