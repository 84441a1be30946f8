import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ApiNeeds } from '#main/services/api/apiAnswer.ts';
import { createDialects } from '#main/services/api/apiApp.ts';
import { modelErrors } from '#shared/contract/models.ts';
import type { GenerateItem, GenerateRequest, GenerateResult } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

const result: GenerateResult = {
  text: 'Yes.',
  reasoning: null,
  finishReason: 'stop',
  usage: { promptTokens: 10, cachedTokens: 4, completionTokens: 5 },
  timings: { loadMs: null, ttftMs: 1, promptTokensPerSecond: null, generationTokensPerSecond: null, totalMs: 2 },
  promptMs: 1,
  interTokenMs: [],
  contextUsedTokens: 15,
  contextTokens: 100,
  droppedTurns: 0,
  seed: 1,
  promptSha256: '',
};
const tokens = (text: string, reasoning = ''): GenerateItem => ({
  kind: 'tokens',
  text,
  reasoning,
  completionTokens: 1,
  atMs: 1,
  tokensPerSecond: null,
});

/** The dialects before a model that answers what it is told to, and what it was asked. */
function apiBefore(
  answer: { readonly items?: readonly GenerateItem[]; readonly end?: Partial<GenerateResult> | Error; readonly until?: Promise<void> } = {},
) {
  const asked: GenerateRequest[] = [];
  const { items = [], end = {}, until } = answer;
  const generation = {
    async generate(request: GenerateRequest, { onItem }: { readonly onItem: (item: GenerateItem) => void }) {
      asked.push(request);
      await until;
      for (const item of items) onItem(item);
      if (end instanceof Error) throw end;
      return { ...result, ...end };
    },
  };
  const runner = { generation, explained: (error: unknown) => error, noteSpeed: () => undefined, release: () => undefined };
  const needs = {
    library: { list: () => [{ id: 'm', name: 'M', quant: null, repo: null, state: 'ready', addedAt: 0, publisher: null }] },
    models: { acquire: async () => runner, loaded: () => [] },
    now: () => 0,
  };
  // What a route does not touch is left out of the doubles.
  const app = createDialects(needs as unknown as ApiNeeds);
  const post = async (path: string, body: object): Promise<Response> =>
    await app.request(path, { method: 'POST', body: JSON.stringify({ model: 'm', ...body }) });
  const request = (body: string): Promise<Response> | Response => app.request('/v1/chat/completions', { method: 'POST', body });
  return {
    asked,
    post,
    request,
    chat: (body: object) => post('/v1/chat/completions', { messages: [{ role: 'user', content: 'Hello' }], ...body }),
  };
}

/** Data of a stream, parsed; `[DONE]` as it is. */
const eventsOf = async (response: Response): Promise<readonly unknown[]> =>
  (await response.text())
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => (line === 'data: [DONE]' ? '[DONE]' : (JSON.parse(line.slice(6)) as unknown)));

const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object', properties: {} } } });

describe('what a model is asked by chat completions', () => {
  it('is the sampling of the request, and what a chat has where it says nothing', async () => {
    const { asked, chat } = apiBefore();
    await chat({});
    await chat({
      temperature: 0,
      top_p: 1,
      presence_penalty: -2,
      frequency_penalty: 2,
      seed: -1,
      max_tokens: 7,
      max_completion_tokens: 9,
      stop: 'x',
    });
    await chat({ seed: 2 ** 32 + 5, logprobs: true, top_logprobs: 3, reasoning_effort: 'none' });
    expect(asked[0]).toMatchObject({
      sampling: { temperature: 0.7, topP: 0.9, seed: null, maxTokens: null, stop: [] },
      overflow: 'fail',
      schema: null,
    });
    expect(asked[0]).not.toHaveProperty('logprobs');
    expect(asked[1]?.sampling).toMatchObject({
      temperature: 0,
      topP: 1,
      presencePenalty: -2,
      frequencyPenalty: 2,
      seed: null,
      maxTokens: 9,
      stop: ['x'],
    });
    expect(asked[2]).toMatchObject({ sampling: { seed: 5 }, logprobs: 3, thinking: 'off' });
  });

  it.each([
    [undefined, {}],
    ['none', { thinking: 'off' }],
    ['minimal', { thinking: 'off' }],
    ['low', { thinking: 'on', thinkingTokens: 1024 }],
    ['medium', { thinking: 'on', thinkingTokens: 8192 }],
    ['high', { thinking: 'on' }],
  ])('is to think as an effort of %s says, in chat and in responses', async (effort, wish) => {
    const { asked, chat, post } = apiBefore();
    await chat({ reasoning_effort: effort });
    await post('/v1/responses', { input: 'Hello', reasoning: { effort } });
    for (const { thinking, thinkingTokens } of asked) expect({ thinking, thinkingTokens }).toEqual({ ...wish });
    expect(asked).toHaveLength(2);
  });

  it('is to think or not as the template is told to, whatever the effort', async () => {
    const { asked, chat } = apiBefore();
    await chat({ chat_template_kwargs: { enable_thinking: false }, reasoning_effort: 'high' });
    await chat({ chat_template_kwargs: { thinking: true, custom: 'x' } });
    await chat({ chat_template_kwargs: {} });
    expect(asked.map(({ thinking }) => thinking)).toEqual(['off', 'on', undefined]);
  });

  it('is the bias of each token, and none where none is named', async () => {
    const { asked, chat, post } = apiBefore();
    await chat({ logit_bias: { 5: -100, 17: 2.5 } });
    await post('/v1/completions', { prompt: 'a', logit_bias: {} });
    expect(asked[0]?.logitBias).toEqual([
      [5, -100],
      [17, 2.5],
    ]);
    expect(asked[1]).not.toHaveProperty('logitBias');
  });

  it('is a seed of its own for each of several answers, and a fresh one for each where none is named', async () => {
    const { asked, chat } = apiBefore();
    await chat({ n: 3, seed: 2 ** 32 - 2 });
    await chat({ n: 2 });
    expect(asked.map(({ sampling }) => sampling.seed)).toEqual([2 ** 32 - 2, 2 ** 32 - 1, 0, null, null]);
  });

  it('is a conversation with one system turn, images before words, and results named after their tools', async () => {
    const { asked, chat } = apiBefore();
    const url = 'data:image/png;base64,AAAA';
    const call = { id: 'c1', type: 'function', function: { name: 'times', arguments: '{"x":1}' } };
    await chat({
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look.' },
            { type: 'image_url', image_url: { url } },
            { type: 'text', text: 'Well?' },
          ],
        },
        { role: 'assistant', content: null, reasoning_content: 'Multiply.', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'c1', content: '1' },
      ],
    });
    expect(asked[0]?.turns).toEqual([
      { role: 'system', content: 'Be short.\n\nBe kind.' },
      { role: 'user', content: 'Look.\nWell?', images: [{ mediaType: 'image/png', data: 'AAAA' }] },
      { role: 'assistant', content: '', reasoning: 'Multiply.', toolCalls: [{ name: 'times', arguments: { x: 1 } }] },
      { role: 'tool', content: '1', toolName: 'times' },
    ]);
  });

  it.each([
    [undefined, ['a', 'b'], undefined],
    ['auto', ['a', 'b'], undefined],
    ['none', undefined, undefined],
    ['required', ['a', 'b'], 'required'],
    [{ type: 'function', function: { name: 'b' } }, ['a', 'b'], { name: 'b' }],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [tool('b')] } }, ['b'], 'required'],
  ])('are the tools that the choice %j leaves', async (choice, names, toolChoice) => {
    const { asked, chat } = apiBefore();
    expect((await chat({ tools: [tool('a'), tool('b')], tool_choice: choice })).status).toBe(200);
    expect(asked[0]?.tools?.map(({ name }) => name)).toEqual(names);
    expect(asked[0]?.toolChoice).toEqual(toolChoice);
  });

  it('is a schema however it is put, and any object where none is named', async () => {
    const { asked, chat } = apiBefore();
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } } };
    await chat({ response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } } });
    await chat({ response_format: { type: 'json_object', schema } });
    await chat({ response_format: { type: 'json_object' } });
    await chat({ response_format: { type: 'text' } });
    expect(asked.map((request) => request.schema)).toEqual([schema, schema, { type: 'object' }, null]);
  });
});

describe('what a model is asked by completions and responses', () => {
  it('is the prompt as it is, 16 tokens long where nothing is said', async () => {
    const { asked, post } = apiBefore();
    await post('/v1/completions', { prompt: ['a', 'b'], logprobs: 0 });
    expect(asked.map(({ raw, turns }) => [raw, turns])).toEqual([
      ['a', []],
      ['b', []],
    ]);
    expect(asked[0]).toMatchObject({ sampling: { maxTokens: 16 }, logprobs: 0 });
  });

  it('is the instructions before the input, and of an earlier response its conversation without its instructions', async () => {
    const { asked, post } = apiBefore();
    const first = (await (await post('/v1/responses', { input: 'One.', instructions: 'Be short.' })).json()) as { readonly id: string };
    await post('/v1/responses', { input: 'Two.', previous_response_id: first.id, truncation: 'auto', reasoning: { effort: 'high' } });
    expect(asked[0]?.turns).toEqual([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'One.' },
    ]);
    expect(asked[1]?.turns.map(({ content }) => content)).toEqual(['One.', 'Yes.', 'Two.']);
    expect(asked[1]).toMatchObject({ overflow: 'drop-oldest', thinking: 'on' });
  });
});

describe("an answer in OpenAI's words", () => {
  it('has its reasoning beside it, whole and streamed', async () => {
    const api = apiBefore({ items: [tokens('', 'Well'), tokens('', '.'), tokens('Yes.')], end: { reasoning: 'Well.' } });
    expect(await (await api.chat({})).json()).toMatchObject({ choices: [{ message: { content: 'Yes.', reasoning_content: 'Well.' } }] });
    const deltas = (await eventsOf(await api.chat({ stream: true }))).flatMap(
      (event) => (event as { choices?: { delta: object }[] }).choices ?? [],
    );
    expect(deltas.map(({ delta }) => delta)).toEqual([
      { role: 'assistant', content: '' },
      { reasoning_content: 'Well' },
      { reasoning_content: '.' },
      { content: 'Yes.' },
      {},
    ]);
  });

  it.each([
    ['stop', 'stop'],
    ['stop-sequence', 'stop'],
    ['length', 'length'],
    ['context-full', 'length'],
  ] as const)('that ended by %s says %s', async (finishReason, told) => {
    const { chat } = apiBefore({ end: { finishReason } });
    expect(await (await chat({})).json()).toMatchObject({ choices: [{ finish_reason: told }] });
  });

  it('has one call where the client takes no more at once, and says so in its end', async () => {
    const toolCalls = ['a', 'b'].map((name) => ({ name, arguments: {} }));
    const { chat } = apiBefore({ end: { text: '', toolCalls } });
    const told = (await (await chat({ tools: [tool('a'), tool('b')], parallel_tool_calls: false })).json()) as { choices: object[] };
    expect(told.choices).toMatchObject([
      { finish_reason: 'tool_calls', message: { content: null, tool_calls: [{ function: { name: 'a', arguments: '{}' } }] } },
    ]);
    expect(JSON.stringify(told)).not.toContain('"b"');
  });

  it('is text where it only began like a call', async () => {
    const items = [tokens('{"no'), tokens('t a call": 1}')];
    const { chat } = apiBefore({ items, end: { text: '{"not a call": 1}', toolCalls: [] } });
    const events = await eventsOf(await chat({ tools: [tool('a')], stream: true }));
    expect(JSON.stringify(events)).toContain('not a call');
  });

  it('counts its reasoning where it was counted, and says nothing of it where it was not', async () => {
    const counted = apiBefore({ end: { reasoning: 'Well.', reasoningTokens: 3 } });
    expect(await (await counted.chat({ n: 2 })).json()).toMatchObject({
      usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20, completion_tokens_details: { reasoning_tokens: 6 } },
    });
    const { usage } = (await (await apiBefore({ end: { reasoning: 'Well.' } }).chat({})).json()) as { readonly usage: object };
    expect(usage).toMatchObject({ completion_tokens_details: {} });
    expect(JSON.stringify(usage)).not.toContain('reasoning_tokens');
  });

  it('that breaks off after it began ends with the error, in chat and in responses', async () => {
    const api = apiBefore({ items: [tokens('Ye')], end: new RpcError(modelErrors.runnerCrashed, 'The model stopped.') });
    const chat = await eventsOf(await api.chat({ stream: true }));
    expect(chat.slice(-2)).toMatchObject([{ error: { message: 'The model stopped.', type: 'server_error' } }, '[DONE]']);
    const response = await eventsOf(await api.post('/v1/responses', { input: 'Hello', stream: true }));
    expect(response.at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { message: 'The model stopped.' } },
    });
  });
});

describe('a stream whose prompt takes long to read', () => {
  it('opens after ten seconds with a comment, and says in the stream what fails then', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const reading = Promise.withResolvers<void>();
    const api = apiBefore({ until: reading.promise, end: new RpcError(modelErrors.runnerCrashed, 'The model stopped.') });
    const asked = [api.chat({ stream: true }), api.post('/v1/responses', { input: 'Hello', stream: true })];
    await vi.waitFor(() => expect(api.asked).toHaveLength(2));
    await vi.advanceTimersByTimeAsync(10_000);
    const [chat, response] = await Promise.all(asked);
    reading.resolve();
    const said = (await chat?.text()) ?? '';
    expect([chat?.status, said.startsWith(': ping\n\n'), said.includes('The model stopped.')]).toEqual([200, true, true]);
    const types = (await eventsOf(response as Response)).map((event) => (event as { readonly type: string }).type);
    expect(types).toEqual(['response.created', 'response.in_progress', 'response.failed']);
  });

  it('has its real status where it fails before', async () => {
    const api = apiBefore({ end: new RpcError(modelErrors.contextFull, 'Too long.', { data: { promptTokens: 9, roomTokens: 5 } }) });
    const response = await api.chat({ stream: true });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('maximum context length is 5 tokens');
  });
});

describe('a body that is no JSON', () => {
  it('is refused without a word of it', async () => {
    const { request } = apiBefore();
    for (const body of ['{"messages": "my secret', 'my secret', '{"a": my secret}']) {
      const response = await request(body);
      expect(response.status).toBe(400);
      expect(await response.text()).not.toContain('secret');
    }
  });
});
