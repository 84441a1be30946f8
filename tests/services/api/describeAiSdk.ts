import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embed, embedMany, generateObject, generateText, isStepCount, jsonSchema, Output, streamText, tool } from 'ai';
import { describe, expect, it } from 'vitest';
import { asked, type ClientWorld, calculator, multiply, yesOrNo } from './clientWorld.ts';

/** The package `ai` with its OpenAI-compatible provider. */
export function describeAiSdk(world: () => ClientWorld): void {
  const provider = () =>
    createOpenAICompatible({
      name: 'rightsize',
      baseURL: world().server.url,
      apiKey: world().key,
      includeUsage: true,
      supportsStructuredOutputs: true,
    });
  const tiny = () => provider()(world().tiny);
  const greedy = { temperature: 0, seed: 1, maxOutputTokens: 24, maxRetries: 0, prompt: 'What is a token?' } as const;
  const calculate = tool({
    description: calculator.description,
    inputSchema: jsonSchema<typeof asked>(calculator.parameters),
    execute: async (input) => multiply(input),
  });

  describe('the AI SDK with its OpenAI-compatible provider', () => {
    it('gets the same text whole and streamed, with usage and why it ended', async () => {
      const whole = await generateText({ model: tiny(), ...greedy });
      const streamed = streamText({ model: tiny(), ...greedy });
      let text = '';
      for await (const piece of streamed.textStream) text += piece;
      expect(text).toBe(whole.text);
      expect(whole.finishReason).toBe('length');
      expect(await streamed.finishReason).toBe('length');
      expect((await streamed.usage).outputTokens).toBe(24);
    });

    it('goes on with a prompt through completions, whole and streamed', async () => {
      const model = provider().completionModel(world().tiny);
      const whole = await generateText({ ...greedy, model });
      expect(whole.text).not.toBe('');
      expect(await streamText({ ...greedy, model }).text).toBe(whole.text);
    });

    it('gets an object that is held to a schema, by both of its ways', async () => {
      const schema = jsonSchema<{ ok: boolean }>(yesOrNo);
      const { maxOutputTokens: _, ...rest } = greedy;
      expect((await generateText({ model: tiny(), ...rest, output: Output.object({ schema }) })).output).toHaveProperty('ok');
      expect((await generateObject({ model: tiny(), ...rest, schema })).object).toHaveProperty('ok');
    });

    it('calls a tool, hands the result on and gets the answer, whole and streamed', async () => {
      const body = { ...greedy, model: provider()(world().calling), tools: { calculator: calculate }, stopWhen: isStepCount(3) };
      const whole = await generateText(body);
      expect(whole.text).toBe('It is 5875.');
      expect(whole.steps[0]?.toolCalls[0]?.input).toEqual(asked);
      expect(whole.steps[0]?.text).toBe('');
      const streamed = streamText(body);
      expect(await streamed.text).toBe('It is 5875.');
    });

    it('embeds one text and several', async () => {
      const model = provider().embeddingModel(world().tiny);
      const one = await embed({ model, value: 'a cat', maxRetries: 0 });
      const many = await embedMany({ model, values: ['a dog', 'a cat'], maxRetries: 0 });
      expect(many.embeddings[1]).toEqual(one.embedding);
    });

    it('is told of a model that is not there, and of a context that is too long before a stream begins', async () => {
      const lost = generateText({ ...greedy, model: provider()('nobody') });
      await expect(lost).rejects.toSatisfy((error) => APICallError.isInstance(error) && error.statusCode === 404);
      const errors: unknown[] = [];
      const stream = streamText({
        ...greedy,
        model: tiny(),
        prompt: 'word '.repeat(5000),
        onError: ({ error }) => void errors.push(error),
      });
      await stream.consumeStream();
      expect(errors).toSatisfy(([error]) => APICallError.isInstance(error) && error.statusCode === 400);
    });

    it('ends an answer by hanging up', async () => {
      const leaving = new AbortController();
      const { maxOutputTokens: _, ...rest } = greedy;
      const parts: string[] = [];
      const stream = streamText({ ...rest, model: provider()(world().tireless), abortSignal: leaving.signal });
      for await (const part of stream.fullStream) {
        parts.push(part.type);
        if (part.type === 'text-delta') leaving.abort();
      }
      expect(parts.at(-1)).toBe('abort');
      expect((await generateText({ ...greedy, model: provider()(world().tireless), maxOutputTokens: 2 })).usage.outputTokens).toBe(2);
    });
  });
}
