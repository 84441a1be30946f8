import { expect, test } from 'vitest';
import { seededRandom } from '#core/seededRandom.ts';
import type { ChatService } from '#main/services/chat/chatService.ts';
import type { Database } from '#main/storage/database.ts';
import { chunk, events, refused, streamed } from '../../fixtures/endpoint/chatServer.ts';
import { exported, listener, openChat, startConversation } from './chatHarness.ts';

const isThorough = process.env.RIGHTSIZE_THOROUGH === '1';
const plays = [
  streamed(['Yes', ' indeed']),
  streamed(['No']),
  refused(400, 'no'),
  events([chunk({ content: 'Half' })], { end: 'cut' }),
  streamed([]),
];

interface Row {
  readonly id: string;
  readonly parent_id: string | null;
  readonly text: string;
  readonly state: string;
}

/** What holds of a conversation whatever was done to it. */
function requireSound({
  chat,
  database,
  id,
}: {
  readonly chat: ChatService;
  readonly database: Database;
  readonly id: string;
}): readonly Row[] {
  const rows = database.all<Row>('SELECT id, parent_id, text, state FROM messages WHERE conversation_id = ? ORDER BY position', id);
  const before = new Set<string>();
  for (const row of rows) {
    if (row.parent_id !== null) expect(before).toContain(row.parent_id);
    before.add(row.id);
    expect(row.state).not.toBe('streaming');
  }
  const { messages } = chat.open(id);
  expect(messages.map(({ parentId }) => parentId)).toEqual([null, ...messages.map((message) => message.id)].slice(0, messages.length));
  expect(messages.length > 0).toBe(rows.length > 0);
  const end = messages.at(-1);
  expect(rows.filter((row) => end !== undefined && row.parent_id === end.id)).toEqual([]);
  for (const message of messages) {
    expect(message.siblingIds).toEqual(rows.filter((row) => row.parent_id === message.parentId).map((row) => row.id));
  }
  const found = database.all<{ message_id: string }>(
    'SELECT message_id FROM search_entries WHERE conversation_id = ? AND message_id IS NOT NULL ORDER BY message_id',
    id,
  );
  expect(found.map((row) => row.message_id)).toEqual(rows.flatMap((row) => (row.text === '' ? [] : [row.id])).toSorted());
  return rows;
}

test.each(isThorough ? [1, 2, 3, 4, 5, 6, 7, 8] : [1, 2])(
  'a conversation stays a sound tree, whatever is done to it (%s)',
  async (seed) => {
    const random = seededRandom(seed);
    const below = (limit: number): number => Math.floor(random() * limit);
    const steps = isThorough ? 500 : 120;
    const harness = await openChat({ plays: Array.from({ length: steps }, () => plays[below(plays.length)] ?? streamed(['Yes'])) });
    const { chat, database } = harness;
    const id = startConversation(harness);
    for (let step = 0; step < steps; step++) {
      const rows = requireSound({ chat, database, id });
      const messageId = rows[below(rows.length)]?.id ?? 'none';
      const stop = new AbortController();
      const when = below(5) === 0 ? ['started', 'delta'][below(2)] : 'never';
      const options = listener((event) => (event.kind === when ? stop.abort() : undefined), stop.signal);
      const text = `words of ${step}`;
      const moves: readonly (() => unknown)[] = [
        () => chat.send(id, { text }, options),
        () => chat.send(id, { text }, options),
        () => chat.edit(id, { messageId, text }, options),
        () => chat.regenerate(id, { messageId }, options),
        () => chat.continue(id, { messageId: chat.open(id).messages.at(-1)?.id ?? '' }, options),
        () => chat.editAnswer(id, { messageId, text }),
        () => chat.choose(id, messageId),
        () => chat.removeMessage(id, messageId),
      ];
      const worded = rows.filter((row) => row.text !== '').length;
      const move = below(moves.length);
      await Promise.resolve()
        .then(() => moves[move]?.())
        .catch((error: unknown) => expect(error).toMatchObject({ name: 'RpcError', hint: expect.any(String) }));
      // Nothing but removal takes words away.
      if (move < 7) expect(database.all<Row>("SELECT id FROM messages WHERE text <> ''").length).toBeGreaterThanOrEqual(worded);
    }
    requireSound({ chat, database, id });
    const { text } = await exported(chat, id);
    const { conversations } = await chat.import({ fileName: 'chats.json', text });
    const shape = (of: string): unknown[] =>
      chat.open(of).messages.map((message) => [message.text, message.state, message.siblingIds.length]);
    expect(shape(conversations[0]?.id ?? '')).toEqual(shape(id));
  },
);
