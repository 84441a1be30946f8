import { randomUUID } from 'node:crypto';
import { conversationTable } from '#main/storage/conversationTable.ts';
import type { Database } from '#main/storage/database.ts';
import { messageTable } from '#main/storage/messageTable.ts';
import {
  type Conversation,
  type ConversationChange,
  chatErrors,
  defaultAnswerShape,
  defaultSampling,
  type Message,
} from '#shared/contract/chat.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { LibraryService } from '../library/libraryService.ts';
import type { ModelService } from '../models/modelService.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import { answerMessage } from './answerMessage.ts';
import type { AnswerOptions, ChatService } from './chatService.ts';
import { defaultTitle, titleOf } from './conversationTitle.ts';

export interface ChatServiceOptions {
  readonly database: Database;
  readonly library: Pick<LibraryService, 'require'>;
  readonly models: Pick<ModelService, 'acquire'>;
  readonly settings: Pick<SettingsService, 'read' | 'update'>;
  readonly log: Log;
  readonly now: () => number;
}

/** Opens the conversations. Answers that a crash cut off are marked as stopped. */
export function createChatService(options: ChatServiceOptions): ChatService {
  const { database, library, settings, log, now } = options;
  const conversations = conversationTable(database);
  const messages = messageTable(database);
  const listeners = new Set<(change: ConversationChange) => void>();
  const answering = new Map<string, { readonly controller: AbortController; readonly ended: Promise<unknown> }>();
  const interrupted = messages.stopInterrupted();
  if (interrupted > 0) log.warn('chat.interrupted', { messages: interrupted });

  let touchedAt = conversations.list()[0]?.updatedAt ?? 0;
  /** Later than any touch before, so that the order of the list is never a draw. */
  function touch(): number {
    touchedAt = Math.max(now(), touchedAt + 1);
    return touchedAt;
  }

  function emit(change: ConversationChange): void {
    for (const listener of [...listeners]) listener(change);
  }

  function requireConversation(id: string): Conversation {
    const conversation = conversations.get(id);
    if (conversation !== undefined) return conversation;
    throw new RpcError(chatErrors.conversationNotFound, 'This conversation is not there.', {
      hint: 'It may have been deleted: choose another.',
    });
  }

  /** An answer whose end could not be stored (a full disk) is still in state `streaming` in the file. */
  function shown(id: string): Message[] {
    const list = messages.list(id);
    if (answering.has(id)) return list;
    return list.map((message) => (message.state === 'streaming' ? { ...message, state: 'stopped', finishReason: 'cancelled' } : message));
  }

  function save(conversation: Conversation): Conversation {
    conversations.save(conversation);
    emit({ kind: 'conversation', conversation });
    return conversation;
  }

  function refuseBusy(id: string): void {
    if (!answering.has(id)) return;
    throw new RpcError(chatErrors.busy, 'This conversation is being answered.', { hint: 'Wait for the answer, or stop it.' });
  }

  /** The model that answers next. @throws {RpcError} no-model-chosen, model-not-found */
  function modelOf(conversation: Conversation) {
    const id = conversation.modelId ?? settings.read().lastModelId;
    if (id === null)
      throw new RpcError(chatErrors.noModel, 'No model is chosen for this conversation.', { hint: 'Choose a model, then send again.' });
    return library.require(id);
  }

  /** Writes the answer's row, makes the answer, and keeps the conversation from being answered twice meanwhile. */
  async function answer(
    conversation: Conversation,
    change: { readonly removes?: Message; readonly user?: Message; readonly load?: LoadOptions | undefined },
    { signal, emit: emitEvent }: AnswerOptions,
  ): Promise<Message> {
    const artifact = modelOf(conversation);
    const assistant: Message = {
      ...newMessage(conversation.id, 'assistant', now()),
      state: 'streaming',
      modelId: artifact.id,
      modelName: artifact.quant === null ? artifact.name : `${artifact.name} ${artifact.quant}`,
    };
    const isFirst = change.user !== undefined && conversation.title === defaultTitle && messages.list(conversation.id).length === 0;
    const touched: Conversation = {
      ...conversation,
      modelId: artifact.id,
      title: isFirst ? titleOf(change.user.text) : conversation.title,
      updatedAt: touch(),
    };
    database.transaction(() => {
      if (change.removes !== undefined) messages.remove(change.removes.id);
      if (change.user !== undefined) messages.append(change.user);
      messages.append(assistant);
      conversations.save(touched);
    });
    emit({ kind: 'conversation', conversation: touched });
    if (settings.read().lastModelId !== artifact.id) settings.update({ lastModelId: artifact.id });

    const controller = new AbortController();
    const turns = toTurns(touched.systemPrompt, messages.list(conversation.id));
    const work = answerMessage(assistant, {
      turns,
      sampling: touched.sampling,
      load: change.load ?? null,
      models: options.models,
      messages,
      log,
      signal: AbortSignal.any([signal, controller.signal]),
      emit: emitEvent,
    });
    answering.set(conversation.id, { controller, ended: work.catch(() => undefined) });
    try {
      emitEvent({ kind: 'started', user: change.user ?? null, assistant });
      const made = await work;
      if (change.removes !== undefined && change.removes.text !== '' && made.text === '' && made.reasoning === null) {
        restore(change.removes, made);
      }
      return made;
    } finally {
      answering.delete(conversation.id);
    }
  }

  /** Puts an answer back where the one that was to replace it came to nothing. @throws {RpcError} why there is none */
  function restore(old: Message, failed: Message): void {
    if (failed.state === 'complete') return;
    database.transaction(() => {
      messages.remove(failed.id);
      messages.append(old);
    });
    const stopped: Message['error'] = { code: pipeErrors.cancelled, message: 'Stopped before there was a new answer.' };
    const { code, message, hint = 'The answer before it is kept.', next } = failed.error ?? stopped;
    throw new RpcError(code, message, { hint, ...(next === undefined ? {} : { data: { next } }) });
  }

  return {
    list: () => conversations.list(),
    create(modelId) {
      if (modelId !== null) library.require(modelId);
      const at = touch();
      return save({
        id: randomUUID(),
        title: defaultTitle,
        modelId,
        systemPrompt: settings.read().systemPrompt,
        sampling: defaultSampling,
        shape: defaultAnswerShape,
        createdAt: at,
        updatedAt: at,
      });
    },
    open(id) {
      return { conversation: requireConversation(id), messages: shown(id) };
    },
    update(id, patch) {
      const conversation = requireConversation(id);
      if (patch.modelId !== undefined && patch.modelId !== null) library.require(patch.modelId);
      return save({
        ...conversation,
        title: patch.title ?? conversation.title,
        modelId: patch.modelId === undefined ? conversation.modelId : patch.modelId,
        systemPrompt: patch.systemPrompt ?? conversation.systemPrompt,
        sampling: patch.sampling ?? conversation.sampling,
        updatedAt: touch(),
      });
    },
    async remove(id) {
      requireConversation(id);
      const running = answering.get(id);
      running?.controller.abort();
      await running?.ended;
      conversations.remove(id);
      emit({ kind: 'removed', id });
    },
    async send(id, text, answerOptions) {
      const conversation = requireConversation(id);
      refuseBusy(id);
      return await answer(conversation, { user: { ...newMessage(id, 'user', now()), text } }, answerOptions);
    },
    async regenerate(id, { messageId, load }, answerOptions) {
      const conversation = requireConversation(id);
      refuseBusy(id);
      const last = messages.list(id).at(-1);
      if (last?.id !== messageId || last.role !== 'assistant') {
        throw new RpcError(chatErrors.messageNotFound, 'Only the last answer of a conversation can be made again.', {
          hint: 'Send the question again instead.',
        });
      }
      return await answer(conversation, { removes: last, load }, answerOptions);
    },
    subscribe(listener) {
      listeners.add(listener);
      listener({ kind: 'snapshot', conversations: conversations.list() });
      return () => listeners.delete(listener);
    },
    async dispose() {
      for (const { controller } of answering.values()) controller.abort();
      await Promise.all([...answering.values()].map((running) => running.ended));
    },
  };
}

function newMessage(conversationId: string, role: Message['role'], createdAt: number): Message {
  return {
    id: randomUUID(),
    conversationId,
    parentId: null,
    siblingIds: [],
    role,
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
    createdAt,
  };
}

/** The history as the model gets it: no empty system turn, no answers without text, no reasoning of earlier answers. */
function toTurns(systemPrompt: string, history: readonly Message[]): ChatTurn[] {
  const system: ChatTurn[] = systemPrompt.trim() === '' ? [] : [{ role: 'system', content: systemPrompt }];
  return [...system, ...history.filter((message) => message.text !== '').map(({ role, text }): ChatTurn => ({ role, content: text }))];
}
