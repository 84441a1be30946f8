import { describe, expect, it } from 'vitest';
import { ApiError } from '#main/services/api/apiErrors.ts';
import { continueHistory, ResponseInput } from '#main/services/api/responsesInput.ts';
import { ResponseRequest } from '#main/services/api/responsesRequest.ts';
import { createResponseStore } from '#main/services/api/responsesStore.ts';
import { readResponseTools } from '#main/services/api/responsesTools.ts';
import { ResponseWriter } from '#main/services/api/responsesWriter.ts';
import type { GenerateResult } from '#shared/contract/runner.ts';

const noHistory = { turns: [], toolNames: new Map<string, string>() };
const result: GenerateResult = {
  text: 'Yes.',
  reasoning: 'Well.',
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

describe('the input of a response', () => {
  const read = (items: unknown) => continueHistory(noHistory, ResponseInput.parse(items)).turns;

  it('is one turn for the reasoning, words and calls of one answer, and names the tool of each output', () => {
    const turns = read([
      { role: 'user', content: 'How much?' },
      { type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'Multiply.' }] },
      { type: 'message', role: 'assistant', id: 'msg_1', content: [{ type: 'output_text', text: 'Let me see.', annotations: [] }] },
      { type: 'function_call', id: 'fc_1', call_id: 'a', name: 'times', arguments: '{"x":1}' },
      { type: 'function_call', id: 'fc_2', call_id: 'b', name: 'plus', arguments: '' },
      { type: 'function_call_output', call_id: 'b', output: [{ type: 'input_text', text: '2' }] },
      { type: 'function_call_output', call_id: 'lost', output: '3' },
    ]);
    const calls = [
      { name: 'times', arguments: { x: 1 } },
      { name: 'plus', arguments: {} },
    ];
    expect(turns).toEqual([
      { role: 'user', content: 'How much?' },
      { role: 'assistant', content: 'Let me see.', reasoning: 'Multiply.', toolCalls: calls },
      { role: 'tool', content: '2', toolName: 'plus' },
      { role: 'tool', content: '3' },
    ]);
  });

  it('is what a tool with plain input and a tool of a namespace were called with, and shows what tools gave to look at after all of their answers', () => {
    const shown = { type: 'input_image', image_url: 'data:image/png;base64,AAAA' };
    const turns = read([
      { type: 'custom_tool_call', id: 'ctc_1', call_id: 'a', name: 'apply_patch', input: '*** Begin' },
      { type: 'function_call', id: 'fc_1', call_id: 'b', name: 'look', namespace: 'mcp__eye', arguments: '{}' },
      { type: 'custom_tool_call_output', call_id: 'a', output: [{ type: 'input_text', text: 'Done' }, shown] },
      { type: 'function_call_output', call_id: 'b', output: 'Seen' },
      { role: 'user', content: 'Well?' },
    ]);
    const calls = [
      { name: 'apply_patch', arguments: { input: '*** Begin' } },
      { name: 'mcp__eye__look', arguments: {} },
    ];
    expect(turns).toEqual([
      { role: 'assistant', content: '', toolCalls: calls },
      { role: 'tool', content: 'Done', toolName: 'apply_patch' },
      { role: 'tool', content: 'Seen', toolName: 'mcp__eye__look' },
      { role: 'user', content: '', images: [{ mediaType: 'image/png', data: 'AAAA' }] },
      { role: 'user', content: 'Well?' },
    ]);
  });

  it('does not write into the turns it goes on from', () => {
    const before = { turns: [{ role: 'assistant' as const, content: 'Yes.' }], toolNames: new Map<string, string>() };
    const after = continueHistory(before, ResponseInput.parse([{ type: 'function_call', call_id: 'a', name: 'b', arguments: '{}' }]));
    expect(before.turns).toEqual([{ role: 'assistant', content: 'Yes.' }]);
    expect(after.turns).toHaveLength(2);
    expect(after.toolNames.get('a')).toBe('b');
  });

  it('is refused with the place of what cannot be read', () => {
    const refusal = (items: unknown): unknown => {
      try {
        return read(items);
      } catch (error) {
        return error instanceof ApiError ? error.problem : error;
      }
    };
    expect(refusal([{ type: 'web_search_call', id: 'x' }])).toMatchObject({ status: 400, field: 'input.0' });
    expect(refusal([{ role: 'user', content: [{ type: 'input_file', file_id: 'x' }] }])).toMatchObject({ field: 'input.0.content.0' });
    expect(refusal([{ role: 'user', content: [{ type: 'input_image', image_url: 'data:image/png;base64,?' }] }])).toMatchObject({
      status: 400,
    });
    expect(ResponseInput.safeParse([{ type: 'function_call', call_id: 'a', name: 'b', arguments: 5 }]).success).toBe(false);
  });

  it('takes an image with the words that follow it', () => {
    const content = [
      { type: 'input_image', image_url: 'data:image/PNG;base64,AAAA', detail: 'auto' },
      { type: 'input_text', text: 'What is it?' },
    ];
    expect(read([{ role: 'user', content }])).toEqual([
      { role: 'user', content: 'What is it?', images: [{ mediaType: 'image/png', data: 'AAAA' }] },
    ]);
  });
});

describe('a written response', () => {
  const request = ResponseRequest.parse({ model: 'm', input: 'a', parallel_tool_calls: false });
  const head = { id: 'resp_1', createdAt: 1, temperature: 0.7, topP: null };
  const write = (given: GenerateResult) => {
    const events: { readonly type: string; readonly output_index?: number }[] = [];
    const writer = new ResponseWriter(request, head, (type, data) => events.push({ type, ...data }));
    writer.begin();
    writer.write({ text: '', reasoning: given.reasoning ?? '' });
    writer.write({ text: given.text, reasoning: '' });
    return { events, ...writer.finish(given) };
  };

  it('tells reasoning as an item before the answer, each added and done at its own place', () => {
    const { events, response } = write(result);
    expect(response.output).toMatchObject([
      { type: 'reasoning', status: 'completed', content: [{ type: 'reasoning_text', text: 'Well.' }] },
      { type: 'message', status: 'completed', content: [{ type: 'output_text', text: 'Yes.' }] },
    ]);
    const places = events
      .filter(({ type }) => /output_item/.test(type))
      .map(({ type, output_index }) => [type.split('.').at(-1), output_index]);
    expect(places).toEqual([
      ['added', 0],
      ['done', 0],
      ['added', 1],
      ['done', 1],
    ]);
    expect(response).toMatchObject({ status: 'completed', usage: { output_tokens: 5, output_tokens_details: {} } });
  });

  it('hands on one call where a client takes no more at once', () => {
    const call = { name: 'times', arguments: { x: 1 } };
    const { response, calls } = write({ ...result, text: '', reasoning: null, toolCalls: [call, call] });
    expect(response.output).toMatchObject([{ type: 'function_call', name: 'times', arguments: '{"x":1}' }]);
    expect([...calls.values()]).toEqual([call]);
  });

  it('tells each call in the form of its tool: plain input, a namespace, or arguments', () => {
    const own = [
      { type: 'function', name: 'look', parameters: { type: 'object' } },
      { type: 'custom', name: 'apply_patch', format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' } },
    ];
    const mixed = ResponseRequest.parse({
      model: 'm',
      input: 'a',
      tools: [...own, { type: 'web_search' }, { type: 'namespace', name: 'mcp__eye__', description: '', tools: own }],
    });
    const told: object[] = [];
    const writer = new ResponseWriter(mixed, head, (_type, data) => told.push(data));
    writer.begin();
    const names = ['look', 'apply_patch', 'mcp__eye__look', 'mcp__eye__apply_patch'];
    const { response } = writer.finish({
      ...result,
      text: '',
      reasoning: null,
      toolCalls: names.map((name) => ({ name, arguments: name.endsWith('patch') ? { input: '*** Begin' } : { x: 1 } })),
    });
    expect(response.output).toMatchObject([
      { type: 'function_call', name: 'look', arguments: '{"x":1}' },
      { type: 'custom_tool_call', name: 'apply_patch', input: '*** Begin' },
      { type: 'function_call', name: 'look', namespace: 'mcp__eye__', arguments: '{"x":1}' },
      { type: 'custom_tool_call', name: 'apply_patch', namespace: 'mcp__eye__', input: '*** Begin' },
    ]);
    expect(response.tools).toMatchObject([{ name: 'look' }, { name: 'apply_patch' }, { name: 'mcp__eye__' }]);
    expect(told).toContainEqual(expect.objectContaining({ type: 'response.custom_tool_call_input.done', input: '*** Begin' }));
    const { offered } = readResponseTools(mixed.tools ?? []);
    expect(offered.map(({ name }) => name)).toEqual(names);
    expect(offered[1]).toMatchObject({ description: expect.stringContaining('start: "x"'), parameters: { required: ['input'] } });
  });

  it('ends with what was written where it fails on the way', () => {
    const events: object[] = [];
    const writer = new ResponseWriter(request, head, (_type, data) => events.push(data));
    writer.begin();
    writer.write({ text: 'Ye', reasoning: '' });
    writer.fail({ status: 500, code: 'runner-crashed', message: 'It stopped.', field: null });
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { message: 'It stopped.' }, output: [{ status: 'incomplete', content: [{ text: 'Ye' }] }] },
    });
  });
});

describe('kept responses', () => {
  const kept = (id: string, content = 'a') => ({
    response: { id, output: [] },
    history: { turns: [{ role: 'user' as const, content }], toolNames: new Map<string, string>() },
  });

  it('are forgotten after an hour', () => {
    let now = 0;
    const store = createResponseStore(() => now);
    store.keep(kept('one'));
    now = 60 * 60_000 - 1;
    expect(store.find('one')).not.toBeNull();
    now += 1;
    expect(store.find('one')).toBeNull();
  });

  it('are 256 at most, and 32 million characters together: the oldest go first', () => {
    const store = createResponseStore(() => 0);
    for (let count = 0; count < 257; count += 1) store.keep(kept(`${count}`));
    expect([store.find('0'), store.find('1') === null, store.find('256') === null]).toEqual([null, false, false]);
    store.keep(kept('long', 'x'.repeat(20 * 2 ** 20)));
    store.keep(kept('longer', 'x'.repeat(20 * 2 ** 20)));
    expect([store.find('long') === null, store.find('longer') === null]).toEqual([true, false]);
    expect([store.forget('longer'), store.forget('longer')]).toEqual([true, false]);
  });
});
