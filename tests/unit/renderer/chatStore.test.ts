import { expect, test, vi } from 'vitest';
import { type Conversation, type ConversationChange, defaultAnswerShape, defaultSampling, type Message } from '#shared/contract/chat.ts';
import { routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { serveRpc } from '#shared/rpc/serveRpc.ts';
import { createMemoryPipe } from '../../fixtures/page/memoryPipe.ts';

const conversation: Conversation = {
  ...{ id: 'c1', title: 'Quants', modelId: null, systemPrompt: '', createdAt: 1, updatedAt: 1 },
  ...{ sampling: defaultSampling, shape: defaultAnswerShape },
};

function message(id: string, about: Partial<Message> = {}): Message {
  return {
    ...{ id, conversationId: 'c1', parentId: null, siblingIds: [id], role: 'user', text: id, reasoning: null, state: 'complete' },
    ...{ finishReason: null, error: null, usage: null, timings: null, context: null, modelId: null, modelName: null },
    ...{ attachments: [], calls: [], isEdited: false, createdAt: 1 },
    ...about,
  } as Message;
}

/** A page of its own that has read one conversation, and the app behind it, which other windows use too. */
async function openPage() {
  vi.resetModules();
  const rpc = await import('../../../src/renderer/stores/rpc.ts');
  const chat = await import('../../../src/renderer/stores/chat.ts');
  const app = { messages: [message('question')], tell: (_change: ConversationChange): void => undefined };
  const open = vi.fn(() => ({ conversation, messages: app.messages }));
  const handlers = {
    'chat.open': open,
    'chat.changes': (_input: unknown, { emit, signal }: { emit: (change: ConversationChange) => void; signal: AbortSignal }) => {
      app.tell = emit;
      emit({ kind: 'snapshot', conversations: [conversation] });
      return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    },
  };
  let end = (): void => undefined;
  rpc.connectPage(() => {
    const [page, host] = createMemoryPipe();
    end = () => host.close();
    serveRpc(host, { routes, handlers: handlers as unknown as Handlers<typeof routes> });
    return Promise.resolve(page);
  });
  chat.followConversations();
  await vi.waitFor(() => expect(chat.useChat.getState().conversations).toHaveLength(1));
  await chat.loadThread('c1');
  const shown = (): readonly string[] | undefined => chat.useChat.getState().threads['c1']?.messages.map(({ id }) => id);
  return { app, open, shown, chat, breakOff: () => end(), reconnect: () => rpc.reconnectNow() };
}

test('what another window asked in an open conversation appears here', async () => {
  const { app, shown } = await openPage();
  app.messages = [message('question'), message('answer', { role: 'assistant', state: 'streaming' })];
  app.tell({ kind: 'conversation', conversation: { ...conversation, updatedAt: 2 } });
  await vi.waitFor(() => expect(shown()).toEqual(['question', 'answer']));
});

test('another path that was chosen in another window is shown here too, and other settings read no messages', async () => {
  const { app, open, shown } = await openPage();
  app.tell({ kind: 'conversation', conversation: { ...conversation, title: 'Renamed' } });
  app.messages = [message('other question')];
  app.tell({ kind: 'conversation', conversation: { ...conversation, title: 'Renamed' } });
  await vi.waitFor(() => expect(shown()).toEqual(['other question']));
  expect(open).toHaveBeenCalledTimes(2);
});

test('what was written or removed while the connection was lost is there after it', async () => {
  const { app, shown, chat, breakOff, reconnect } = await openPage();
  const streaming = message('answer', { role: 'assistant', state: 'streaming' });
  app.messages = [message('question'), streaming];
  app.tell({ kind: 'conversation', conversation: { ...conversation, updatedAt: 2 } });
  await vi.waitFor(() => expect(shown()).toEqual(['question', 'answer']));
  breakOff();
  app.messages = [message('question'), { ...streaming, state: 'stopped' }];
  reconnect();
  await vi.waitFor(() => expect(chat.useChat.getState().threads['c1']?.messages.at(-1)?.state).toBe('stopped'));
});
