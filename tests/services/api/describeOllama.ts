import { Ollama, type ShowRequest } from 'ollama';
import { describe, expect, it } from 'vitest';
import { asked, type ClientWorld, calculator, question, yesOrNo } from './clientWorld.ts';

const options = { temperature: 0, num_predict: 24, seed: 1 };
const tools = [{ type: 'function', function: { ...calculator, parameters: JSON.parse(JSON.stringify(calculator.parameters)) } }];

/** Ollama's own client, unmodified, against the running API. */
export function describeOllama(worldOf: () => ClientWorld): void {
  describe("Ollama's own client", () => {
    const client = (): Ollama =>
      new Ollama({ host: worldOf().server.url.replace('/v1', ''), headers: { authorization: `Bearer ${worldOf().key}` } });

    it('lists the models, shows one, and sees which are loaded and until when', async () => {
      const { tiny, calling } = worldOf();
      const listed = (await client().list()).models.find(({ name }) => name === tiny);
      expect(listed).toMatchObject({ size: expect.any(Number), details: { family: 'llama', parameter_size: '1.2M' } });
      const shown = await client().show({ model: calling });
      expect(shown.capabilities).toEqual(['completion', 'tools']);
      expect(shown.template).toContain('messages');
      expect(shown.model_info).toMatchObject({ 'general.architecture': 'llama', 'llama.context_length': 4096 });
      await client().generate({ model: tiny, prompt: '', keep_alive: '10m' });
      const [loaded] = (await client().ps()).models.filter(({ name }) => name === tiny);
      expect(new Date(loaded?.expires_at ?? 0).getTime()).toBeGreaterThan(Date.now());
      expect(loaded?.size_vram).toBe(0);
    });

    it('finds an API that is new enough, and is told what is not done by it', async () => {
      const { version } = await client().version();
      expect(version.localeCompare('0.13.4', 'en', { numeric: true })).toBeGreaterThan(0);
      const changes = [
        () => client().delete({ model: 'x' }),
        () => client().create({ model: 'x', from: 'y' }),
        () => client().copy({ source: 'x', destination: 'y' }),
      ];
      for (const change of changes) {
        await expect(change()).rejects.toMatchObject({ status_code: 400, message: expect.stringContaining('in Rightsize itself') });
      }
      await expect(client().show({} as ShowRequest)).rejects.toMatchObject({ status_code: 422 });
    });

    it('chats whole and streamed, generates the same, and completes a raw prompt', async () => {
      const { tiny } = worldOf();
      const whole = await client().chat({ model: tiny, messages: question, options });
      let text = '';
      let end: unknown;
      for await (const part of await client().chat({ model: tiny, messages: question, options, stream: true })) {
        text += part.message.content;
        end = part;
      }
      expect(text).toBe(whole.message.content);
      expect(end).toMatchObject({ done: true, done_reason: whole.done_reason, eval_count: whole.eval_count, load_duration: 0 });
      expect((await client().generate({ model: tiny, prompt: 'What is a token?', options })).response).toBe(text);
      const raw = await client().generate({ model: tiny, prompt: 'What is a token?', raw: true, options: { ...options, top_k: -1 } });
      expect(raw.prompt_eval_count).toBeLessThan(whole.prompt_eval_count);
    });

    it('loads a model with an empty prompt, and unloads it with a keep-alive of nothing', async () => {
      const { tiny } = worldOf();
      const loaded = await client().generate({ model: tiny, prompt: '' });
      expect([loaded.done_reason, loaded.response]).toEqual(['load', '']);
      const gone = new Promise<void>((resolve) => {
        const stop = worldOf().services.models.subscribe((models) => {
          if (models.some(({ artifactId }) => artifactId === tiny)) return;
          // The first call comes while it is subscribed.
          queueMicrotask(() => stop());
          resolve();
        });
      });
      expect((await client().chat({ model: tiny, messages: [], keep_alive: 0 })).done_reason).toBe('unload');
      await gone;
      expect((await client().ps()).models.some(({ name }) => name === tiny)).toBe(false);
      const again = await client().chat({ model: tiny, messages: question, options });
      expect(again.load_duration).toBeGreaterThan(0);
    });

    it('gives a model that has less the context that is asked for, as far as it was trained for one, and takes none away', async () => {
      const { tiny, services } = worldOf();
      await services.models.load(tiny, { contextTokens: 256 });
      const contextOf = async (num_ctx: number): Promise<number | undefined> => {
        await client().generate({ model: tiny, prompt: 'a', options: { ...options, num_ctx, num_predict: 1 } });
        return services.models.loaded().find(({ artifactId }) => artifactId === tiny)?.contextTokens ?? undefined;
      };
      expect([await contextOf(512), await contextOf(4_000_000), await contextOf(300)]).toEqual([1024, 1024, 1024]);
      const wrong = client().generate({ model: tiny, prompt: 'a', options: { num_ctx: -1 } });
      await expect(wrong).rejects.toMatchObject({ status_code: 422 });
    });

    it('calls a tool and is told its answer, plain and streamed', async () => {
      const wish = { model: worldOf().calling, tools, options };
      const called = { function: { name: 'calculator', arguments: asked } };
      const first = await client().chat({ ...wish, messages: question });
      expect(first.message.tool_calls).toEqual([called]);
      const calls: unknown[] = [];
      for await (const part of await client().chat({ ...wish, messages: question, stream: true }))
        calls.push(...(part.message.tool_calls ?? []));
      expect(calls).toEqual([called]);
      const told = { role: 'tool', tool_name: 'calculator', content: '5875' };
      expect((await client().chat({ ...wish, messages: [...question, first.message, told] })).message.content).toBe('It is 5875.');
    });

    it('has an answer held to JSON or to a schema, and hears how likely each token was', async () => {
      const wish = { model: worldOf().tiny, messages: question, options: { ...options, num_predict: 200 } };
      const strict = await client().chat({ ...wish, format: yesOrNo });
      expect(Object.keys(JSON.parse(strict.message.content))).toEqual(['ok']);
      const sure = await client().chat({ ...wish, logprobs: true, top_logprobs: 2, options: { ...options, num_predict: 2 } });
      expect(sure.logprobs?.map(({ top_logprobs: top }) => top?.length)).toEqual([2, 2]);
      expect(sure.logprobs?.every(({ logprob }) => logprob <= 0)).toBe(true);
    });

    it('gets vectors of length 1, one a text, and texts that are too long are cut only where that may be', async () => {
      const { tiny } = worldOf();
      const long = 'word '.repeat(5000);
      const { embeddings, prompt_eval_count: tokens } = await client().embed({ model: tiny, input: ['one', long] });
      expect(embeddings.map((vector) => Math.hypot(...vector).toFixed(6))).toEqual(['1.000000', '1.000000']);
      expect(tokens).toBeLessThan(1100);
      await expect(client().embed({ model: tiny, input: long, truncate: false })).rejects.toMatchObject({ status_code: 400 });
      expect((await client().embed({ model: tiny, input: '' })).embeddings).toEqual([]);
      expect((await client().embeddings({ model: tiny, prompt: 'one' })).embedding).toHaveLength(embeddings[0]?.length ?? 0);
    });

    it('is told in its own words what is wrong, also before a stream has begun', async () => {
      const { tiny } = worldOf();
      await expect(client().show({ model: 'nobody' })).rejects.toThrow('does not exist');
      await expect(client().generate({ model: tiny, prompt: 'a', suffix: 'b' })).rejects.toMatchObject({ status_code: 400 });
      await expect(client().generate({ model: tiny, prompt: 'a', keep_alive: 'soon' })).rejects.toMatchObject({ status_code: 422 });
      await expect(client().generate({ model: tiny, prompt: 'a', options: { top_p: 7 } })).rejects.toMatchObject({ status_code: 422 });
      const long = client().chat({ model: tiny, messages: [{ role: 'user', content: 'word '.repeat(5000) }], stream: true });
      await expect(long).rejects.toMatchObject({ status_code: 400 });
      const images = ['iVBORw0KGgoAAAAA'];
      await expect(client().generate({ model: tiny, prompt: 'What is it?', images })).rejects.toThrow('cannot see images');
    });

    it('ends an answer by hanging up, and the next one is not kept waiting', async () => {
      const { tireless } = worldOf();
      const endless = await client().chat({ model: tireless, messages: question, stream: true, options: { num_predict: -1 } });
      const read = async (): Promise<void> => {
        for await (const _part of endless) endless.abort();
      };
      await expect(read()).rejects.toMatchObject({ name: 'AbortError' });
      const next = await client().chat({ model: tireless, messages: question, options: { num_predict: 2 } });
      expect(next.eval_count).toBe(2);
    });
  });
}
