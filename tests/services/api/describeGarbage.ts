import { describe, expect, it } from 'vitest';
import type { ClientWorld } from './clientWorld.ts';

const aTool = { type: 'function', function: { name: 'a' } };

/** What no client of good will sends. */
export function describeGarbage(world: () => ClientWorld): void {
  interface Refusal {
    readonly status: number;
    readonly param: string | null;
    readonly code: string | null;
  }
  const post = async (path: string, body: unknown): Promise<Refusal> => {
    const response = await world().ask(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
    const said = (await response.json()) as { readonly error?: { readonly param: string | null; readonly code: string | null } };
    return { status: response.status, param: said.error?.param ?? null, code: said.error?.code ?? null };
  };
  const chat = (wish: object): Promise<Refusal> =>
    post('/v1/chat/completions', { model: world().tiny, messages: [{ role: 'user', content: 'a' }], max_tokens: 2, ...wish });

  describe("garbage in OpenAI's words", () => {
    it.each([
      ['temperature', [-1, 6, '1', [], true]],
      ['top_p', [-0.1, 1.1]],
      ['max_tokens', [0, -5, 1.5, 1e12]],
      ['seed', [1.5, 1e300, 'x']],
      ['presence_penalty', [-2.1, 3]],
      ['top_logprobs', [-1, 21]],
      ['n', [0, -1, 9, 1e9, 1.5, '2', []]],
      ['reasoning_effort', ['endless', 5, -1]],
      [
        'logit_bias',
        [
          { 5: 101 },
          { 5: -100.5 },
          { 5: '1' },
          { five: 1 },
          { '-5': 1 },
          { 1e9: 1 },
          { 99999999: 1 },
          [1],
          'x',
          Object.fromEntries(Array.from({ length: 1025 }, (_, at) => [at, 0])),
        ],
      ],
      ['stop', ['', [''], [1], Array.from({ length: 17 }, () => 'a'), 'x'.repeat(201)]],
      ['stream', ['yes', 1]],
      ['tools', [{}, [{ type: 5 }], [{ type: 'function', function: { name: 'a b' } }], Array.from({ length: 513 }, () => aTool)]],
      ['tool_choice', ['must', { type: 'function' }]],
      ['response_format', [{ type: 'xml' }, { type: 'json_schema' }]],
      ['messages', [[], {}, null, 'a', [null], [{ role: 'boss', content: 'a' }], [{ role: 'user' }], [{ role: 'user', content: [null] }]]],
      ['model', ['', 3, null, 'x'.repeat(500)]],
    ])('is refused for a %s that is of the wrong type or out of range, by its name', async (field, values) => {
      for (const value of values) {
        const { status, param } = await chat({ [field]: value });
        expect([value, status]).toEqual([value, 422]);
        expect(param?.split(/[.[]/)[0]).toBe(field);
      }
    });

    it('is refused for a number beyond all numbers', async () => {
      const body = `{"model":"${world().tiny}","messages":[{"role":"user","content":"a"}],"temperature":1e400}`;
      expect(await post('/v1/chat/completions', body)).toMatchObject({ status: 422, param: 'temperature' });
    });

    it('is refused for a choice of tools that are not there', async () => {
      for (const tool_choice of ['required', { type: 'function', function: { name: 'x' } }]) {
        expect(await chat({ tool_choice })).toEqual({ status: 400, param: 'tool_choice', code: 'invalid_value' });
      }
    });

    it('is answered all the same with NUL bytes, lone surrogates and names of fields that mean something to a program', async () => {
      const content = 'a\0b \ud800 \udfff <|im_end|> __proto__';
      const body = `{"model":${JSON.stringify(world().tiny)},"max_tokens":2,"__proto__":{"n":2},"constructor":1,"messages":[{"role":"user","content":${JSON.stringify(content)}}]}`;
      expect((await post('/v1/chat/completions', body)).status).toBe(200);
      expect((await post('/v1/completions', { model: world().tiny, prompt: content, max_tokens: 2 })).status).toBe(200);
      expect((await post('/v1/embeddings', { model: world().tiny, input: [content] })).status).toBe(200);
    });

    it('is refused for a schema without end, and the next one is answered', async () => {
      const endless = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } };
      const wide = {
        type: 'object',
        properties: Object.fromEntries(Array.from({ length: 9000 }, (_, at) => [`field${at}`, { type: 'string' }])),
      };
      for (const schema of [endless, wide, { type: 'fish' }, { enum: [] }, { $ref: 'http://127.0.0.1:9/x' }]) {
        const { status } = await chat({ response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } });
        expect([schema === endless, schema === wide, status]).toEqual([schema === endless, schema === wide, 400]);
      }
      const list = {
        type: 'object',
        properties: { next: { $ref: '#/$defs/list' } },
        $defs: {
          list: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/node' }] },
          node: { type: 'object', properties: { next: { $ref: '#/$defs/list' } } },
        },
      };
      expect((await chat({ response_format: { type: 'json_schema', json_schema: { name: 'x', schema: list } } })).status).toBe(200);
      expect((await chat({})).status).toBe(200);
    });

    it('is told that 10,000 messages are too many tokens, and that 10,001 are too many', async () => {
      const messages = Array.from({ length: 10_000 }, (_, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content: `${at}` }));
      expect(await chat({ messages })).toMatchObject({ status: 400, code: 'context_length_exceeded' });
      expect(await chat({ messages: [...messages, { role: 'user', content: 'a' }] })).toMatchObject({ status: 422, param: 'messages' });
    });

    it('is refused in responses, completions and embeddings for what no model can read', async () => {
      const model = world().tiny;
      const wrong: readonly (readonly [string, object])[] = [
        ['/v1/responses', { model }],
        ['/v1/responses', { model, input: [{ type: 'function_call', call_id: 'a', name: 'b', arguments: 5 }] }],
        ['/v1/responses', { model, input: 'a', max_output_tokens: 0 }],
        ['/v1/responses', { model, input: 'a', truncation: 'some' }],
        ['/v1/completions', { model }],
        ['/v1/completions', { model, prompt: '' }],
        ['/v1/completions', { model, prompt: {} }],
        ['/v1/embeddings', { model, input: { a: 1 } }],
        ['/v1/embeddings', { model, input: 'a', dimensions: -1 }],
        ['/v1/embeddings', { model, input: 'a', encoding_format: 'hex' }],
      ];
      for (const [path, body] of wrong) expect([path, body, (await post(path, body)).status]).toEqual([path, body, 422]);
      const broken = { model, input: [{ type: 'function_call', call_id: 'a', name: 'b', arguments: '{' }] };
      expect(await post('/v1/responses', broken)).toMatchObject({ status: 400, param: 'input[0].arguments' });
      const asked = { '/v1/responses': { input: 'a' }, '/v1/completions': { prompt: 'a' }, '/v1/embeddings': { input: 'a' } };
      for (const [path, wish] of Object.entries(asked)) {
        expect((await post(path, '[')).status).toBe(400);
        expect((await world().ask(path)).status).toBe(405);
        expect((await post(path, { model: 'nobody', ...wish })).status).toBe(404);
      }
    });
  });
}
