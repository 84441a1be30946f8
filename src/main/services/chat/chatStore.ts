import { randomUUID } from 'node:crypto';
import { type AttachmentTable, attachmentTable } from '#main/storage/attachmentTable.ts';
import { type ConversationTable, conversationTable } from '#main/storage/conversationTable.ts';
import type { Database } from '#main/storage/database.ts';
import { type MessageTable, messageTable } from '#main/storage/messageTable.ts';
import {
  type ChatCall,
  type Conversation,
  type ConversationChange,
  chatErrors,
  type Message,
  type OpenConversation,
} from '#shared/contract/chat.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { latestEnd, pathTo } from './conversationTree.ts';

/** Conversations as they are kept, and who is at work in which of them. */
export interface ChatStore {
  readonly database: Database;
  readonly conversations: ConversationTable;
  readonly messages: MessageTable;
  readonly attachments: AttachmentTable;
  /** Later than any touch before, so that the order of the list is never a draw. */
  touch(): number;
  /** @throws {RpcError} conversation-not-found */
  require(id: string): Conversation;
  /** @throws {RpcError} message-not-found */
  requireMessage(conversationId: string, messageId: string): Message;
  /** The messages of the path that is shown. */
  path(id: string): Message[];
  /** @throws {RpcError} conversation-not-found */
  open(id: string): OpenConversation;
  /** Stores and tells. */
  save(conversation: Conversation): Conversation;
  tell(change: ConversationChange): void;
  subscribe(listener: (change: ConversationChange) => void): () => void;
  isAnswering(id: string): boolean;
  /** @throws {RpcError} conversation-busy while it is being answered */
  refuseBusy(id: string): void;
  /** Answers: nobody else changes the conversation meanwhile, and `stop` aborts it. @throws {RpcError} conversation-busy */
  exclusively<T>(id: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Stops what is being made in one conversation, or in all of them, and waits for its end. */
  stop(id?: string): Promise<void>;
}

/** Opens the conversations. Answers that a crash cut off are marked as stopped; one without a word beside others goes. */
export function openChatStore({
  database,
  log,
  now,
}: {
  readonly database: Database;
  readonly log: Log;
  readonly now: () => number;
}): ChatStore {
  const conversations = conversationTable(database);
  const messages = messageTable(database);
  const listeners = new Set<(change: ConversationChange) => void>();
  const answering = new Map<string, { readonly controller: AbortController; readonly ended: Promise<unknown> }>();
  endInterrupted({ database, conversations, messages, log });
  let touchedAt = conversations.list()[0]?.updatedAt ?? 0;

  const store: ChatStore = {
    database,
    conversations,
    messages,
    attachments: attachmentTable(database),
    touch() {
      touchedAt = Math.max(now(), touchedAt + 1);
      return touchedAt;
    },
    require(id) {
      const conversation = conversations.get(id);
      if (conversation !== undefined) return conversation;
      throw new RpcError(chatErrors.conversationNotFound, 'This conversation is not there.', {
        hint: 'It may have been deleted: choose another.',
      });
    },
    requireMessage(conversationId, messageId) {
      const message = messages.get(messageId);
      if (message?.conversationId === conversationId) return message;
      throw messageNotFound('This message is not in the conversation.');
    },
    path(id) {
      const path = pathTo(messages.list(id), conversations.leafOf(id));
      // An answer whose end could not be stored (a full disk) is still in state `streaming` in the file.
      return answering.has(id) ? path : path.map(stopped);
    },
    open: (id) => ({ conversation: store.require(id), messages: store.path(id) }),
    save(conversation) {
      conversations.save(conversation);
      store.tell({ kind: 'conversation', conversation });
      return conversation;
    },
    tell(change) {
      for (const listener of [...listeners]) listener(change);
    },
    subscribe(listener) {
      listeners.add(listener);
      listener({ kind: 'snapshot', conversations: conversations.list() });
      return () => listeners.delete(listener);
    },
    isAnswering: (id) => answering.has(id),
    refuseBusy(id) {
      if (!answering.has(id)) return;
      throw new RpcError(chatErrors.busy, 'This conversation is being answered.', { hint: 'Wait for the answer, or stop it.' });
    },
    async exclusively(id, signal, work) {
      store.refuseBusy(id);
      const controller = new AbortController();
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      answering.set(id, { controller, ended });
      try {
        return await work(AbortSignal.any([signal, controller.signal]));
      } finally {
        answering.delete(id);
        const conversation = conversations.get(id);
        // Another window reads what there is now.
        if (conversation !== undefined) store.tell({ kind: 'conversation', conversation });
        end();
      }
    },
    async stop(id) {
      const running = id === undefined ? [...answering.values()] : [answering.get(id)].filter((one) => one !== undefined);
      for (const { controller } of running) controller.abort();
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
  return store;
}

/** A message with nothing in it yet. */
export function newMessage(
  conversationId: string,
  about: Pick<Message, 'role' | 'parentId' | 'createdAt'> & Partial<Pick<Message, 'text' | 'state' | 'modelId' | 'modelName'>>,
): Message {
  const id = randomUUID();
  return {
    id,
    conversationId,
    siblingIds: [id],
    text: '',
    reasoning: null,
    state: 'complete',
    finishReason: null,
    error: null,
    usage: null,
    timings: null,
    context: null,
    modelId: null,
    modelName: null,
    attachments: [],
    calls: [],
    isEdited: false,
    ...about,
  };
}

/** Whether there is nothing of an answer to keep. */
export function isWordless(message: Pick<Message, 'text' | 'reasoning' | 'calls'>): boolean {
  return message.text === '' && (message.reasoning ?? '') === '' && message.calls.length === 0;
}

/** What was being done when an answer was stopped. */
export function settledCall(call: ChatCall): ChatCall {
  if (call.state === 'asking') return { ...call, state: 'refused' };
  return call.state === 'running' ? { ...call, state: 'failed' } : call;
}

export function messageNotFound(message: string, hint = 'It may have been removed: open the conversation again.'): RpcError {
  return new RpcError(chatErrors.messageNotFound, message, { hint });
}

function stopped(message: Message): Message {
  if (message.state !== 'streaming') return message;
  return { ...message, state: 'stopped', finishReason: 'cancelled', calls: message.calls.map(settledCall) };
}

function endInterrupted({
  database,
  conversations,
  messages,
  log,
}: Pick<ChatStore, 'database' | 'conversations' | 'messages'> & { readonly log: Log }): void {
  const interrupted = messages.interrupted();
  if (interrupted.length === 0) return;
  log.warn('chat.interrupted', { messages: interrupted.length });
  database.transaction(() => {
    for (const message of interrupted) {
      const sibling = message.siblingIds.findLast((id) => id !== message.id);
      if (isWordless(message) && sibling !== undefined) {
        messages.remove(message.id);
        conversations.setLeaf(message.conversationId, latestEnd(messages.list(message.conversationId), sibling));
      } else messages.save(stopped(message));
    }
  });
}
