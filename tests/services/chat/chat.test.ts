import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { titleOf } from '#main/services/chat/conversationTitle.ts';
import type { Services } from '#main/services/createServices.ts';
import { type AnswerEvent, ChatTools, type ConversationChange, type Message } from '#shared/contract/chat.ts';
import { writeCallingModel } from '../../fixtures/gguf/callingModel.ts';
import { smallest } from '../library/libraryHarness.ts';
import { endless, greedy, importTireless, large, say, startServices, tiny } from '../servicesHarness.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { pngOf } from './chatHarness.ts';

const question = 'Is this positive or negative: I love this phone';

async function startChat(sampling = greedy) {
  const harness = await startServices();
  const { id } = harness.services.chat.create(sampling === endless ? await importTireless(harness.services) : tiny);
  harness.services.chat.update(id, { sampling });
  return { ...harness, chat: harness.services.chat, id };
}

/** A model that the library still takes for ready while its file is gone. */
async function vanishedModel(services: Services): Promise<string> {
  const path = join(temporaryFolder(), 'vanished.gguf');
  copyFileSync(smallest, path);
  const [artifact] = await services.library.importPath(path);
  rmSync(path);
  return artifact?.id ?? '';
}

/** Stops an answer once it has some text. */
function stopper(after = 2): { signal: AbortSignal; onEvent(event: AnswerEvent): void } {
  const controller = new AbortController();
  let deltas = 0;
  return {
    signal: controller.signal,
    onEvent(event) {
      if (event.kind === 'delta' && ++deltas === after) controller.abort();
    },
  };
}

describe('send', () => {
  test('streams the answer, and stores it with counts, times and what fills the context', async () => {
    const { services, chat, id } = await startChat();
    const { message, events } = await say(services, id, question);
    expect(events[0]).toMatchObject({
      kind: 'started',
      user: { role: 'user', text: question },
      assistant: { id: message.id, state: 'streaming' },
    });
    expect(events.flatMap((event) => (event.kind === 'delta' ? [event.text] : [])).join('')).toBe(message.text);
    expect(message).toMatchObject({
      role: 'assistant',
      state: 'complete',
      finishReason: 'stop',
      error: null,
      modelId: tiny,
      modelName: 'Starter 1M Instruct Q4_K_M',
      usage: { promptTokens: expect.any(Number), cachedTokens: 0, completionTokens: expect.any(Number) },
      timings: { loadMs: expect.any(Number), ttftMs: expect.any(Number), totalMs: expect.any(Number) },
      context: { usedTokens: expect.any(Number), totalTokens: 1024, droppedMessages: 0 },
    });
    expect(message.text.length).toBeGreaterThan(0);
    const { conversation, messages } = chat.open(id);
    expect(messages).toEqual([expect.objectContaining({ role: 'user', text: question, state: 'complete' }), message]);
    expect(conversation).toMatchObject({ title: question, modelId: tiny });
    expect(services.settings.read().lastModelId).toBe(tiny);
  });

  test('goes on with what was said before, and with the model that is loaded', async () => {
    const { services, chat, id } = await startChat();
    const first = await say(services, id, question);
    const second = await say(services, id, 'And this: I hate this phone');
    expect(second.message.usage?.promptTokens).toBeGreaterThan(first.message.usage?.promptTokens ?? 0);
    expect(second.message.usage?.cachedTokens).toBeGreaterThan(0);
    expect(second.message.timings?.loadMs).toBeNull();
    expect(chat.open(id).messages.map((message) => message.role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(chat.open(id).conversation.title).toBe(question);
  });

  test('adds a system turn only when there is a system prompt', async () => {
    const { services, chat } = await startChat();
    const promptTokens = async (systemPrompt: string) => {
      const { id } = chat.create(tiny);
      chat.update(id, { systemPrompt, sampling: greedy });
      return (await say(services, id, question)).message.usage?.promptTokens ?? 0;
    };
    const without = await promptTokens('');
    expect(await promptTokens('  \n')).toBe(without);
    expect(await promptTokens('You answer with one word.')).toBeGreaterThan(without + 5);
  });

  test('drops the oldest messages where the context is full, and says how many', async () => {
    const { services, chat, id } = await startChat({ ...greedy, maxTokens: 8 });
    await services.models.load(tiny, { contextTokens: 256 });
    let last: Message | undefined;
    for (let count = 0; count < 6; count++) last = (await say(services, id, `${question} ${'very '.repeat(40)}`)).message;
    expect(last).toMatchObject({ state: 'complete', context: { totalTokens: 256 } });
    expect(last?.context?.droppedMessages).toBeGreaterThan(0);
    expect(chat.open(id).messages).toHaveLength(12);
  });

  test('that is stopped keeps what was written, and the conversation goes on', async () => {
    const { services, chat, id } = await startChat(endless);
    const { message, events } = await say(services, id, 'Tell me something', stopper());
    expect(message).toMatchObject({ state: 'stopped', finishReason: 'cancelled', error: null });
    const told = events.flatMap((event) => (event.kind === 'delta' ? [event.text + event.reasoning] : [])).join('');
    expect(told.length).toBeGreaterThan(0);
    expect(`${message.reasoning ?? ''}${message.text}`.length).toBeGreaterThanOrEqual(told.length);
    expect(chat.open(id).messages.at(-1)).toEqual(message);
    chat.update(id, { sampling: greedy });
    expect((await say(services, id, question)).message.state).toBe('complete');
  });

  test('that is stopped while the model loads leaves an empty stopped answer and no runner', async () => {
    const { services, id } = await startChat();
    const controller = new AbortController();
    const { message } = await say(services, id, question, {
      signal: controller.signal,
      onEvent: (event) => event.kind === 'started' && controller.abort(),
    });
    expect(message).toMatchObject({ state: 'stopped', text: '', finishReason: 'cancelled' });
    expect(services.models.loaded()).toEqual([]);
  });

  test('ends in a failed message with code and hint when the runner dies, and the next one starts a fresh runner', async () => {
    const { services, chat, id, runners } = await startChat(endless);
    const { message } = await say(services, id, 'Tell me something', {
      onEvent: (event) => event.kind === 'delta' && runners[0]?.kill(),
    });
    expect(message).toMatchObject({ state: 'failed', finishReason: 'error', error: { code: 'runner-crashed', hint: expect.any(String) } });
    expect(message.text.length).toBeGreaterThan(0);
    expect(chat.open(id).messages.at(-1)).toEqual(message);
    chat.update(id, { sampling: greedy });
    expect((await say(services, id, question)).message).toMatchObject({ state: 'complete', timings: { loadMs: expect.any(Number) } });
  });

  test('is refused while the conversation is being answered', async () => {
    const { services, id } = await startChat(endless);
    const stop = stopper(1);
    let refused: Promise<unknown> | undefined;
    const { message } = await say(services, id, 'Tell me something', {
      signal: stop.signal,
      onEvent(event) {
        if (event.kind === 'delta') refused ??= say(services, id, 'And?').catch((error: unknown) => error);
        stop.onEvent(event);
      },
    });
    expect(await refused).toMatchObject({ code: 'conversation-busy', hint: expect.any(String) });
    expect(message.state).toBe('stopped');
  });

  test('is refused for unknown conversations and where no model is chosen, and stores nothing', async () => {
    const { services } = await startServices();
    await expect(say(services, 'none', question)).rejects.toMatchObject({ code: 'conversation-not-found' });
    const { id } = services.chat.create(null);
    await expect(say(services, id, question)).rejects.toMatchObject({ code: 'no-model-chosen', hint: expect.any(String) });
    expect(services.chat.open(id).messages).toEqual([]);
    expect(() => services.chat.create('none')).toThrow(expect.objectContaining({ code: 'model-not-found' }));
  });

  test('of two conversations with one model at once answers both', async () => {
    const { services, chat, id } = await startChat();
    const other = chat.create(tiny);
    chat.update(other.id, { sampling: greedy });
    const [one, two] = await Promise.all([say(services, id, question), say(services, other.id, question)]);
    expect([one.message.state, two.message.state]).toEqual(['complete', 'complete']);
    expect(two.message.text).toBe(one.message.text);
  });
});

describe('regenerate', () => {
  test('stands beside the answer that was there, and is shown in its place', async () => {
    const { services, chat, id } = await startChat();
    const { message: first } = await say(services, id, question);
    const events: AnswerEvent[] = [];
    const again = await chat.regenerate(
      id,
      { messageId: first.id },
      { signal: new AbortController().signal, emit: (event) => events.push(event) },
    );
    expect(again.id).not.toBe(first.id);
    expect(again.text).toBe(first.text);
    expect(events[0]).toMatchObject({ kind: 'started', user: null });
    const { messages } = chat.open(id);
    expect(messages.map((message) => message.id)).toEqual([messages[0]?.id, again.id]);
    expect(messages[1]).toMatchObject({ parentId: messages[0]?.id, siblingIds: [first.id, again.id] });
    expect(chat.choose(id, first.id).messages[1]).toMatchObject({ id: first.id, text: first.text, siblingIds: [first.id, again.id] });
  });

  test('gives the old answer back, with the reason, where no new one could be begun', async () => {
    const { services, chat, id } = await startChat();
    const { message: first } = await say(services, id, question);
    await services.models.unload(tiny);
    const before = chat.open(id).messages;
    chat.update(id, { modelId: await vanishedModel(services) });
    const options = { signal: new AbortController().signal, emit: () => undefined };
    await expect(chat.regenerate(id, { messageId: first.id }, options)).rejects.toMatchObject({
      code: 'file-missing',
      hint: expect.any(String),
    });
    expect(chat.open(id).messages).toEqual(before);
    await expect(chat.regenerate(id, { messageId: first.id }, { ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(chat.open(id).messages).toEqual(before);
  });

  test('of an earlier answer leaves what followed it where it is', async () => {
    const { services, chat, id } = await startChat();
    const { message: first } = await say(services, id, question);
    const { message: second } = await say(services, id, 'And now?');
    const options = { signal: new AbortController().signal, emit: () => undefined };
    const again = await chat.regenerate(id, { messageId: first.id }, options);
    expect(chat.open(id).messages.map((message) => message.id)).toEqual([first.parentId, again.id]);
    expect(chat.choose(id, first.id).messages.at(-1)?.id).toBe(second.id);
    await expect(chat.regenerate(id, { messageId: 'none' }, options)).rejects.toMatchObject({
      code: 'message-not-found',
      hint: expect.any(String),
    });
  });

  test('of an answer that failed without a word takes its place', async () => {
    const { services, chat, id } = await startChat();
    chat.update(id, { modelId: await vanishedModel(services) });
    const { message: failed } = await say(services, id, question);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'file-missing' } });
    chat.update(id, { modelId: tiny });
    const options = { signal: new AbortController().signal, emit: () => undefined };
    const again = await chat.regenerate(id, { messageId: failed.id }, options);
    expect(again).toMatchObject({ state: 'complete', siblingIds: [again.id] });
  });
});

describe('conversations', () => {
  test('are listed last touched first, changed, removed, and told to subscribers', async () => {
    const { services } = await startServices();
    const changes: ConversationChange[] = [];
    services.settings.update({ systemPrompt: 'Be brief.' });
    const one = services.chat.create(tiny);
    const unsubscribe = services.chat.subscribe((change) => changes.push(change));
    const two = services.chat.create(null);
    expect(one.systemPrompt).toBe('Be brief.');
    services.chat.update(one.id, { title: 'Mine', sampling: { ...greedy, temperature: 0.3 } });
    expect(services.chat.list().map((conversation) => conversation.id)).toEqual([one.id, two.id]);
    await services.chat.remove(two.id);
    unsubscribe();
    services.chat.update(one.id, { title: 'Quiet' });
    expect(changes.map((change) => change.kind)).toEqual(['snapshot', 'conversation', 'conversation', 'removed']);
    expect(() => services.chat.open(two.id)).toThrow(expect.objectContaining({ code: 'conversation-not-found' }));
    expect(services.chat.open(one.id).conversation).toMatchObject({ title: 'Quiet', modelId: tiny, sampling: { temperature: 0.3 } });
  });

  test('that are removed while they are answered stop first', async () => {
    const { services, chat, id } = await startChat(endless);
    let removed: Promise<void> | undefined;
    const { message } = await say(services, id, 'Tell me something', {
      onEvent(event) {
        if (event.kind === 'delta') removed ??= chat.remove(id);
      },
    });
    await removed;
    expect(message.state).toBe('stopped');
    expect(chat.list()).toEqual([]);
  });
});

describe('a model of this disk', () => {
  const question47 = 'What is 125 times 47?';

  async function startCalling() {
    const harness = await startServices();
    const [artifact] = await harness.services.library.importPath(writeCallingModel(join(temporaryFolder(), 'calling.gguf')));
    const { id, shape } = harness.services.chat.create(artifact?.id ?? '');
    harness.services.chat.update(id, { sampling: greedy, shape: { ...shape, tools: ChatTools.parse({ calculator: true }) } });
    return { ...harness, chat: harness.services.chat, id };
  }

  test('calls a tool, shows nothing of how it writes that, and is told again what came of it', async () => {
    const { services, chat, id } = await startCalling();
    const { message, events } = await say(services, id, question47);
    expect(message).toMatchObject({
      state: 'complete',
      text: 'It is 5875.',
      calls: [{ name: 'calculator', state: 'done', result: '5875', at: 0 }],
      context: { droppedMessages: 0 },
    });
    expect(events.flatMap((event) => (event.kind === 'delta' ? [event.text] : [])).join('')).toBe('It is 5875.');
    const used = await chat.context(id, '');
    expect(used).toMatchObject({ totalTokens: message.context?.totalTokens, droppedMessages: 0 });
    // What it wrote is counted as it is told again: with the call and its answer.
    expect(used.usedTokens).toBeGreaterThan(message.usage?.completionTokens ?? 0);
    expect((await chat.context(id, 'And twice that?')).usedTokens).toBeGreaterThan(used.usedTokens ?? 0);
  });

  test('goes on with an answer where it ended, and says of images, tools and thinking what it cannot', async () => {
    const { services, chat, id } = await startChat({ ...greedy, maxTokens: 3 });
    const { shape } = chat.open(id).conversation;
    chat.update(id, { shape: { ...shape, thinking: 'off' } });
    const { message: cut } = await say(services, id, "I'm at the station. What is the weather?");
    expect(cut).toMatchObject({ finishReason: 'length', notice: expect.stringContaining("Thinking can't be switched") });
    chat.update(id, { sampling: greedy });
    const whole = await chat.continue(id, { messageId: cut.id }, { signal: new AbortController().signal, emit: () => undefined });
    expect(whole).toMatchObject({ id: cut.id, state: 'complete', finishReason: 'stop' });
    expect(whole.text.startsWith(cut.text)).toBe(true);
    const again = chat.create(tiny);
    chat.update(again.id, { sampling: greedy });
    expect(whole.text).toBe((await say(services, again.id, "I'm at the station. What is the weather?")).message.text);

    const before = chat.open(id).messages;
    const attachments = [{ kind: 'image', name: 'a.png', mediaType: 'image/png', data: pngOf(3, 3).toString('base64') }] as const;
    await expect(
      chat.send(id, { text: 'Look', attachments }, { signal: new AbortController().signal, emit: () => undefined }),
    ).rejects.toMatchObject({
      code: 'images-unsupported',
      hint: expect.any(String),
    });
    expect(chat.open(id).messages).toEqual(before);
  });

  test('tells before it is asked how many messages would be left out', async () => {
    const { services, chat, id } = await startChat({ ...greedy, maxTokens: 8 });
    await services.models.load(tiny, { contextTokens: 256 });
    const long = `${question} ${'very '.repeat(40)}`;
    for (let count = 0; count < 3; count++) await say(services, id, long);
    const { droppedMessages } = await chat.context(id, long);
    expect(droppedMessages).toBeGreaterThan(0);
    expect((await say(services, id, long)).message.context?.droppedMessages).toBe(droppedMessages);
    const { shape } = chat.open(id).conversation;
    chat.update(id, { shape: { ...shape, overflow: 'fail' } });
    expect((await chat.context(id, long)).droppedMessages).toBe(0);
    expect((await say(services, id, long)).message).toMatchObject({
      state: 'failed',
      error: { code: 'context-full', next: { words: expect.stringMatching(/^Load with [\d,]+ context$/) } },
    });
  });
});

test('two conversations with two models at once answer both', async () => {
  const { services, chat, id } = await startChat();
  const other = chat.create(large);
  chat.update(other.id, { sampling: greedy });
  const answers = await Promise.all([say(services, id, question), say(services, other.id, 'What is 3 + 4?')]);
  expect(answers.map(({ message }) => message.state)).toEqual(['complete', 'complete']);
  expect(answers[1]?.message.text).toBe('7');
});

test.each([
  ['\n\n  What is   this?  \nmore', 'What is this?'],
  ['', 'New chat'],
  ['word '.repeat(30), `${'word '.repeat(12).trim()}…`],
  ['x'.repeat(100), `${'x'.repeat(60)}…`],
])('the title of %j is %j', (text, title) => {
  expect(titleOf(text)).toBe(title);
});
