import { type AIMessageChunk, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI, OpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { asked, type ClientWorld, calculator, multiply } from './clientWorld.ts';

/** LangChain.js with its package for OpenAI. */
export function describeLangchain(world: () => ClientWorld): void {
  const common = () => ({ apiKey: world().key, configuration: { baseURL: world().server.url }, maxRetries: 0 });
  const chat = (model: string, options: { readonly useResponsesApi?: boolean; readonly maxTokens?: number } = {}) =>
    new ChatOpenAI({ ...common(), model, temperature: 0, maxTokens: 24, ...options });
  const tools = [{ type: 'function' as const, function: calculator }];

  describe('LangChain', () => {
    it.each([false, true])('gets the same text whole and streamed, with usage (responses: %s)', async (useResponsesApi) => {
      const model = chat(world().tiny, { useResponsesApi });
      const whole = await model.invoke('What is a token?');
      let streamed: AIMessageChunk | null = null;
      for await (const chunk of await model.stream('What is a token?')) streamed = streamed === null ? chunk : streamed.concat(chunk);
      expect(streamed?.text).toBe(whole.text);
      expect(whole.text).not.toBe('');
      expect(streamed?.usage_metadata).toMatchObject({ output_tokens: 24 });
      expect(whole.usage_metadata).toMatchObject({ output_tokens: 24 });
    });

    it.each([false, true])('calls a bound tool and answers with its result (responses: %s)', async (useResponsesApi) => {
      const model = chat(world().calling, { useResponsesApi }).bindTools(tools);
      const question = new HumanMessage('How much is it?');
      const call = await model.invoke([question]);
      expect(call.tool_calls?.[0]).toMatchObject({ name: 'calculator', args: asked });
      const result = new ToolMessage({ content: multiply(asked), tool_call_id: call.tool_calls?.[0]?.id ?? '' });
      expect((await model.invoke([question, call, result])).text).toBe('It is 5875.');
    });

    it('goes on with a prompt through completions, whole and streamed', async () => {
      const model = new OpenAI({ ...common(), model: world().tiny, temperature: 0, maxTokens: 8 });
      const whole = await model.invoke('Tokens are');
      let streamed = '';
      for await (const piece of await model.stream('Tokens are')) streamed += piece;
      expect(whole).not.toBe('');
      expect(streamed).toBe(whole);
    });

    it('gets an object that is held to a schema, as JSON and as a demanded call', async () => {
      const schema = z.object({ ok: z.boolean() });
      const model = chat(world().tiny).withStructuredOutput(schema, { name: 'verdict', method: 'jsonSchema' });
      expect(await model.invoke('Is it?')).toHaveProperty('ok');
      const calling = chat(world().calling, { maxTokens: 200 }).withStructuredOutput(schema, {
        name: 'verdict',
        method: 'functionCalling',
      });
      expect(await calling.invoke('Is it?')).toHaveProperty('ok');
    });

    it('embeds documents and queries alike', async () => {
      const embeddings = new OpenAIEmbeddings({ ...common(), model: world().tiny });
      const [first, second] = await embeddings.embedDocuments(['a cat', 'a dog']);
      expect(await embeddings.embedQuery('a cat')).toEqual(first);
      expect(second).not.toEqual(first);
    });

    it('is told of a model that is not there, and knows a context that is too long', async () => {
      await expect(chat('nobody').invoke('a')).rejects.toMatchObject({ status: 404 });
      await expect(chat(world().tiny).invoke('word '.repeat(5000))).rejects.toMatchObject({ name: 'ContextOverflowError' });
    });

    it('ends an answer by hanging up', async () => {
      const leaving = new AbortController();
      const model = chat(world().tireless, { maxTokens: 60_000 });
      const answer = (async () => {
        for await (const _chunk of await model.stream('Go on.', { signal: leaving.signal })) leaving.abort();
      })();
      await expect(answer).rejects.toThrow();
      expect((await chat(world().tireless, { maxTokens: 2 }).invoke('a')).usage_metadata).toMatchObject({ output_tokens: 2 });
    });
  });
}
