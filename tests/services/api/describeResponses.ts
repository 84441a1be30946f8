import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { asked, type ClientWorld, calculator, multiply } from './clientWorld.ts';

/** The package `openai` against responses. */
export function describeResponses(world: () => ClientWorld): void {
  const client = (): OpenAI => new OpenAI({ baseURL: world().server.url, apiKey: world().key, maxRetries: 0 });
  const greedy = { temperature: 0, max_output_tokens: 12 } as const;
  const tools: OpenAI.Responses.Tool[] = [{ type: 'function', strict: true, ...calculator }];

  describe("OpenAI's own client: responses", () => {
    it('gets the same response whole and through its stream helper, event by event in order', async () => {
      const body = { model: world().tiny, input: 'What is a token?', instructions: 'Be short.', ...greedy };
      const whole = await client().responses.create(body);
      expect(whole).toMatchObject({ object: 'response', status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
      expect(whole.usage).toMatchObject({ output_tokens: 12, output_tokens_details: { reasoning_tokens: 0 } });
      const stream = client().responses.stream(body);
      const events: OpenAI.Responses.ResponseStreamEvent[] = [];
      for await (const event of stream) events.push(event);
      expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
      const kinds = events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
      expect(kinds).toEqual([
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.content_part.added',
        'response.output_text.delta',
        'response.output_text.done',
        'response.content_part.done',
        'response.output_item.done',
        'response.incomplete',
      ]);
      expect((await stream.finalResponse()).output_text).toBe(whole.output_text);
    });

    it('counts the tokens of an input before it is answered', async () => {
      const body = { model: world().calling, input: 'How much is it?', instructions: 'Be short.', tools };
      const { input_tokens } = await client().responses.inputTokens.count(body);
      expect(input_tokens).toBe((await client().responses.create({ ...body, max_output_tokens: 1 })).usage?.input_tokens);
    });

    it('parses an answer that is held to the schema of a zod type', async () => {
      const parsed = await client().responses.parse({
        model: world().tiny,
        input: 'Is it?',
        temperature: 0,
        text: { format: zodTextFormat(z.object({ ok: z.boolean() }), 'verdict') },
      });
      expect(parsed.status).toBe('completed');
      expect(Object.keys(parsed.output_parsed ?? {})).toEqual(['ok']);
    });

    it('goes on from a kept response with the output of the call in it, streamed too', async () => {
      const model = world().calling;
      const first = await client().responses.create({ model, input: 'How much is it?', tools, temperature: 0 });
      const call = first.output.find((item) => item.type === 'function_call');
      expect(call).toMatchObject({ name: 'calculator', status: 'completed' });
      expect(JSON.parse(call?.arguments ?? '')).toEqual(asked);
      const next = {
        model,
        previous_response_id: first.id,
        tools,
        temperature: 0,
        input: [{ type: 'function_call_output' as const, call_id: call?.call_id ?? '', output: multiply(asked) }],
      };
      expect((await client().responses.create(next)).output_text).toBe('It is 5875.');
      expect((await client().responses.stream(next).finalResponse()).output_text).toBe('It is 5875.');
    });

    it('tells a streamed call by its arguments, and goes on from items that a client keeps itself', async () => {
      const body = { model: world().calling, tools, temperature: 0, store: false };
      const stream = client().responses.stream({ ...body, input: 'How much is it?' });
      let given = '';
      stream.on('response.function_call_arguments.delta', ({ delta }) => {
        given += delta;
      });
      const first = await stream.finalResponse();
      expect(JSON.parse(given)).toEqual(asked);
      expect(first.output_text).toBe('');
      const [call] = first.output;
      if (call?.type !== 'function_call') throw new Error('No call came first.');
      const input: OpenAI.Responses.ResponseInput = [
        { role: 'developer', content: 'Count.' },
        { role: 'user', content: [{ type: 'input_text', text: 'How much is it?' }] },
        { type: 'function_call', call_id: call.call_id, name: call.name, arguments: call.arguments },
        { type: 'function_call_output', call_id: call.call_id, output: '5875' },
      ];
      expect((await client().responses.create({ ...body, input })).output_text).toBe('It is 5875.');
    });

    it('calls a function that is offered beside what a hosted service runs, and goes on from references to what it said', async () => {
      const patch = { type: 'custom' as const, name: 'apply_patch', format: { type: 'text' as const } };
      const body = { model: world().calling, tools: [{ type: 'web_search' as const }, ...tools, patch], temperature: 0 };
      const first = await client().responses.create({ ...body, input: 'How much is it?' });
      expect(first.tools.map(({ type }) => type)).toEqual(['function', 'custom']);
      const [call] = first.output;
      if (call?.type !== 'function_call') throw new Error('No call came first.');
      const input: OpenAI.Responses.ResponseInput = [
        { role: 'user', content: 'How much is it?' },
        { type: 'item_reference', id: call.id ?? '' },
        { type: 'function_call_output', call_id: call.call_id, output: '5875' },
      ];
      expect((await client().responses.create({ ...body, input })).output_text).toBe('It is 5875.');
    });

    it('gives a kept response again, deletes it, and knows none that was not to be kept', async () => {
      const body = { model: world().tiny, input: 'What is a token?', ...greedy };
      const kept = await client().responses.create(body);
      expect((await client().responses.retrieve(kept.id)).output_text).toBe(kept.output_text);
      await client().responses.delete(kept.id);
      await expect(client().responses.retrieve(kept.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
      const gone = client().responses.create({ ...body, previous_response_id: kept.id });
      await expect(gone).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found', param: 'previous_response_id' });
      const unkept = await client().responses.create({ ...body, store: false });
      await expect(client().responses.retrieve(unkept.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    });

    it('leaves out the oldest messages when it is asked to, and says how many; else it says that they are too long', async () => {
      const input = [
        ...Array.from({ length: 40 }, (_, index) => [
          { role: 'user' as const, content: `${index} ${'word '.repeat(60)}` },
          { role: 'assistant' as const, content: 'Yes.' },
        ]).flat(),
        { role: 'user' as const, content: 'What is a token?' },
      ];
      const body = { model: world().tiny, input, ...greedy };
      await expect(client().responses.create(body)).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' });
      await expect(client().responses.create({ ...body, stream: true })).rejects.toBeInstanceOf(OpenAI.BadRequestError);
      const cut = await client().responses.create({ ...body, truncation: 'auto' });
      expect(cut.output_text).not.toBe('');
      expect(cut).toMatchObject({ truncation: 'auto', dropped_messages: expect.any(Number) });
      expect(Reflect.get(cut, 'dropped_messages')).toBeGreaterThan(0);
    });

    it('refuses what a hosted service alone can do, by its name', async () => {
      const wishes = [
        { background: true },
        { conversation: 'conv_1' },
        { prompt: { id: 'p' } },
        { input: [{ type: 'item_reference', id: 'x' }] },
        { tools: [{ type: 'web_search' }] },
        { tools, tool_choice: { type: 'custom', name: 'apply_patch' } },
      ];
      for (const wish of wishes) {
        const name = Object.keys(wish).at(-1);
        const refused = await client()
          .responses.create({ model: world().tiny, input: 'a', ...wish } as OpenAI.Responses.ResponseCreateParamsNonStreaming)
          .catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
        expect(Reflect.get(refused as object, 'param')).toMatch(new RegExp(`^${name}`));
      }
    });

    it('ends a streamed response by hanging up', async () => {
      const stream = client().responses.stream({ model: world().tireless, input: 'Go on.' });
      stream.on('response.output_text.delta', () => stream.abort());
      await expect(stream.finalResponse()).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    });
  });
}
