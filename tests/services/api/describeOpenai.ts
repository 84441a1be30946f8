import OpenAI from 'openai';
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { asked, type ClientWorld, calculator, multiply, question, yesOrNo } from './clientWorld.ts';

/** The package `openai` against chat completions, completions, embeddings and models. */
export function describeOpenai(world: () => ClientWorld): void {
  const client = (apiKey = world().key): OpenAI => new OpenAI({ baseURL: world().server.url, apiKey, maxRetries: 0 });
  const greedy = { temperature: 0, seed: 1, max_tokens: 24 } as const;
  const tools = [{ type: 'function' as const, function: calculator }];

  describe("OpenAI's own client: chat", () => {
    it('lists the models and finds one by name, with its quant behind a colon too', async () => {
      const { tiny } = world();
      expect((await client().models.list()).data.map(({ id }) => id)).toContain(tiny);
      expect((await client().models.retrieve('starter-1m-instruct:q4_k_m')).id).toBe(tiny);
      const lost = await client()
        .models.retrieve('someone/something:q4')
        .catch((error: unknown) => error);
      expect(lost).toBeInstanceOf(OpenAI.NotFoundError);
      expect(lost).toMatchObject({ code: 'model_not_found', param: 'model', type: 'invalid_request_error' });
    });

    it('gets the same answer whole, in pieces and through its stream helper, with usage and a stop reason', async () => {
      const { tiny } = world();
      const whole = await client().chat.completions.create({ model: tiny, messages: question, ...greedy });
      const [choice] = whole.choices;
      expect(choice?.message.content).not.toBe('');
      expect(choice?.finish_reason).toBe('length');
      expect(whole.usage).toMatchObject({ completion_tokens: 24, total_tokens: 24 + (whole.usage?.prompt_tokens ?? 0) });
      const stream = await client().chat.completions.create({
        model: tiny,
        messages: question,
        ...greedy,
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = '';
      let usage: OpenAI.CompletionUsage | null | undefined;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        usage = chunk.usage ?? usage;
      }
      expect(text).toBe(choice?.message.content);
      expect(usage?.completion_tokens).toBe(24);
      const helped = client().chat.completions.stream({ model: tiny, messages: question, ...greedy });
      expect((await helped.finalChatCompletion()).choices[0]?.message.content).toBe(text);
    });

    it('ends an answer before a stop sequence, wherever it stands', async () => {
      const { tiny } = world();
      const whole =
        (await client().chat.completions.create({ model: tiny, messages: question, ...greedy })).choices[0]?.message.content ?? '';
      const stop = whole.slice(8, 12);
      const cut = await client().chat.completions.create({ model: tiny, messages: question, ...greedy, stop: [stop, '§§'] });
      expect(cut.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: whole.slice(0, whole.indexOf(stop)) } });
    });

    it('parses an answer that is held to the schema of a zod type', async () => {
      const { tiny } = world();
      const parsed = await client().chat.completions.parse({
        model: tiny,
        messages: question,
        temperature: 0,
        response_format: zodResponseFormat(z.object({ ok: z.boolean(), size: z.enum(['small', 'large']) }), 'verdict'),
      });
      expect(Object.keys(parsed.choices[0]?.message.parsed ?? {})).toEqual(['ok', 'size']);
      const any = await client().chat.completions.create({
        model: tiny,
        messages: question,
        temperature: 0,
        max_tokens: 60,
        response_format: { type: 'json_object' },
      });
      expect(any.choices[0]?.message.content).toMatch(/^\s*\{/);
    });

    it('runs a tool that was called and gets the answer, whole and streamed, and is shown nothing of the call as text', async () => {
      const parameters = z.object({ operation: z.string(), a: z.number(), b: z.number() });
      const run = zodFunction({ name: calculator.name, parameters, function: multiply });
      const body = { model: world().calling, messages: question, temperature: 0, tools: [run] };
      const whole = client().chat.completions.runTools(body);
      expect(await whole.finalContent()).toBe('It is 5875.');
      const streamed = client().chat.completions.runTools({ ...body, stream: true });
      let text = '';
      streamed.on('content', (piece) => {
        text += piece;
      });
      expect(await streamed.finalContent()).toBe('It is 5875.');
      expect(text).toBe('It is 5875.');
    });

    it('gets a call with its name first and its arguments after it, and none when no tool may be called', async () => {
      const body = { model: world().calling, messages: question, temperature: 0, tools };
      const stream = await client().chat.completions.create({ ...body, stream: true });
      const deltas: OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall[] = [];
      for await (const chunk of stream) deltas.push(...(chunk.choices[0]?.delta.tool_calls ?? []));
      expect(deltas[0]).toMatchObject({ index: 0, type: 'function', function: { name: 'calculator', arguments: '' } });
      expect(JSON.parse(deltas.map((delta) => delta.function?.arguments ?? '').join(''))).toEqual(asked);
      const none = await client().chat.completions.create({ ...body, tool_choice: 'none' });
      expect(none.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'I cannot know.' } });
    });

    it('gets the call it demands, of any tool and of a certain one', async () => {
      const offered = ['one', 'other'].map((name) => ({ type: 'function' as const, function: { name, parameters: yesOrNo } }));
      const body = { model: world().calling, messages: question, temperature: 0, max_tokens: 200, tools: offered };
      const any = await client().chat.completions.create({ ...body, tool_choice: 'required' });
      expect(any.choices[0]?.finish_reason).toBe('tool_calls');
      const named = await client().chat.completions.create({ ...body, tool_choice: { type: 'function', function: { name: 'other' } } });
      const [call] = named.choices[0]?.message.tool_calls ?? [];
      expect(call).toMatchObject({ type: 'function', function: { name: 'other' } });
    });

    it('is told how likely each token was, and what else might have come', async () => {
      const body = { model: world().tiny, messages: question, ...greedy, max_tokens: 3, logprobs: true, top_logprobs: 2 };
      const content = (await client().chat.completions.create(body)).choices[0]?.logprobs?.content ?? [];
      expect(content).toHaveLength(3);
      for (const token of content) {
        expect(token.logprob).toBeLessThanOrEqual(0);
        expect(token.top_logprobs).toHaveLength(2);
        expect(token.top_logprobs[0]?.token).toBe(token.token);
      }
      const streamed: string[] = [];
      for await (const chunk of await client().chat.completions.create({ ...body, stream: true })) {
        streamed.push(...(chunk.choices[0]?.logprobs?.content ?? []).map(({ token }) => token));
      }
      expect(streamed).toEqual(content.map(({ token }) => token));
    });

    it('is told in its own classes of a wrong key, a bad number, a context that is too long and what is not done', async () => {
      const { tiny } = world();
      const refusal = (wish: object): Promise<unknown> =>
        client()
          .chat.completions.create({ model: tiny, messages: question, ...wish, stream: false })
          .catch((error: unknown) => error);
      await expect(client('wrong').models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
      const bad = await refusal({ temperature: -1 });
      expect(bad).toBeInstanceOf(OpenAI.UnprocessableEntityError);
      expect(bad).toMatchObject({ param: 'temperature' });
      const long = await refusal({ messages: [{ role: 'user', content: 'word '.repeat(5000) }] });
      expect(long).toBeInstanceOf(OpenAI.BadRequestError);
      expect(long).toMatchObject({ code: 'context_length_exceeded', param: 'messages' });
      const messages = [{ role: 'user' as const, content: 'word '.repeat(5000) }];
      await expect(client().chat.completions.create({ model: tiny, messages, stream: true })).rejects.toMatchObject({
        status: 400,
        code: 'context_length_exceeded',
      });
      const notDone = [{ functions: [{ name: 'x' }] }, { modalities: ['audio'] }];
      for (const wish of notDone) {
        const refused = await refusal(wish);
        expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
        expect(refused).toMatchObject({ code: 'unsupported_parameter', param: Object.keys(wish)[0] });
      }
      const ignored = { n: 1, logit_bias: {}, user: 'me', store: true, metadata: { a: 'b' }, service_tier: 'auto', unheard_of: 1 };
      expect(await refusal({ ...ignored, max_tokens: 1 })).toMatchObject({ object: 'chat.completion' });
    });

    it('gets several answers side by side, each with a seed of its own, whole and streamed, and pays for its prompt once', async () => {
      const body = { model: world().tiny, messages: question, temperature: 3, top_p: 1, min_p: 0, seed: 7, max_tokens: 12 };
      const one = await client().chat.completions.create({ ...body, seed: 9 });
      const three = await client().chat.completions.create({ ...body, n: 3 });
      const texts = three.choices.map(({ message }) => message.content);
      expect(three.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
      expect(new Set(texts).size).toBe(3);
      expect(texts[2]).toBe(one.choices[0]?.message.content);
      expect(three.usage).toMatchObject({ prompt_tokens: one.usage?.prompt_tokens, completion_tokens: 36 });
      const streamed = client().chat.completions.stream({ ...body, n: 3, stream_options: { include_usage: true } });
      const told = await streamed.finalChatCompletion();
      expect(told.choices.map(({ message }) => message.content)).toEqual(texts);
      expect(told.usage).toMatchObject(three.usage ?? {});
    });

    it('gets several completions of each of several prompts, numbered one after the other', async () => {
      const body = { model: world().tiny, prompt: ['Two and', 'A token'], n: 2, seed: 3, max_tokens: 4 };
      const whole = await client().completions.create(body);
      expect(whole.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
      expect(whole.usage?.completion_tokens).toBe(16);
      const texts = ['', '', '', ''];
      for await (const { choices } of await client().completions.create({ ...body, stream: true }))
        for (const { index, text } of choices) texts[index] += text;
      expect(texts).toEqual(whole.choices.map(({ text }) => text));
    });

    it('shifts the likelihood of tokens, and is refused what is no token', async () => {
      const { tiny, services } = world();
      const runner = await services.models.acquire(tiny);
      const [token = 0] = (await runner.generation.tokenise('<')).slice(-1);
      runner.release();
      const body = { model: tiny, messages: question, ...greedy, max_tokens: 5 };
      const swayed = await client().chat.completions.create({ ...body, logit_bias: { [token]: 100 } });
      expect(swayed.choices[0]?.message.content).toBe('<<<<<');
      const lost = client().chat.completions.create({ ...body, logit_bias: { 9999999: 1 } });
      await expect(lost).rejects.toThrow(/9999999 is no token/);
    });

    it('has the reasoning closed after its budget, and is told how much of the answer it was', async () => {
      const body = { model: world().thinking, messages: question, temperature: 0 };
      const free = await client().chat.completions.create({ ...body, reasoning_effort: 'low' });
      expect(free.choices[0]?.message).toMatchObject({ content: 'The answer is seven.', reasoning_content: 'Let me see. Seven, then.' });
      expect(free.usage?.completion_tokens_details?.reasoning_tokens).toBe(4);
    });

    it('is refused an image by a model that cannot see, and an address whatever the model', async () => {
      const shown = (url: string): Promise<unknown> =>
        client()
          .chat.completions.create({
            model: world().tiny,
            messages: [
              {
                role: 'user',
                content: [
                  { type: 'text', text: 'What is it?' },
                  { type: 'image_url', image_url: { url } },
                ],
              },
            ],
          })
          .catch((error: unknown) => error);
      const pixel = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
      expect(await shown(pixel)).toMatchObject({ status: 400, code: 'images-unsupported' });
      expect(await shown('http://127.0.0.1:9/x.png')).toMatchObject({ status: 400, param: 'messages[0].content[1]' });
    });

    it('ends an answer by hanging up, streamed and not, and the next one is not kept waiting', async () => {
      const { tireless, tiny } = world();
      const stream = await client().chat.completions.create({ model: tireless, messages: question, temperature: 1.5, stream: true });
      for await (const _chunk of stream) stream.controller.abort();
      const leaving = new AbortController();
      const reached = world().nextCall();
      const whole = client().chat.completions.create({ model: tireless, messages: question }, { signal: leaving.signal });
      void reached.then(() => leaving.abort());
      await expect(whole).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
      const next = await client().chat.completions.create({ model: tireless, messages: question, ...greedy, max_tokens: 2 });
      expect(next.usage?.completion_tokens).toBe(2);
      expect((await client().chat.completions.create({ model: tiny, messages: question, max_tokens: 1 })).choices).toHaveLength(1);
    });
  });

  describe("OpenAI's own client: completions and embeddings", () => {
    it('goes on with prompts as they are, one choice each, whole and streamed, and repeats them when asked', async () => {
      const body = { model: world().tiny, temperature: 0, seed: 1, max_tokens: 5 };
      const prompt = ['Tokens are', 'A model is'];
      const whole = await client().completions.create({ ...body, prompt });
      expect(whole.choices.map(({ index }) => index)).toEqual([0, 1]);
      const texts = ['', ''];
      let usage: OpenAI.CompletionUsage | undefined;
      const stream = await client().completions.create({
        ...body,
        prompt,
        echo: true,
        stream: true,
        stream_options: { include_usage: true },
      });
      for await (const part of stream) {
        for (const { index, text } of part.choices) texts[index] += text;
        usage = part.usage ?? usage;
      }
      expect(texts).toEqual(whole.choices.map(({ text }, index) => `${prompt[index]}${text}`));
      expect(usage).toMatchObject({ completion_tokens: whole.usage?.completion_tokens });
      const short = await client().completions.create({ model: world().tireless, prompt: 'a', temperature: 0 });
      expect(short.usage?.completion_tokens).toBe(16);
    });

    it('tells likelihoods in the old shape', async () => {
      const { choices } = await client().completions.create({
        model: world().tiny,
        prompt: 'Tokens are',
        temperature: 0,
        max_tokens: 4,
        logprobs: 2,
      });
      const { tokens = [], token_logprobs = [], top_logprobs = [], text_offset } = choices[0]?.logprobs ?? {};
      expect(tokens.join('')).toBe(choices[0]?.text);
      expect(text_offset).toEqual(tokens.map((_, index) => tokens.slice(0, index).join('').length));
      expect(top_logprobs[0]?.[tokens[0] ?? '']).toBe(token_logprobs[0]);
    });

    it('refuses what completions cannot do here, by its name', async () => {
      const wishes = [{ suffix: 'x' }, { best_of: 2 }, { prompt: [1, 2] }, { echo: true, logprobs: 1 }];
      for (const wish of wishes) {
        const refused = client().completions.create({ model: world().tiny, prompt: 'a', ...wish } as OpenAI.CompletionCreateParams);
        await expect(refused).rejects.toMatchObject({ status: 400, code: 'unsupported_parameter', param: Object.keys(wish).at(-1) });
      }
    });

    it('gets vectors of length 1 in the order of its texts, the same as base64 and as numbers', async () => {
      const { tiny } = world();
      const packed = await client().embeddings.create({ model: tiny, input: ['a cat', 'a dog'] });
      expect(packed.data.map(({ index }) => index)).toEqual([0, 1]);
      const [cat] = (await client().embeddings.create({ model: tiny, input: 'a cat', encoding_format: 'float' })).data;
      const vector = packed.data[0]?.embedding ?? [];
      expect(vector).toHaveLength(256);
      expect([...vector]).toEqual(cat?.embedding.map((value) => Math.fround(value)));
      expect(vector.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 4);
      expect(packed.usage.prompt_tokens).toBeGreaterThan(0);
    });

    it('refuses tokens and another number of dimensions, and says which text is too long', async () => {
      const embed = (wish: object): Promise<unknown> => client().embeddings.create({ model: world().tiny, input: 'a', ...wish });
      await expect(embed({ input: [[1, 2]] })).rejects.toMatchObject({ status: 400, param: 'input' });
      await expect(embed({ dimensions: 64 })).rejects.toMatchObject({ status: 400, param: 'dimensions' });
      await expect(embed({ dimensions: 256 })).resolves.toBeDefined();
      await expect(embed({ input: 'word '.repeat(9000) })).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' });
      await expect(embed({ input: [] })).rejects.toMatchObject({ status: 422, param: 'input' });
    });
  });
}
