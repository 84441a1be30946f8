import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { describe, expect, it } from 'vitest';
import { asked, type ClientWorld, calculator, multiply, question, yesOrNo } from './clientWorld.ts';

/** A greedy answer: the client's types know no temperature any more; the wire does. */
const greedy: object = { temperature: 0 };
const tools = [
  {
    name: calculator.name,
    description: calculator.description,
    input_schema: { ...calculator.parameters, required: [...calculator.parameters.required] },
  },
];

/** Anthropic's own client, unmodified, against the running API. */
export function describeAnthropic(worldOf: () => ClientWorld): void {
  describe("Anthropic's own client", () => {
    const client = (): Anthropic =>
      new Anthropic({ baseURL: worldOf().server.url.replace('/v1', ''), apiKey: worldOf().key, maxRetries: 0 });
    const textOf = (content: Anthropic.Message['content']): string =>
      content.map((block) => (block.type === 'text' ? block.text : '')).join('');

    it('gets the same message whole and streamed, each event in its place, and the tokens that count_tokens said', async () => {
      const { tiny } = worldOf();
      const wish = { model: tiny, max_tokens: 24, system: 'Be brief.', messages: question, ...greedy };
      const whole = await client().messages.create(wish);
      expect(textOf(whole.content)).not.toBe('');
      expect(whole).toMatchObject({ type: 'message', role: 'assistant', model: tiny, stop_sequence: null });
      const kinds: string[] = [];
      const stream = client().messages.stream(wish);
      stream.on('streamEvent', ({ type }) => kinds.push(type));
      const streamed = await stream.finalMessage();
      expect(textOf(streamed.content)).toBe(textOf(whole.content));
      expect([streamed.stop_reason, streamed.usage.output_tokens]).toEqual([whole.stop_reason, whole.usage.output_tokens]);
      expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual([
        'message_start',
        'content_block_start',
        'content_block_delta',
        'content_block_stop',
        'message_delta',
        'message_stop',
      ]);
      const { input_tokens: counted } = await client().messages.countTokens({ model: tiny, system: 'Be brief.', messages: question });
      expect(counted).toBe(whole.usage.input_tokens + (whole.usage.cache_read_input_tokens ?? 0));
    });

    it('lists the models and finds one by its name, or is told in its own words that there is none', async () => {
      const { tiny } = worldOf();
      const listed: Anthropic.ModelInfo[] = [];
      for await (const model of client().models.list({ limit: 1000 })) listed.push(model);
      const known = { type: 'model', display_name: expect.stringContaining('Starter 1M'), created_at: expect.stringMatching(/^20.*Z$/) };
      expect(listed.find(({ id }) => id === tiny)).toMatchObject(known);
      expect(await client().models.retrieve(tiny)).toMatchObject({ id: tiny, ...known });
      const lost = { type: 'error', error: { type: 'not_found_error', message: expect.stringContaining('nobody') } };
      await expect(client().models.retrieve('nobody')).rejects.toMatchObject({ status: 404, error: lost });
    });

    it('is told which stop sequence ended a message, and of one that was cut', async () => {
      const wish = { model: worldOf().calling, messages: question, ...greedy };
      const stopped = await client().messages.create({ ...wish, max_tokens: 24, stop_sequences: ['never', 'know'] });
      expect([stopped.stop_reason, stopped.stop_sequence, textOf(stopped.content)]).toEqual(['stop_sequence', 'know', 'I cannot ']);
      const cut = await client().messages.create({ ...wish, model: worldOf().tireless, max_tokens: 3 });
      expect([cut.stop_reason, cut.stop_sequence]).toEqual(['max_tokens', null]);
    });

    it('has the thinking closed after its budget, and is told what it took', async () => {
      const wish = { model: worldOf().thinking, max_tokens: 2048, messages: question, ...greedy };
      const budgetOf = (budget_tokens: number) => ({ ...wish, thinking: { type: 'enabled' as const, budget_tokens } });
      const [thought, answer] = (await client().messages.create(budgetOf(1024))).content;
      expect([thought, answer]).toMatchObject([{ thinking: 'Let me see. Seven, then.' }, { text: 'The answer is seven.' }]);
      const short = await client().messages.stream(budgetOf(2)).finalMessage();
      expect(short.content).toMatchObject([{ type: 'thinking', thinking: 'Let me see.' }, { text: 'The answer is seven.' }]);
      expect(short.usage.output_tokens_details).toEqual({ thinking_tokens: 4 });
    });

    it('goes on with what the message is said to begin with', async () => {
      const begun = [...question, { role: 'assistant' as const, content: 'A token' }];
      const whole = await client().messages.create({ model: worldOf().tiny, max_tokens: 24, messages: begun, ...greedy });
      expect(textOf(whole.content)).not.toMatch(/^A token/);
    });

    it('calls a tool and is told its answer, plain and streamed', async () => {
      const wish = { model: worldOf().calling, max_tokens: 64, tools, ...greedy };
      const first = await client().messages.create({ ...wish, messages: question });
      const [use] = first.content;
      expect(first.stop_reason).toBe('tool_use');
      expect(use).toMatchObject({ type: 'tool_use', name: 'calculator', input: asked });
      const streamed = await client()
        .messages.stream({ ...wish, messages: question })
        .finalMessage();
      expect(streamed.content).toMatchObject([{ type: 'tool_use', name: 'calculator', input: asked }]);
      if (use?.type !== 'tool_use') throw new Error('expected a call');
      const told = { type: 'tool_result' as const, tool_use_id: use.id, content: [{ type: 'text' as const, text: '5875' }] };
      const second = await client().messages.create({
        ...wish,
        messages: [...question, { role: 'assistant', content: first.content }, { role: 'user', content: [told] }],
      });
      expect([textOf(second.content), second.stop_reason]).toEqual(['It is 5875.', 'end_turn']);
    });

    it('runs a tool by its own helper, which sends only what is new, and sends all again where that was forgotten', async () => {
      const run = betaTool({ ...calculator, inputSchema: calculator.parameters, run: ({ a, b }) => multiply({ a, b }) });
      const wish = { model: worldOf().calling, max_tokens: 64, messages: question, tools: [run], ...greedy };
      const whole = await client().beta.messages.toolRunner(wish);
      expect(whole.content).toMatchObject([{ type: 'text', text: 'It is 5875.' }]);
      const kinds: string[] = [];
      for await (const turn of client().beta.messages.toolRunner({ ...wish, stream: true })) {
        for await (const { type } of turn) if (type === 'message_stop') kinds.push(type);
      }
      expect(kinds).toHaveLength(2);
      const lost = client().beta.messages.create({
        ...wish,
        tools: [],
        thread: { type: 'continue', previous_message_id: 'msg_gone' },
        stream: false,
      });
      await expect(lost).rejects.toBeInstanceOf(Anthropic.ThreadNotFoundError);
    });

    it('has a call forced, or forbidden', async () => {
      const clock = {
        name: 'clock',
        description: 'Tells the time.',
        input_schema: { type: 'object' as const, properties: { utc: { type: 'boolean' } } },
      };
      const wish = { model: worldOf().calling, max_tokens: 200, tools: [...tools, clock], messages: question, ...greedy };
      const forced = await client().messages.create({ ...wish, tool_choice: { type: 'tool', name: 'clock' } });
      expect(forced.content).toMatchObject([{ type: 'tool_use', name: 'clock', input: { utc: expect.any(Boolean) } }]);
      const any = await client().messages.create({ ...wish, tools: [clock], tool_choice: { type: 'any' } });
      expect(any.stop_reason).toBe('tool_use');
      const none = await client().messages.create({ ...wish, tool_choice: { type: 'none' } });
      expect([none.stop_reason, textOf(none.content)]).toEqual(['end_turn', 'I cannot know.']);
    });

    it('has a message held to a JSON Schema', async () => {
      const format = { type: 'json_schema' as const, schema: { ...yesOrNo } };
      const made = await client().messages.create({
        model: worldOf().tiny,
        max_tokens: 40,
        messages: question,
        output_config: { format },
        ...greedy,
      });
      expect(Object.keys(JSON.parse(textOf(made.content)))).toEqual(['ok']);
    });

    it('is told in its own words what is wrong, also before a stream has begun', async () => {
      const { messages } = client();
      const wish = { model: worldOf().tiny, max_tokens: 4, messages: question };
      await expect(messages.create({ ...wish, model: 'nobody' })).rejects.toBeInstanceOf(Anthropic.NotFoundError);
      await expect(messages.create({ ...wish, max_tokens: -1 })).rejects.toBeInstanceOf(Anthropic.UnprocessableEntityError);
      const long = [{ role: 'user' as const, content: 'word '.repeat(5000) }];
      for (const stream of [false, true]) {
        const refused = messages.create({ ...wish, messages: long, stream });
        const error = { type: 'invalid_request_error', message: expect.stringMatching(/^prompt is too long: \d+ tokens > \d+ maximum/) };
        await expect(refused).rejects.toMatchObject({ status: 400, error: { error }, requestID: expect.stringMatching(/^[\w-]{36}$/) });
      }
      const image = { type: 'image' as const, source: { type: 'base64' as const, media_type: 'image/png' as const, data: 'aGk=' } };
      const shown = messages.create({ ...wish, messages: [{ role: 'user', content: [image] }] });
      await expect(shown).rejects.toMatchObject({ status: 400, message: expect.stringContaining('cannot see images') });
      const called = { role: 'assistant' as const, content: [{ type: 'tool_use' as const, id: 'a', name: 'look', input: {} }] };
      const seen = { role: 'user' as const, content: [{ type: 'tool_result' as const, tool_use_id: 'a', content: [image] }] };
      const shownByTool = messages.create({ ...wish, messages: [...question, called, seen] });
      await expect(shownByTool).rejects.toMatchObject({ status: 400, message: expect.stringContaining('cannot see images') });
      const offered = messages.create({ ...wish, tools: [{ name: 'clock', input_schema: { type: 'object' } }] });
      await expect(offered).rejects.toMatchObject({ status: 400, message: expect.stringContaining('tells it of no tools') });
      const linked = { type: 'image' as const, source: { type: 'url' as const, url: 'http://127.0.0.1:1/x.png' } };
      const fetched = messages.create({ ...wish, messages: [{ role: 'user', content: [linked] }] });
      await expect(fetched).rejects.toMatchObject({ status: 400, message: expect.stringContaining('nothing is fetched') });
    });

    it('ends a message by hanging up, and the next one is not kept waiting', async () => {
      const stream = client().messages.stream({ model: worldOf().tireless, max_tokens: 100_000, messages: question });
      await new Promise<void>((resolve) => stream.once('text', () => resolve()));
      stream.abort();
      await expect(stream.done()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
      const next = await client().messages.create({ model: worldOf().tireless, max_tokens: 2, messages: question });
      expect(next.usage.output_tokens).toBe(2);
    });
  });
}
