import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '#main/storage/database.ts';
import { migrations } from '#main/storage/migrations/migrations.ts';
import { type ChatHit, ChatTools, defaultSampling, type OpenConversation } from '#shared/contract/chat.ts';
import { streamed } from '../../fixtures/endpoint/chatServer.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { ask, type ChatHarness, calling, exported, listener, openChat, pngOf, startConversation } from './chatHarness.ts';

const marked = (hit: ChatHit | undefined): string[] => (hit?.snippet ?? []).filter(({ isMarked }) => isMarked).map(({ text }) => text);

/** Everything but what another database names otherwise: ids, and when it was touched. */
function plain({ conversation, messages }: OpenConversation): unknown {
  const place = new Map(messages.map(({ id }, index) => [id, index]));
  const { id: _, updatedAt: __, ...about } = conversation;
  return {
    about,
    messages: messages.map(({ id: _, conversationId: __, parentId, siblingIds, attachments, calls, ...message }) => ({
      ...message,
      parent: parentId === null ? null : place.get(parentId),
      siblings: siblingIds.length,
      attachments: attachments.map(({ id: _, ...attachment }) => attachment),
      calls: calls.map(({ id: _, ...call }) => call),
    })),
  };
}

describe('search', () => {
  async function openSearched(): Promise<ChatHarness & { readonly id: string }> {
    const harness = await openChat({ plays: [streamed(['Der Kaffee in der Straße kostet 3 €.'])] });
    const id = startConversation(harness);
    await ask(harness.chat, id, 'Where is the café of Zoë?');
    harness.chat.update(id, { title: 'Breakfast plans' });
    return { ...harness, id };
  }

  test('finds words of questions, answers and titles, without accents, and the beginning of the last word', async () => {
    const { chat, id } = await openSearched();
    expect(chat.search('cafe zoe', 10)).toMatchObject([{ conversationId: id, title: 'Breakfast plans', role: 'user' }]);
    expect(marked(chat.search('cafe zoe', 10)[0])).toEqual(['café', 'Zoë']);
    expect(marked(chat.search('kaf', 10)[0])).toEqual(['Kaffee']);
    expect(chat.search('Straße', 10)[0]).toMatchObject({ role: 'assistant' });
    expect(chat.search('plan', 10)).toMatchObject([{ messageId: null, role: null }]);
    expect(chat.search('cafe kaffee', 10)).toEqual([]);
  });

  test('takes quotes, operators and signs of a query as words, or as nothing', async () => {
    const { chat } = await openSearched();
    const odd = ['', '"', '*', 'cafe"', '(cafe', 'cafe AND', '-cafe', 'cafe:x', 'NEAR(cafe)', "'; DROP TABLE messages; --", '\u0000', '🙂'];
    expect(odd.map((query) => chat.search(query, 10).length)).toEqual([0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0]);
    expect(chat.search('cafe', 10)).toHaveLength(1);
  });

  test('finds what there is now: not what was removed, and an edited answer by its new words', async () => {
    const { chat, id } = await openSearched();
    const answer = chat.open(id).messages[1];
    chat.editAnswer(id, { messageId: answer?.id ?? '', text: 'Um die Ecke' });
    expect(chat.search('ecke', 10)).toHaveLength(1);
    chat.removeMessage(id, answer?.id ?? '');
    expect(chat.search('kaffee', 10)).toEqual([]);
    await chat.remove(id);
    expect(chat.search('ecke', 10)).toEqual([]);
    expect(chat.search('breakfast', 10)).toEqual([]);
  });
});

test('a word that nearly all messages have is looked for in the newest, in every title, and with a rarer one in all', async () => {
  const harness = await openChat();
  const { chat, database } = harness;
  const [old, recent] = [startConversation(harness), startConversation(harness)];
  chat.update(old, { title: 'Common sense' });
  addMessages(database, old, ['common and rare']);
  addMessages(
    database,
    recent,
    Array.from({ length: 1_100 }, (_, index) => `common ${index}`),
  );
  const hits = chat.search('comm', 200);
  expect(hits).toHaveLength(200);
  expect(hits[0]).toMatchObject({ conversationId: old, messageId: null });
  expect(chat.search('common ra', 200)).toMatchObject([{ conversationId: old, role: 'user' }]);
  // One letter is a word, not the beginning of half of them all.
  expect(chat.search('c', 10)).toEqual([]);
});

/** Straight into the database: thousands of questions would each be answered. */
function addMessages(database: Database, conversationId: string, texts: readonly string[]): void {
  database.transaction(() => {
    for (const [position, text] of texts.entries()) {
      database.run(
        "INSERT INTO messages (id, conversation_id, position, role, text, state, created_at) VALUES (?, ?, ?, 'user', ?, 'complete', 1)",
        `${conversationId}-${position}`,
        conversationId,
        position,
        text,
      );
    }
  });
}

describe('export and import', () => {
  async function openFull(): Promise<ChatHarness & { readonly id: string }> {
    const harness = await openChat({
      plays: [
        calling('calculator', { operation: 'add', a: 1, b: 1 }, 'Let me see.'),
        streamed(['<think>So</think>', 'Two']),
        streamed(['2']),
      ],
    });
    const id = startConversation(harness, {
      tools: ChatTools.parse({ calculator: true, allowed: ['execute_python'], fetchHosts: ['example.org'] }),
    });
    harness.chat.update(id, { systemPrompt: 'Be brief.', sampling: { ...defaultSampling, temperature: 0.1 } });
    const attachments = [{ kind: 'image', name: 'a/b.png', mediaType: 'image/png', data: pngOf(4, 4).toString('base64') }] as const;
    const first = await ask(harness.chat, id, { text: 'What is # 1 + 1?', attachments });
    await harness.chat.regenerate(id, { messageId: first.id }, listener());
    return { ...harness, id };
  }

  test('as JSON bring everything back but what its tools were allowed to do', async () => {
    const { chat, id } = await openFull();
    const { text, mediaType } = await exported(chat, null);
    expect(mediaType).toBe('application/json');
    const { conversations, skipped } = await chat.import({ fileName: 'chats.json', text });
    expect(skipped).toBe(0);
    const copyId = conversations[0]?.id ?? '';
    const shape = { ...chat.open(id).conversation.shape, tools: ChatTools.parse({ calculator: true }) };
    const original = chat.open(id);
    expect(plain(chat.open(copyId))).toEqual(plain({ ...original, conversation: { ...original.conversation, shape } }));
    const [sibling = ''] = chat.open(copyId).messages[1]?.siblingIds ?? [];
    const other = original.messages[1]?.siblingIds[0] ?? '';
    expect(plain(chat.choose(copyId, sibling))).toMatchObject({
      messages: (plain(chat.choose(id, other)) as { messages: object[] }).messages,
    });
    const attachment = chat.open(copyId).messages[0]?.attachments[0];
    expect(chat.attachment(attachment?.id ?? '').data).toBe(pngOf(4, 4).toString('base64'));
    expect(chat.search('brief', 5)).toEqual([]);
  });

  test('as Markdown is a text to read, with its calls and thoughts', async () => {
    const { chat, id } = await openFull();
    chat.choose(id, chat.open(id).messages[1]?.siblingIds[0] ?? '');
    const { fileName, text } = await exported(chat, id, 'markdown');
    expect(fileName).toBe('What is # 1 + 1.md');
    expect(text).toContain('# What is # 1 + 1?\n');
    expect(text).toContain('> Be brief.');
    expect(text).toContain('*Attached: a/b.png (image/png)*');
    expect(text).toContain('<details><summary>Reasoning</summary>\n\nSo\n\n</details>');
    expect(text).toMatch(/Let me see\.\n\n```text\ncalculator\(\{"operation":"add","a":1,"b":1\}\)\n→ 2\n```\n\nTwo\n$/);
    await expect(exported(chat, null, 'markdown')).rejects.toMatchObject({ code: 'bad-input' });
    chat.update(id, { title: '../../etc/CON:' });
    expect((await exported(chat, id)).fileName).not.toMatch(/[\\/:]/);
  });

  test('lets others have their turn between its parts, and leaves out a chat that is removed meanwhile', async () => {
    const harness = await openChat();
    const { chat, database } = harness;
    const ids = Array.from({ length: 4 }, () => startConversation(harness));
    for (const id of ids) addMessages(database, id, ['x'.repeat(800_000)]);
    const controller = new AbortController();
    const parts: string[] = [];
    const telling = chat.export(
      { conversationId: null, format: 'json' },
      {
        signal: controller.signal,
        emit({ text }) {
          parts.push(text);
          if (parts.length === 1) setImmediate(() => void chat.remove(ids[0] ?? ''));
        },
      },
    );
    await telling;
    expect(parts.length).toBeGreaterThan(1);
    expect(JSON.parse(parts.join('')).conversations).toHaveLength(3);

    const stopped = chat.export({ conversationId: null, format: 'json' }, { signal: controller.signal, emit: () => controller.abort() });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });

  const node = (id: string, parent: string | null, role: string | null, text: string, more: object = {}) => ({
    [id]: {
      id,
      parent,
      message:
        role === null ? null : { author: { role }, content: { content_type: 'text', parts: [text] }, create_time: 1_700_000_000, ...more },
    },
  });
  const webui = (id: string, parentId: string | null, role: string, content: string) => ({
    [id]: { id, parentId, childrenIds: [], role, content, model: 'llama', timestamp: 1_700_000_000 },
  });

  test.each([
    [
      'ChatGPT',
      [
        {
          title: 'Trip',
          create_time: 1_700_000_000.5,
          current_node: 'a2',
          mapping: {
            ...node('root', null, null, ''),
            ...node('sys', 'root', 'system', 'hidden'),
            ...node('q', 'sys', 'user', 'Where to?'),
            ...node('a1', 'q', 'assistant', 'Rome'),
            ...node('tool', 'q', 'tool', 'searched'),
            ...node('a2', 'tool', 'assistant', 'Oslo', { metadata: { model_slug: 'gpt' } }),
          },
        },
      ],
    ],
    [
      'Open WebUI',
      [
        {
          title: 'Trip',
          created_at: 1_700_000_000,
          chat: {
            history: {
              currentId: 'a2',
              messages: {
                ...webui('q', null, 'user', 'Where to?'),
                ...webui('a1', 'q', 'assistant', 'Rome'),
                ...webui('a2', 'q', 'assistant', 'Oslo'),
              },
            },
          },
        },
      ],
    ],
  ])('takes chats of %s with their branches', async (_name, file) => {
    const { chat } = await openChat();
    const { conversations, skipped } = await chat.import({ fileName: 'chats.json', text: JSON.stringify(file) });
    expect({ title: conversations[0]?.title, skipped }).toEqual({ title: 'Trip', skipped: 0 });
    const { messages } = chat.open(conversations[0]?.id ?? '');
    expect(messages.map(({ role, text }) => [role, text])).toEqual([
      ['user', 'Where to?'],
      ['assistant', 'Oslo'],
    ]);
    expect(messages[1]?.siblingIds).toHaveLength(2);
    expect(messages[1]).toMatchObject({ createdAt: 1_700_000_000_000, usage: null });
  });

  test.each([
    [
      'a list of messages',
      JSON.stringify([
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Yo' },
      ]),
      1,
    ],
    [
      'messages with parts',
      JSON.stringify({
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
          { role: 'assistant', content: 'Yo' },
        ],
      }),
      1,
    ],
    [
      'a conversation a line',
      `${JSON.stringify({
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Yo' },
        ],
      })}\n`.repeat(2),
      2,
    ],
    [
      'a message a line',
      [
        { role: 'user', content: [{ type: 'text', text: { value: 'Hi', annotations: [] } }] },
        { role: 'assistant', content: [{ type: 'text', text: { value: 'Yo' } }] },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n'),
      1,
    ],
    [
      'LM Studio',
      JSON.stringify({
        name: 'Greeting',
        messages: [
          { currentlySelected: 0, versions: [{ type: 'singleStep', role: 'user', content: [{ type: 'text', text: 'Hi' }] }] },
          {
            currentlySelected: 0,
            versions: [
              {
                type: 'multiStep',
                role: 'assistant',
                steps: [{ type: 'contentBlock', content: [{ type: 'text', text: 'Yo' }] }, { type: 'debugInfoBlock' }],
              },
            ],
          },
        ],
      }),
      1,
    ],
  ])('takes %s', async (_name, text, count) => {
    const { chat } = await openChat();
    const { conversations } = await chat.import({ fileName: 'chats.jsonl', text });
    expect(conversations).toHaveLength(count);
    expect(chat.open(conversations[0]?.id ?? '').messages.map((message) => message.text)).toEqual(['Hi', 'Yo']);
  });

  const circle = {
    mapping: {
      a: { parent: 'b', message: { author: { role: 'user' }, content: { content_type: 'text', parts: ['x'] } } },
      b: { parent: 'a', message: { author: { role: 'user' }, content: { content_type: 'text', parts: ['y'] } } },
    },
  };
  test('refuse what holds no conversation, and add nothing', async () => {
    const { chat } = await openChat();
    const files = [
      '',
      'Dear diary',
      '4',
      '['.repeat(200_000),
      '{"messages":[]}',
      JSON.stringify([circle]),
      '{"format":"rightsize-chats","version":1,"conversations":[{"title":""}]}',
      '{"format":"rightsize-chats","version":2,"conversations":[]}',
      '{"__proto__":{"messages":[{"role":"user"}]},"messages":[{"role":"__proto__","content":"x"}]}',
    ];
    for (const text of files) {
      await expect(chat.import({ fileName: 'chats.json', text })).rejects.toMatchObject({
        code: 'chat-import-unreadable',
        hint: expect.any(String),
      });
    }
    expect(chat.list()).toEqual([]);
  });

  test('leaves out entries and files that cannot be read, and keeps the rest', async () => {
    const { chat } = await openFull();
    const archive = JSON.parse((await exported(chat, null)).text);
    const [one] = archive.conversations;
    one.modelId = 'a-model-of-elsewhere';
    one.messages[0].attachments[0].data = Buffer.from('no image').toString('base64');
    one.messages[1].calls[0].at = 1e9;
    one.messages[1].state = 'streaming';
    archive.conversations.push({ ...one, sampling: { temperature: -1 } }, 7);
    const { conversations, skipped } = await chat.import({ fileName: 'chats.json', text: JSON.stringify(archive) });
    expect({ added: conversations.length, skipped }).toEqual({ added: 1, skipped: 2 });
    const { conversation, messages } = chat.open(conversations[0]?.id ?? '');
    expect(conversation.modelId).toBeNull();
    expect(messages[0]?.attachments).toEqual([]);
    const first = chat.choose(conversation.id, messages[1]?.siblingIds[0] ?? '').messages[1];
    expect(first).toMatchObject({ state: 'stopped', calls: [{ at: first?.text.length }] });
  });
});

test('presets that ship stay; own ones are kept, changed and removed', async () => {
  const { chat } = await openChat();
  expect(chat.presets().map(({ name, isShipped }) => [name, isShipped])).toEqual(
    ['Precise', 'Balanced', 'Creative', 'Code'].map((name) => [name, true]),
  );
  const mine = chat.savePreset({ id: null, name: 'Mine', systemPrompt: 'Be brief.', sampling: defaultSampling, shape: null });
  expect(chat.savePreset({ ...mine, name: 'Ours' })).toEqual({ ...mine, name: 'Ours' });
  expect(chat.presets().at(-1)).toMatchObject({ id: mine.id, name: 'Ours', isShipped: false });
  expect(() => chat.savePreset({ ...mine, id: 'precise' })).toThrow(expect.objectContaining({ code: 'bad-input' }));
  expect(() => chat.removePreset('balanced')).toThrow(expect.objectContaining({ code: 'bad-input' }));
  chat.removePreset(mine.id);
  expect(() => chat.removePreset(mine.id)).toThrow(expect.objectContaining({ code: 'preset-not-found' }));
  expect(chat.presets()).toHaveLength(4);
});

test('a database of the version before branches keeps every chat as one path, found by its words', async () => {
  const path = join(temporaryFolder(), 'old.db');
  openDatabase(path, { migrations: migrations.filter(({ version }) => version <= 7) }).close();
  const old = new DatabaseSync(path);
  const sampling = JSON.stringify(defaultSampling);
  old
    .prepare("INSERT INTO conversations VALUES ('c', 'Trip', 'm', '', ?, 1, 2), ('d', 'Empty', NULL, '', ?, 1, 1)")
    .run(sampling, sampling);
  const insert = old.prepare(
    "INSERT INTO messages (id, conversation_id, position, role, text, state, created_at) VALUES (?, 'c', ?, ?, ?, ?, 1)",
  );
  for (const [position, [role, text, state]] of [
    ['user', 'Where to?', 'complete'],
    ['assistant', 'Oslo', 'complete'],
    ['user', 'Why?', 'complete'],
    ['assistant', 'Fjo', 'streaming'],
  ].entries()) {
    insert.run(`m${position}`, position * 2 + 1, role ?? '', text ?? '', state ?? '');
  }
  old.close();
  const { chat, modelId } = await openChat({ path, plays: [streamed(['Sun'])] });
  const { conversation, messages } = chat.open('c');
  expect(conversation.shape).toMatchObject({ thinking: 'default', schema: null });
  expect(messages.map(({ id, parentId, state }) => [id, parentId, state])).toEqual([
    ['m0', null, 'complete'],
    ['m1', 'm0', 'complete'],
    ['m2', 'm1', 'complete'],
    ['m3', 'm2', 'stopped'],
  ]);
  expect(chat.search('oslo', 10)).toMatchObject([{ messageId: 'm1' }]);
  expect(chat.search('trip', 10)).toMatchObject([{ messageId: null }]);
  expect(chat.search('fjo', 10)).toMatchObject([{ messageId: 'm3' }]);
  chat.update('c', { modelId });
  await ask(chat, 'c', 'And Rome?');
  expect(chat.open('c').messages.map(({ text }) => text)).toEqual(['Where to?', 'Oslo', 'Why?', 'Fjo', 'And Rome?', 'Sun']);
});
