import { randomUUID } from 'node:crypto';
import { schemaProblem } from '#core/schema/engineSchema.ts';
import type { Conversation, Message } from '#shared/contract/chat.ts';
import { type LoadOptions, modelErrors } from '#shared/contract/models.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { PythonSandbox } from '../sandbox/pythonSandbox.ts';
import type { FetchTool } from '../tools/fetchTool.ts';
import { answerMessage } from './answerMessage.ts';
import type { CallDecisions } from './callDecisions.ts';
import { type ChatModel, type ChatModelNeeds, chatModelOf, requireSight } from './chatModels.ts';
import type { AnswerOptions, ChatService } from './chatService.ts';
import { type ChatStore, isWordless, messageNotFound, newMessage } from './chatStore.ts';
import { defaultTitle, titleOf } from './conversationTitle.ts';
import { pathTo } from './conversationTree.ts';
import { readAttachments } from './readAttachments.ts';
import { type HistoryTurns, toTurns } from './toTurns.ts';

export interface AnsweringNeeds extends ChatModelNeeds {
  readonly store: ChatStore;
  readonly decisions: CallDecisions;
  readonly sandbox: PythonSandbox;
  readonly fetchTool: FetchTool;
  readonly log: Log;
  readonly now: () => number;
}

/** What is written down before an answer is made. */
interface Plan {
  readonly model: ChatModel;
  readonly question: Message | null;
  readonly answer: Message;
  readonly isContinued: boolean;
  readonly load: LoadOptions | null;
}

/** Everything of a chat that ends in an answer. */
export function createAnswering(needs: AnsweringNeeds): Pick<ChatService, 'send' | 'edit' | 'regenerate' | 'continue'> {
  const { store, now, settings } = needs;
  const { database, conversations, messages, attachments } = store;

  function emptyAnswer(conversationId: string, parentId: string | null, model: ChatModel): Message {
    const about = { role: 'assistant', parentId, createdAt: now(), state: 'streaming', modelId: model.id, modelName: model.name } as const;
    return newMessage(conversationId, about);
  }

  /** @throws {RpcError} schema-invalid, before anything is written or loaded */
  function checked(conversation: Conversation): Conversation {
    requireSchema(conversation);
    return conversation;
  }

  function turnsOf(conversation: Conversation, path: readonly Message[]) {
    return (model: { readonly seesImages: boolean; readonly knowsTools: boolean }): HistoryTurns =>
      toTurns(path, { ...model, systemPrompt: conversation.systemPrompt, attachmentsOf: (id) => attachments.listOf(id) });
  }

  /** Makes an answer whose row is there, and stores what became of it. */
  async function make(conversation: Conversation, plan: Plan, options: AnswerOptions): Promise<Message> {
    const { model, isContinued, load } = plan;
    const answer = messages.get(plan.answer.id) ?? plan.answer;
    const question = plan.question === null ? null : (messages.get(plan.question.id) ?? plan.question);
    store.tell({ kind: 'conversation', conversation });
    if (settings.read().lastModelId !== model.id) settings.update({ lastModelId: model.id });
    options.emit({ kind: 'started', user: question, assistant: answer });
    const path = pathTo(messages.list(conversation.id), answer.id);
    // What cannot see is told the names of earlier pictures instead.
    const hasProjector = model.artifact?.projectorPath != null;
    const isPictured = (message: Message | undefined): boolean => message?.attachments.some(({ kind }) => kind === 'image') === true;
    const asksOfPicture = isPictured(path.findLast(({ role }) => role === 'user'));
    const sight = !hasProjector || !path.some(isPictured) ? 'none' : asksOfPicture ? 'needed' : 'wished';
    const final = await answerMessage(answer, {
      model,
      sight,
      turnsFor: turnsOf(conversation, isContinued ? path : path.slice(0, -1)),
      sampling: conversation.sampling,
      shape: conversation.shape,
      isContinued,
      load,
      toolSettings: () => store.require(conversation.id).shape.tools,
      keep: (message) => messages.saveProgress(message),
      async ask(call, signal) {
        const decision = await needs.decisions.ask(conversation.id, call, signal);
        if (decision === 'always') allowAlways(conversation.id, call.name);
        return decision;
      },
      sandbox: needs.sandbox,
      fetchTool: needs.fetchTool,
      log: needs.log,
      signal: options.signal,
      emit: options.emit,
    });
    messages.save(final);
    return final;
  }

  function allowAlways(conversationId: string, name: string): void {
    const conversation = store.require(conversationId);
    const { tools } = conversation.shape;
    if (name !== 'execute_python' && name !== 'http_get') return;
    const allowed = [...new Set<(typeof tools.allowed)[number]>([...tools.allowed, name])];
    store.save({ ...conversation, shape: { ...conversation.shape, tools: { ...tools, allowed } } });
  }

  /** Writes a question and the place of its answer, and answers it. */
  async function ask(
    conversation: Conversation,
    asked: { readonly model: ChatModel; readonly question: Message; readonly attach: () => void },
    options: AnswerOptions,
  ): Promise<Message> {
    const { model, question } = asked;
    const answer = emptyAnswer(conversation.id, question.id, model);
    const { title: before } = store.require(conversation.id);
    const isFirst = before === defaultTitle && messages.list(conversation.id).length === 0;
    const title = isFirst ? titleOf(question.text || (question.attachments[0]?.name ?? '')) : before;
    // Read again: it may have been changed while a model was looked at.
    const touched = { ...store.require(conversation.id), modelId: model.id, title, updatedAt: store.touch() };
    database.transaction(() => {
      messages.append(question);
      asked.attach();
      messages.append(answer);
      conversations.save(touched);
      conversations.setLeaf(conversation.id, answer.id);
    });
    return await make(touched, { model, question, answer, isContinued: false, load: null }, options);
  }

  /** An answer that came to nothing takes no place beside one that has words. @throws {RpcError} why there is none */
  function giveBack(made: Message, undo: () => void): void {
    database.transaction(undo);
    const stopped: Message['error'] = { code: pipeErrors.cancelled, message: 'Stopped before there was a new answer.' };
    const { code, message, hint = 'The answer before it is kept.', next } = made.error ?? stopped;
    throw new RpcError(code, message, { hint, ...(next === undefined ? {} : { data: { next } }) });
  }

  return {
    async send(id, { text, attachments: given = [] }, options) {
      store.require(id);
      return await store.exclusively(id, options.signal, async (signal) => {
        const conversation = checked(store.require(id));
        if (text.trim() === '' && given.length === 0)
          throw new RpcError(pipeErrors.badInput, 'There is nothing to send.', { hint: 'Write something, or attach a file.' });
        const model = await chatModelOf(conversation, needs);
        const attached = readAttachments(given);
        if (attached.some(({ kind }) => kind === 'image')) await requireSight(model, openingOf(signal, options), needs);
        const parentId = store.path(id).at(-1)?.id ?? null;
        const question = {
          ...newMessage(id, { role: 'user', parentId, createdAt: now(), text }),
          attachments: attached.map(({ bytes: _, ...attachment }) => attachment),
        };
        return await ask(conversation, { model, question, attach: () => attachments.save(question.id, attached) }, { ...options, signal });
      });
    },

    async edit(id, { messageId, text }, options) {
      store.require(id);
      return await store.exclusively(id, options.signal, async (signal) => {
        const conversation = checked(store.require(id));
        const before = store.requireMessage(id, messageId);
        if (before.role !== 'user') throw messageNotFound('This is an answer, and no question.', 'Change its words, or make it again.');
        const model = await chatModelOf(conversation, needs);
        const question = newMessage(id, { role: 'user', parentId: before.parentId, createdAt: now(), text });
        const attach = (): void =>
          attachments.save(
            question.id,
            attachments.listOf(before.id).map((one) => ({ ...one, id: randomUUID() })),
          );
        return await ask(conversation, { model, question, attach }, { ...options, signal });
      });
    },

    async regenerate(id, { messageId, load }, options) {
      store.require(id);
      return await store.exclusively(id, options.signal, async (signal) => {
        const conversation = checked(store.require(id));
        const old = store.requireMessage(id, messageId);
        const model = await chatModelOf(conversation, needs);
        const leaf = store.path(id).at(-1)?.id ?? null;
        const answer = emptyAnswer(id, old.role === 'user' ? old.id : old.parentId, model);
        const touched = { ...store.require(id), modelId: model.id, updatedAt: store.touch() };
        database.transaction(() => {
          messages.append(answer);
          conversations.save(touched);
          conversations.setLeaf(id, answer.id);
        });
        const made = await make(touched, { model, question: null, answer, isContinued: false, load: load ?? null }, { ...options, signal });
        const beside = old.role === 'assistant' ? old : messages.list(id).findLast((one) => one.parentId === old.id && !isWordless(one));
        if (isWordless(made) && made.state !== 'complete' && beside !== undefined && !isWordless(beside)) {
          giveBack(made, () => {
            messages.remove(made.id);
            conversations.setLeaf(id, leaf);
          });
        }
        if (old.role === 'user') return made;
        const isFollowed = messages.list(id).some(({ parentId }) => parentId === old.id);
        if (isWordless(old) && !isFollowed) messages.remove(old.id);
        return messages.get(made.id) ?? made;
      });
    },

    async continue(id, { messageId }, options) {
      store.require(id);
      return await store.exclusively(id, options.signal, async (signal) => {
        const conversation = checked(store.require(id));
        const old = store.requireMessage(id, messageId);
        if (old.role !== 'assistant' || store.path(id).at(-1)?.id !== messageId) {
          throw messageNotFound('Only the last answer can be gone on with.', 'Make this one again, or branch from it.');
        }
        if (old.text === '' && old.calls.length === 0) {
          throw messageNotFound('There are no words yet to go on from.', 'Make the answer again.');
        }
        const model = await chatModelOf(conversation, needs);
        const answer: Message = { ...old, state: 'streaming', finishReason: null, error: null };
        const touched = { ...store.require(id), modelId: model.id, updatedAt: store.touch() };
        database.transaction(() => {
          messages.save(answer);
          conversations.save(touched);
        });
        const made = await make(touched, { model, question: null, answer, isContinued: true, load: null }, { ...options, signal });
        const isSame = made.text === old.text && made.reasoning === old.reasoning && made.calls.length === old.calls.length;
        if (isSame && made.state !== 'complete') giveBack(made, () => messages.save(old));
        return made;
      });
    },
  };
}

/** @throws {RpcError} schema-invalid */
export function requireSchema({ shape }: Pick<Conversation, 'shape'>): void {
  const problem = shape.schema === null ? null : schemaProblem(shape.schema);
  if (problem === null) return;
  throw new RpcError(modelErrors.schema, `Answers cannot be held to this JSON Schema: ${problem.slice(0, 300)}.`, {
    hint: 'Use object, array, string, number, integer, boolean, null, enum, const, oneOf and local $defs.',
  });
}

function openingOf(signal: AbortSignal, { emit }: AnswerOptions): Parameters<ChatModel['open']>[0] {
  return { load: null, sees: false, signal, onProgress: (progress) => emit({ kind: 'loading', progress }) };
}
