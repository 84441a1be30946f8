import { describe, expect, it } from 'vitest';
import { chunk, counted, done, events, finish, json, startChatServer, streamed } from '../../fixtures/endpoint/chatServer.ts';
import { askAt, draftOf, openEndpoints, question } from './endpointHarness.ts';

const tool = {
  name: 'calculator',
  description: 'Computes.',
  parameters: { type: 'object', properties: { expression: { type: 'string' } } },
};

describe('an answer of an endpoint', () => {
  it('is streamed, counted by the server and timed here', async () => {
    const server = await startChatServer({ plays: [streamed(['The ', 'capital ', 'is ', 'Paris.'])] });
    const pieces: string[] = [];
    const answer = await askAt(openEndpoints(), server.url, { onText: (text) => pieces.push(text) });
    expect(answer).toMatchObject({
      text: 'The capital is Paris.',
      reasoning: null,
      finishReason: 'stop',
      usage: { promptTokens: 7, cachedTokens: 0, completionTokens: 4 },
      toolCalls: [],
      toolProblem: null,
    });
    expect(pieces.join('')).toBe('The capital is Paris.');
    expect(answer.timings.ttftMs).toBeGreaterThan(0);
    expect(answer.timings.ttfaMs).toBe(answer.timings.ttftMs);
    expect(answer.timings).toMatchObject({ loadMs: null, promptTokensPerSecond: null });
    expect(answer.interTokenMs).toHaveLength(3);
  });

  it('is asked for with what OpenAI’s API knows, and nothing else', async () => {
    const server = await startChatServer();
    const sampling = { temperature: 0.7, topP: 0.9, topK: 40, minP: 0.05, repeatPenalty: 1.1, seed: 5, maxTokens: 64, stop: ['END'] };
    const schema = { type: 'object', properties: { city: { type: 'string' } } };
    await askAt(openEndpoints(), server.url, { request: { sampling, schema, tools: [tool], thinking: 'off' } });
    expect(server.asked[0]?.body).toEqual({
      model: 'small',
      messages: [{ role: 'user', content: 'What is the capital of France?' }],
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.7,
      top_p: 0.9,
      seed: 5,
      max_tokens: 64,
      stop: ['END'],
      tools: [{ type: 'function', function: tool }],
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
      chat_template_kwargs: { enable_thinking: false },
    });
  });

  it('is asked for with penalties and forced calls', async () => {
    const server = await startChatServer({ plays: [streamed(['a']), streamed(['b'])] });
    const endpoints = openEndpoints();
    const sampling = { ...question().sampling, presencePenalty: 0.5, frequencyPenalty: -0.25 };
    await askAt(endpoints, server.url, { request: { sampling, tools: [tool], toolChoice: 'required' } });
    expect(server.asked[0]?.body).toMatchObject({ presence_penalty: 0.5, frequency_penalty: -0.25, tool_choice: 'required' });
    const off = { ...sampling, presencePenalty: null, frequencyPenalty: null };
    await askAt(endpoints, server.url, { request: { sampling: off, tools: [tool], toolChoice: { name: 'calculator' } } });
    expect(server.asked[1]?.body).toMatchObject({ tool_choice: { type: 'function', function: { name: 'calculator' } } });
    expect(server.asked[1]?.body).not.toHaveProperty('presence_penalty');
  });

  it('carries calls of tools that came in pieces, and answers of tools go back to their calls', async () => {
    const server = await startChatServer({
      plays: [
        events([
          chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'calculator', arguments: '' } }] }),
          chunk({ tool_calls: [{ index: 0, function: { arguments: '{"expression":' } }] }),
          chunk({ tool_calls: [{ index: 0, function: { arguments: '"2+2"}' } }] }),
          chunk({ tool_calls: [{ index: 1, id: 'b', function: { name: 'now', arguments: '' } }] }),
          finish('tool_calls'),
          done,
        ]),
      ],
    });
    const turns = [
      { role: 'user' as const, content: '2+2 and the time?' },
      {
        role: 'assistant' as const,
        content: '',
        toolCalls: [
          { name: 'calculator', arguments: { expression: '1' } },
          { name: 'now', arguments: {} },
        ],
      },
      { role: 'tool' as const, content: '1', toolName: 'calculator' },
      { role: 'tool' as const, content: 'noon', toolName: 'now' },
    ];
    const answer = await askAt(openEndpoints(), server.url, { request: { turns, tools: [tool] } });
    expect(answer.toolCalls).toEqual([
      { name: 'calculator', arguments: { expression: '2+2' } },
      { name: 'now', arguments: {} },
    ]);
    expect(answer).toMatchObject({ text: '', finishReason: 'stop', usage: null });
    const messages = server.asked[0]?.body['messages'] as { tool_calls?: { id: string }[]; tool_call_id?: string; content: unknown }[];
    expect(messages[1]?.content).toBeNull();
    expect(messages[1]?.tool_calls?.map(({ id }) => id)).toEqual([messages[2]?.tool_call_id, messages[3]?.tool_call_id]);
  });

  it('says of a call that cannot be read why, and leaves it out', async () => {
    const call = { index: 0, function: { name: 'calculator', arguments: '{"expression": 2+' } };
    const server = await startChatServer({ plays: [events([chunk({ tool_calls: [call] }), finish('tool_calls'), done])] });
    const answer = await askAt(openEndpoints(), server.url);
    expect(answer).toMatchObject({ toolCalls: [], toolProblem: 'The arguments of calculator are no JSON object.' });
  });

  it.each([
    ['in a field of its own', [chunk({ reasoning_content: 'Let me see.' }), chunk({ content: 'Paris' })]],
    ['in another field', [chunk({ reasoning: 'Let me see.' }), chunk({ content: 'Paris' })]],
    ['between marks in the text', ['<th', 'ink>\nLet me ', 'see.</thi', 'nk>\n\nPa', 'ris'].map((content) => chunk({ content }))],
  ])('has its reasoning apart where it comes %s', async (_, pieces) => {
    const server = await startChatServer({ plays: [events([...pieces, finish(), done])] });
    const answer = await askAt(openEndpoints(), server.url);
    expect(answer).toMatchObject({ text: 'Paris', reasoning: 'Let me see.' });
    expect(answer.timings.ttfaMs).toBeGreaterThanOrEqual(answer.timings.ttftMs ?? Number.NaN);
  });

  it('has unknown tokens where the server counts none, and no gaps between tokens where a piece holds several', async () => {
    const silent = await startChatServer({ plays: [streamed(['Pa', 'ris'], { usage: false })] });
    const harness = openEndpoints();
    expect(await askAt(harness, silent.url)).toMatchObject({
      text: 'Paris',
      usage: null,
      interTokenMs: [],
      timings: { generationTokensPerSecond: null },
    });
    const lumps = await startChatServer({
      plays: [events([chunk({ content: 'A' }), chunk({ content: 'B' }), finish(), counted(9, 40, 4), done])],
    });
    const answer = await askAt(harness, lumps.url);
    expect(answer).toMatchObject({ usage: { promptTokens: 9, cachedTokens: 4, completionTokens: 40 }, interTokenMs: [] });
  });

  it('is taken whole, without times of tokens, from a server that does not stream', async () => {
    const message = { role: 'assistant', content: 'Paris' };
    const usage = { prompt_tokens: 3, completion_tokens: 1 };
    const server = await startChatServer({ plays: [json({ choices: [{ index: 0, message, finish_reason: 'length' }], usage })] });
    expect(await askAt(openEndpoints(), server.url)).toMatchObject({
      text: 'Paris',
      finishReason: 'length',
      usage: { completionTokens: 1 },
      timings: { ttftMs: null, ttfaMs: null, generationTokensPerSecond: null },
      interTokenMs: [],
    });
  });

  it('survives half lines, other line ends, comments, cut characters and a last event without its blank line', async () => {
    const bytes = Buffer.from(
      `: ping\r\n\r\nevent: message\r\n${chunk({ content: 'Zürich' }).replace('\n\n', '\r\n\r\n')}${finish().trimEnd()}`,
    );
    const pieces = Array.from({ length: Math.ceil(bytes.length / 3) }, (_, at) => bytes.subarray(at * 3, at * 3 + 3));
    const server = await startChatServer({ plays: [events(pieces)] });
    expect(await askAt(openEndpoints(), server.url)).toMatchObject({ text: 'Zürich', finishReason: 'stop' });
  });

  it('is asked for in another way where the server knows only that, and from then on at once', async () => {
    const harness = openEndpoints();
    const server = await startChatServer({
      plays: [
        (response, asked) => {
          const isOld = 'max_tokens' in asked.body;
          if (isOld)
            json({ error: { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." } }, 400)(response, asked);
          else streamed(['Paris'])(response, asked);
        },
      ],
    });
    const { id } = await harness.endpoints.save(draftOf({ baseUrl: server.url }));
    const ask = async () =>
      await harness.endpoints.generate({ endpointId: id, model: 'small' }, question(), {
        signal: new AbortController().signal,
        retries: 0,
      });
    expect((await ask()).text).toBe('Paris');
    expect((await ask()).text).toBe('Paris');
    expect(server.asked.map(({ body }) => body['max_tokens'] ?? body['max_completion_tokens'])).toEqual([40, 40, 40]);
    expect(server.asked.map(({ body }) => 'max_tokens' in body)).toEqual([true, false, false]);
  });
});
