import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConversationChange } from '#shared/contract/chat.ts';
import { events, refused, streamed } from '../../fixtures/endpoint/chatServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { ask, listener, openChat, sentMessages, startConversation } from './chatHarness.ts';

const texts = (messages: readonly { readonly text: string }[]): string[] => messages.map(({ text }) => text);

describe('a question', () => {
  test('that is edited stands beside the old one, with an answer of its own, and either is shown again', async () => {
    const harness = await openChat({ plays: [streamed(['Paris']), streamed(['Rome'])] });
    const { chat, server } = harness;
    const id = startConversation(harness);
    const first = await ask(chat, id, 'Capital of France?');
    const { events: told, ...options } = listener();
    const second = await chat.edit(id, { messageId: first.parentId ?? '', text: 'Capital of Italy?' }, options);
    expect(told[0]).toMatchObject({ kind: 'started', user: { text: 'Capital of Italy?', parentId: null }, assistant: { id: second.id } });
    expect(sentMessages(server, 1)).toEqual([{ role: 'user', content: 'Capital of Italy?' }]);
    const shown = chat.open(id).messages;
    expect(texts(shown)).toEqual(['Capital of Italy?', 'Rome']);
    expect(shown[0]?.siblingIds).toEqual([first.parentId, shown[0]?.id]);
    expect(texts(chat.choose(id, first.parentId ?? '').messages)).toEqual(['Capital of France?', 'Paris']);
    expect(texts(chat.open(id).messages)).toEqual(['Capital of France?', 'Paris']);
  });

  test('without an answer gets one', async () => {
    const harness = await openChat({ plays: [streamed(['Paris'])] });
    const id = startConversation(harness);
    const answer = await ask(harness.chat, id, 'Capital of France?');
    harness.chat.removeMessage(id, answer.id);
    expect(texts(harness.chat.open(id).messages)).toEqual(['Capital of France?']);
    await harness.chat.regenerate(id, { messageId: answer.parentId ?? '' }, listener());
    expect(texts(harness.chat.open(id).messages)).toEqual(['Capital of France?', 'Paris']);
  });

  test('that was never answered is told together with the next one', async () => {
    const harness = await openChat({ plays: [refused(400, 'no'), streamed(['Yes'])] });
    const id = startConversation(harness);
    expect(await ask(harness.chat, id, 'One')).toMatchObject({ state: 'failed', error: { code: 'endpoint-refused' } });
    await ask(harness.chat, id, 'Two');
    expect(sentMessages(harness.server, 1)).toEqual([{ role: 'user', content: 'One\n\nTwo' }]);
  });
});

describe('an answer', () => {
  test('behind an endpoint names its model, counts only what its server counts, and says nothing of the context', async () => {
    const harness = await openChat({ plays: [streamed(['<think>Hm', 'm</think>', 'Paris'], { usage: false })] });
    const id = startConversation(harness);
    const answer = await ask(harness.chat, id, 'Capital of France?');
    expect(answer).toMatchObject({
      state: 'complete',
      text: 'Paris',
      reasoning: 'Hmm',
      usage: null,
      context: null,
      modelId: harness.modelId,
      modelName: 'small (Lab)',
    });
    expect(harness.lastModelId()).toBe(harness.modelId);
    expect(await harness.chat.context(id, '')).toEqual({ usedTokens: null, totalTokens: null, droppedMessages: 0 });
  });

  test.each([
    ['<thinking>Hm</thinking>Paris', 'Hm', 'Paris'],
    ['[THINK]Hm[/THINK]\n\nParis', 'Hm', 'Paris'],
    ['Hm, France.\n</think>\n\nParis', 'Hm, France.', 'Paris'],
    ['The tag </think> ends a thought.', null, 'The tag </think> ends a thought.'],
  ])('whose thoughts are marked in its text (%j) has them apart', async (said, reasoning, text) => {
    const harness = await openChat({ plays: [streamed(said.split(/(?<=[ >\]])/))] });
    const id = startConversation(harness);
    const answer = await ask(harness.chat, id, 'Capital of France?');
    expect(answer).toMatchObject({ reasoning, text });
    expect(harness.chat.open(id).messages[1]).toEqual(answer);
  });

  test('goes on where it ended, in the same message', async () => {
    const harness = await openChat({ plays: [streamed(['One, two'], { reason: 'length' }), streamed([', three', ', four'])] });
    const id = startConversation(harness);
    const cut = await ask(harness.chat, id, 'Count');
    const { events: told, ...options } = listener();
    const whole = await harness.chat.continue(id, { messageId: cut.id }, options);
    expect(whole).toMatchObject({ id: cut.id, text: 'One, two, three, four', finishReason: 'stop', usage: { completionTokens: 3 } });
    expect(told.flatMap((event) => (event.kind === 'delta' ? [event.text] : [])).join('')).toBe(', three, four');
    expect(sentMessages(harness.server, 1).at(-1)).toEqual({ role: 'assistant', content: 'One, two' });
    expect(harness.chat.open(id).messages).toHaveLength(2);
    await expect(harness.chat.continue(id, { messageId: cut.parentId ?? '' }, options)).rejects.toMatchObject({
      code: 'message-not-found',
    });
  });

  test('that could not go on stays as it was', async () => {
    const harness = await openChat({ plays: [streamed(['One, two']), refused(400, 'no')] });
    const id = startConversation(harness);
    const before = await ask(harness.chat, id, 'Count');
    await expect(harness.chat.continue(id, { messageId: before.id }, listener())).rejects.toMatchObject({ code: 'endpoint-refused' });
    expect(harness.chat.open(id).messages[1]).toEqual(before);
  });

  test('that is edited stands beside what the model said, and is what it is told later', async () => {
    const harness = await openChat({ plays: [streamed(['Paris']), streamed(['Yes'])] });
    const id = startConversation(harness);
    const answer = await ask(harness.chat, id, 'Capital of France?');
    const { messages } = harness.chat.editAnswer(id, { messageId: answer.id, text: 'Lyon' });
    expect(messages[1]).toMatchObject({ text: 'Lyon', isEdited: true, usage: null, timings: null, modelName: answer.modelName });
    expect(messages[1]?.siblingIds).toEqual([answer.id, messages[1]?.id]);
    await ask(harness.chat, id, 'Sure?');
    expect(sentMessages(harness.server, 1)[1]).toEqual({ role: 'assistant', content: 'Lyon' });
  });

  test('that begins when another is stopped without a word gives the old one back', async () => {
    const harness = await openChat({ plays: [streamed(['Paris']), events([], { end: 'never' })] });
    const id = startConversation(harness);
    const old = await ask(harness.chat, id, 'Capital of France?');
    const controller = new AbortController();
    const again = harness.chat.regenerate(
      id,
      { messageId: old.id },
      listener(() => controller.abort(), controller.signal),
    );
    await expect(again).rejects.toMatchObject({ code: 'cancelled' });
    expect(harness.chat.open(id).messages[1]).toEqual(old);
  });
});

test('a branch is a conversation of its own with all that leads to its message, files included', async () => {
  const harness = await openChat({ plays: [streamed(['One']), streamed(['Two'])] });
  const { chat } = harness;
  const id = startConversation(harness);
  const file = { kind: 'text', name: 'notes.md', mediaType: 'text/markdown', data: Buffer.from('# Hi').toString('base64') } as const;
  const first = await ask(chat, id, { text: 'Read', attachments: [file] });
  await ask(chat, id, 'More');
  const branch = chat.branch(id, first.id);
  expect(branch).toMatchObject({ title: 'Read (branch)', modelId: harness.modelId });
  const copied = chat.open(branch.id).messages;
  expect(texts(copied)).toEqual(['Read', 'One']);
  await chat.remove(id);
  expect(chat.attachment(copied[0]?.attachments[0]?.id ?? '')).toMatchObject({ name: 'notes.md', data: file.data });
});

test('removing a message removes what follows it, and shows what stands beside it', async () => {
  const harness = await openChat({ plays: [streamed(['One']), streamed(['Two']), streamed(['Other'])] });
  const { chat } = harness;
  const id = startConversation(harness);
  const first = await ask(chat, id, 'A');
  await ask(chat, id, 'B');
  const other = await chat.regenerate(id, { messageId: first.id }, listener());
  expect(texts(chat.removeMessage(id, other.id).messages)).toEqual(['A', 'One', 'B', 'Two']);
  expect(texts(chat.removeMessage(id, first.id).messages)).toEqual(['A']);
  expect(() => chat.removeMessage(id, first.id)).toThrow(expect.objectContaining({ code: 'message-not-found' }));
});

test('two conversations are answered at once, and nothing else is done in one that is', async () => {
  const harness = await openChat({ plays: [events([], { end: 'never' })] });
  const { chat } = harness;
  const ids = [startConversation(harness), startConversation(harness)];
  const controller = new AbortController();
  const changes: ConversationChange[] = [];
  chat.subscribe((change) => changes.push(change));
  const begun = ids.map((id) => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const asked = chat.send(
      id,
      { text: 'Hello' },
      listener((event) => event.kind === 'started' && resolve(event.user?.id ?? ''), controller.signal),
    );
    return { promise, asked };
  });
  const [questionId = ''] = await Promise.all(begun.map(({ promise }) => promise));
  const [id = ''] = ids;
  const busy = expect.objectContaining({ code: 'conversation-busy' });
  await expect(chat.edit(id, { messageId: questionId, text: 'Bye' }, listener())).rejects.toEqual(busy);
  expect(() => chat.removeMessage(id, questionId)).toThrow(busy);
  expect(() => chat.choose(id, questionId)).toThrow(busy);
  controller.abort();
  const answers = await Promise.all(begun.map(({ asked }) => asked));
  expect(answers.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
  // The end of an answer is told, so that another window reads it.
  expect(changes.filter((change) => change.kind === 'conversation').length).toBeGreaterThanOrEqual(4);
});

test('a crash in the middle of an answer keeps its words, and one without words leaves the answer beside it', async () => {
  const path = join(temporaryFolder(), 'chat.db');
  const before = await openChat({ path, plays: [streamed(['Paris'])] });
  const id = startConversation(before);
  const old = await ask(before.chat, id, 'Capital of France?');
  // As a process leaves it that is killed: one more answer in state `streaming`, and the path that leads to it.
  const leave = (messageId: string, text: string): void => {
    before.database.run(
      `INSERT INTO messages (id, conversation_id, position, parent_id, role, text, state, calls, created_at)
       VALUES (?, ?, (SELECT max(position) + 1 FROM messages), ?, 'assistant', ?, 'streaming', ?, 1)`,
      messageId,
      id,
      old.parentId,
      text,
      text === ''
        ? '[]'
        : JSON.stringify([{ id: 'c', name: 'http_get', arguments: {}, state: 'asking', result: null, tookMs: null, at: 0 }]),
    );
    before.database.run('UPDATE conversations SET leaf_id = ? WHERE id = ?', messageId, id);
  };
  leave('wordless', '');
  const after = await openChat({ path });
  expect(after.chat.open(id).messages.map((message) => message.id)).toEqual([old.parentId, old.id]);
  leave('begun', 'Par');
  const again = await openChat({ path });
  expect(again.chat.open(id).messages[1]).toMatchObject({
    text: 'Par',
    state: 'stopped',
    siblingIds: [old.id, 'begun'],
    calls: [{ state: 'refused' }],
  });
  expect(again.chat.search('par', 10).map((hit) => hit.messageId)).toContain('begun');
});
