import { describe, expect, test } from 'vitest';
import { type AnswerShape, type ChatCall, ChatTools } from '#shared/contract/chat.ts';
import { json, streamed } from '../../fixtures/endpoint/chatServer.ts';
import { missingSandbox, sandboxThat } from '../tools/sandboxes.ts';
import { calling, listener, openChat, sentMessages, startConversation } from './chatHarness.ts';

const withTools = (tools: Partial<ChatTools>, more: Partial<AnswerShape> = {}): Partial<AnswerShape> => ({
  tools: ChatTools.parse(tools),
  ...more,
});
const python = calling('execute_python', { code: 'print(6 * 7)' }, 'Let me see.');
const printing = sandboxThat(async () => ({ stdout: '42\n' }));
const question = { text: 'Six times seven?' };

/** The whole of a call, each time it was told. */
const told = (events: ReturnType<typeof listener>['events']): string[] =>
  events.flatMap((event) => (event.kind === 'call' ? [`${event.call.name} ${event.call.state}`] : []));

/** Says the same of each call that waits. */
function deciding(chat: Awaited<ReturnType<typeof openChat>>['chat'], id: string, decision: 'once' | 'always' | 'refuse') {
  return listener((event) => {
    if (event.kind !== 'call' || event.call.state !== 'asking') return;
    const { call } = event;
    queueMicrotask(() => chat.decideCall(id, call.id, decision));
  });
}

describe('a call', () => {
  test('of the calculator is run at once, shown where it was made, and told again later', async () => {
    const harness = await openChat({
      plays: [calling('calculator', { operation: 'multiply', a: 6, b: 7 }, 'Let me see.'), streamed(['It is 42.']), streamed(['Yes'])],
    });
    const id = startConversation(harness, withTools({ calculator: true }));
    const { events, ...options } = listener();
    const answer = await harness.chat.send(id, question, options);
    expect(answer).toMatchObject({ state: 'complete', text: 'Let me see.\n\nIt is 42.', calls: [{ state: 'done', result: '42', at: 11 }] });
    expect(events.flatMap((event) => (event.kind === 'delta' ? [event.text] : [])).join('')).toBe(answer.text);
    expect(told(events)).toEqual(['calculator running', 'calculator done']);
    expect(harness.chat.open(id).messages[1]).toEqual(answer);
    await harness.chat.send(id, { text: 'Sure?' }, listener());
    const call = { id: 'call_0', type: 'function', function: { name: 'calculator', arguments: '{"operation":"multiply","a":6,"b":7}' } };
    expect(sentMessages(harness.server, 2)).toEqual([
      { role: 'user', content: question.text },
      { role: 'assistant', content: 'Let me see.', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_0', content: '42' },
      { role: 'assistant', content: 'It is 42.' },
      { role: 'user', content: 'Sure?' },
    ]);
  });

  test('of Python waits for a person, who allows it once', async () => {
    const harness = await openChat({ sandbox: printing, plays: [python, python, streamed(['42'])] });
    const id = startConversation(harness, withTools({ python: true }));
    const options = deciding(harness.chat, id, 'once');
    const answer = await harness.chat.send(id, question, options);
    expect(told(options.events)).toEqual(
      ['asking', 'running', 'done', 'asking', 'running', 'done'].map((state) => `execute_python ${state}`),
    );
    expect(answer).toMatchObject({ state: 'complete', calls: [{ result: '42' }, { result: '42' }] });
    expect(() => harness.chat.decideCall(id, answer.calls[0]?.id ?? '', 'once')).toThrow(
      expect.objectContaining({ code: 'message-not-found' }),
    );
  });

  test('that is always allowed is not asked about again', async () => {
    const harness = await openChat({ sandbox: printing, plays: [python, python, streamed(['42'])] });
    const id = startConversation(harness, withTools({ python: true }));
    const options = deciding(harness.chat, id, 'always');
    await harness.chat.send(id, question, options);
    expect(told(options.events).filter((state) => state.endsWith('asking'))).toHaveLength(1);
    expect(harness.chat.open(id).conversation.shape.tools.allowed).toEqual(['execute_python']);
  });

  test('that is refused is not run, and the model is told so', async () => {
    let runs = 0;
    const harness = await openChat({
      sandbox: sandboxThat(async () => {
        runs += 1;
        return {};
      }),
      plays: [python, streamed(['As you like.'])],
    });
    const id = startConversation(harness, withTools({ python: true }));
    const answer = await harness.chat.send(id, question, deciding(harness.chat, id, 'refuse'));
    expect(answer).toMatchObject({ state: 'complete', calls: [{ state: 'refused' }] });
    expect(sentMessages(harness.server, 1).at(-1)).toMatchObject({ role: 'tool', content: expect.stringContaining('did not allow') });
    expect(runs).toBe(0);
  });

  test('that waits while the answer is stopped is not run, and the words before it are kept', async () => {
    const harness = await openChat({ sandbox: printing, plays: [python] });
    const id = startConversation(harness, withTools({ python: true }));
    const controller = new AbortController();
    let asked: ChatCall | undefined;
    const options = listener((event) => {
      if (event.kind !== 'call') return;
      asked = event.call;
      queueMicrotask(() => controller.abort());
    }, controller.signal);
    const answer = await harness.chat.send(id, question, options);
    expect(asked?.state).toBe('asking');
    expect(answer).toMatchObject({ state: 'stopped', text: 'Let me see.', calls: [{ id: asked?.id, state: 'refused', result: null }] });
    expect(() => harness.chat.decideCall(id, asked?.id ?? '', 'once')).toThrow(expect.objectContaining({ code: 'message-not-found' }));
  });

  test('of http_get asks a named host after a person allowed it, and of any other host nobody is asked', async () => {
    const harness = await openChat({
      plays: [
        (response, asked) => calling('http_get', { url: `http://${asked.headers.host}/v1/models` })(response, asked),
        calling('http_get', { url: 'http://192.0.2.7/secret' }),
        streamed(['Two']),
      ],
    });
    const id = startConversation(harness, withTools({ fetch: true, fetchHosts: ['127.0.0.1'] }));
    const options = deciding(harness.chat, id, 'once');
    const answer = await harness.chat.send(id, question, options);
    expect(told(options.events)).toEqual(['asking', 'running', 'done', 'running', 'failed'].map((state) => `http_get ${state}`));
    expect(answer.calls.map(({ result }) => result)).toEqual([
      expect.stringContaining('200\n\n{"data"'),
      expect.stringContaining('192.0.2.7 is not among the hosts'),
    ]);
    expect(JSON.stringify(harness.server.asked[0]?.body.tools)).toContain('Only these hosts can be asked: 127.0.0.1.');
  });

  test('that never ends stops after ten turns', async () => {
    const harness = await openChat({ plays: [calling('calculator', { operation: 'add', a: 1, b: 1 })] });
    const id = startConversation(harness, withTools({ calculator: true }));
    const answer = await harness.chat.send(id, question, listener());
    expect(answer).toMatchObject({ state: 'complete', finishReason: 'limit' });
    expect(answer.calls).toHaveLength(10);
  });
});

test('tools that cannot be had are left out, and the answer says so', async () => {
  const harness = await openChat({ sandbox: missingSandbox, plays: [streamed(['Hello'])] });
  const id = startConversation(harness, withTools({ python: true, fetch: true }));
  const answer = await harness.chat.send(id, question, listener());
  expect(answer).toMatchObject({ state: 'complete', notice: expect.stringMatching(/There is no browser here\..*No host is allowed/) });
  expect(harness.server.asked[0]?.body.tools).toBeUndefined();
  expect(harness.chat.open(id).messages[1]?.notice).toBe(answer.notice);
});

test('nobody waits for a browser that starts, and a call says it where there is none', async () => {
  const starting = { ...missingSandbox, known: () => null, availability: () => new Promise<never>(() => undefined) };
  const harness = await openChat({ sandbox: starting, plays: [python, streamed(['I cannot.'])] });
  const id = startConversation(harness, withTools({ python: true, allowed: ['execute_python'] }));
  const answer = await harness.chat.send(id, question, listener());
  expect(answer).toMatchObject({ state: 'complete', calls: [{ state: 'failed', result: 'Error: There is no browser here.' }] });
});

test('a schema binds the last answer after the calls, and the draft before it is not shown', async () => {
  const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
  const harness = await openChat({
    plays: [calling('calculator', { operation: 'add', a: 1, b: 1 }), streamed(['It is two.']), streamed(['{"n":', '2}'])],
  });
  const id = startConversation(harness, withTools({ calculator: true }, { schema }));
  const answer = await harness.chat.send(id, question, listener());
  expect(answer.text).toBe('{"n":2}');
  expect(harness.server.asked.map(({ body }) => body.response_format !== undefined)).toEqual([false, false, true]);
});

test('a schema that no answer can be held to is refused before anything is asked', async () => {
  const harness = await openChat({ plays: [json({})] });
  const id = startConversation(harness);
  const { shape } = harness.chat.open(id).conversation;
  expect(() => harness.chat.update(id, { shape: { ...shape, schema: { allOf: [] } } })).toThrow(
    expect.objectContaining({ code: 'schema-invalid', hint: expect.any(String) }),
  );
  expect(harness.chat.open(id).conversation.shape.schema).toBeNull();
});
