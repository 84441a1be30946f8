import { randomUUID } from 'node:crypto';
import { searchChats } from '#main/storage/chatSearch.ts';
import type { Database } from '#main/storage/database.ts';
import { type Conversation, defaultAnswerShape, defaultSampling, type Message } from '#shared/contract/chat.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';
import type { ToolSpec } from '#shared/contract/runner.ts';
import type { Log } from '#shared/log.ts';
import type { PythonSandbox } from '../sandbox/pythonSandbox.ts';
import type { FetchTool } from '../tools/fetchTool.ts';
import { createCallDecisions } from './callDecisions.ts';
import { type ChatModelNeeds, requireModel } from './chatModels.ts';
import type { ChatService } from './chatService.ts';
import { isWordless, messageNotFound, newMessage, openChatStore } from './chatStore.ts';
import { countContextUse, lastContextUse } from './contextUse.ts';
import { defaultTitle } from './conversationTitle.ts';
import { branchFrom, latestEnd, pathTo } from './conversationTree.ts';
import { createAnswering, requireSchema } from './createAnswering.ts';
import { createPresets } from './createPresets.ts';
import { exportChats } from './exportChats.ts';
import { importChats } from './importChats.ts';
import { offeredTools } from './offeredTools.ts';
import { toTurns } from './toTurns.ts';

export interface ChatServiceOptions extends ChatModelNeeds {
  readonly database: Database;
  readonly sandbox: PythonSandbox;
  readonly fetchTool: FetchTool;
  readonly log: Log;
  readonly now: () => number;
}

/** Opens the conversations, and everything that can be done with them. */
export function createChatService(options: ChatServiceOptions): ChatService {
  const { database, library, models, settings, now } = options;
  const store = openChatStore(options);
  const { conversations, messages, attachments } = store;
  const decisions = createCallDecisions();

  /** All messages of a conversation that nobody is at work in. */
  function idle(conversationId: string, messageId: string): { readonly all: Message[]; readonly message: Message } {
    store.require(conversationId);
    store.refuseBusy(conversationId);
    return { message: store.requireMessage(conversationId, messageId), all: messages.list(conversationId) };
  }

  function create(about: Pick<Conversation, 'title' | 'modelId' | 'systemPrompt' | 'sampling' | 'shape'>): Conversation {
    const at = store.touch();
    return { ...about, id: randomUUID(), createdAt: at, updatedAt: at };
  }

  /** A conversation's messages again in another one. */
  function copyPath(path: readonly Message[], conversationId: string): void {
    let parentId: string | null = null;
    for (const message of path) {
      const id = randomUUID();
      messages.append({ ...message, id, conversationId, parentId });
      attachments.save(
        id,
        attachments.listOf(message.id).map((attachment) => ({ ...attachment, id: randomUUID() })),
      );
      parentId = id;
    }
  }

  return {
    ...createAnswering({ ...options, store, decisions }),
    ...createPresets({ database, now }),
    list: () => conversations.list(),
    create(modelId) {
      if (modelId !== null) requireModel(modelId, library);
      const { systemPrompt } = settings.read();
      return store.save(create({ title: defaultTitle, modelId, systemPrompt, sampling: defaultSampling, shape: defaultAnswerShape }));
    },
    open: (id) => store.open(id),
    update(id, patch) {
      const conversation = store.require(id);
      if (patch.modelId !== undefined && patch.modelId !== null) requireModel(patch.modelId, library);
      if (patch.shape !== undefined) requireSchema({ shape: patch.shape });
      return store.save({
        ...conversation,
        title: patch.title ?? conversation.title,
        modelId: patch.modelId === undefined ? conversation.modelId : patch.modelId,
        systemPrompt: patch.systemPrompt ?? conversation.systemPrompt,
        sampling: patch.sampling ?? conversation.sampling,
        shape: patch.shape ?? conversation.shape,
        updatedAt: store.touch(),
      });
    },
    async remove(id) {
      store.require(id);
      await store.stop(id);
      conversations.remove(id);
      store.tell({ kind: 'removed', id });
    },
    editAnswer(id, { messageId, text }) {
      const { message } = idle(id, messageId);
      if (message.role !== 'assistant') throw messageNotFound('This is a question, and no answer.', 'Ask it in other words instead.');
      const { reasoning, modelId, modelName, calls, parentId } = message;
      const edited: Message = {
        ...newMessage(id, { role: 'assistant', parentId, createdAt: now(), text, modelId, modelName }),
        reasoning,
        calls: calls.map((call) => ({ ...call, id: randomUUID(), at: Math.min(call.at, text.length) })),
        isEdited: true,
      };
      database.transaction(() => {
        messages.append(edited);
        conversations.setLeaf(id, edited.id);
      });
      store.save({ ...store.require(id), updatedAt: store.touch() });
      return store.open(id);
    },
    choose(id, messageId) {
      const { all } = idle(id, messageId);
      conversations.setLeaf(id, latestEnd(all, messageId));
      // Another window shows the same path: what is sent from there goes on with it.
      store.tell({ kind: 'conversation', conversation: store.require(id) });
      return store.open(id);
    },
    branch(id, messageId) {
      const { all } = idle(id, messageId);
      const { title, ...about } = store.require(id);
      const copy = create({ ...about, title: `${title.slice(0, 190)} (branch)` });
      database.transaction(() => {
        conversations.save(copy);
        copyPath(pathTo(all, messageId), copy.id);
      });
      store.tell({ kind: 'conversation', conversation: copy });
      return copy;
    },
    removeMessage(id, messageId) {
      const { all, message } = idle(id, messageId);
      const leaf = store.path(id).at(-1)?.id;
      const gone = branchFrom(all, messageId);
      database.transaction(() => {
        for (const one of gone) messages.remove(one.id);
        if (gone.every((one) => one.id !== leaf)) return;
        const sibling = message.siblingIds.findLast((other) => other !== messageId);
        conversations.setLeaf(id, sibling === undefined ? message.parentId : latestEnd(messages.list(id), sibling));
      });
      store.save({ ...store.require(id), updatedAt: store.touch() });
      return store.open(id);
    },
    decideCall: (id, callId, decision) => decisions.decide(id, callId, decision),
    attachment(attachmentId) {
      const attachment = attachments.get(attachmentId);
      if (attachment === undefined) throw messageNotFound('This file is not there.');
      const { bytes, ...about } = attachment;
      return { ...about, data: Buffer.from(bytes).toString('base64') };
    },
    async context(id, text) {
      const conversation = store.require(id);
      const path = store.path(id);
      const modelId = conversation.modelId ?? settings.read().lastModelId;
      const loaded = models.loaded().find((one) => one.artifactId === modelId && one.state === 'ready');
      // What a benchmark measures is not disturbed for a number.
      if (loaded === undefined || loaded.usedBy === 'benchmark' || modelId === null) return lastContextUse(path);
      const typed = text.trim() === '' ? [] : [newMessage(id, { role: 'user', parentId: null, createdAt: now(), text })];
      const runner = await models.acquire(modelId);
      try {
        const { knowsTools = false, seesImages = false, contextTokens } = runner.load;
        const { tools, thinking, overflow } = conversation.shape;
        const { specs } = offeredTools(tools, { knowsTools, name: loaded.name }, options);
        const history = [...path.filter((message) => !isWordless(message) || message.role === 'user'), ...typed];
        return await countContextUse(
          toTurns(history, {
            systemPrompt: conversation.systemPrompt,
            attachmentsOf: (of) => attachments.listOf(of),
            seesImages,
            knowsTools,
          }),
          {
            generation: runner.generation,
            request: { thinking, ...(specs.length === 0 ? {} : { tools: specs as unknown as ToolSpec[] }) },
            totalTokens: contextTokens,
            maxTokens: conversation.sampling.maxTokens,
            dropsOldest: overflow === 'drop-oldest',
          },
        );
      } finally {
        runner.release();
      }
    },
    search: (query, limit) => searchChats(database, query, limit),
    export: (wish, options) => exportChats(store, wish, options),
    import: (file) => importChats(file, { store, now, isModel: (id) => isKnownModel(id, options) }),
    subscribe: (listener) => store.subscribe(listener),
    dispose: () => store.stop(),
  };
}

function isKnownModel(id: string, { library }: Pick<ChatModelNeeds, 'library'>): boolean {
  return readEndpointModelId(id) !== null || library.list().some((artifact) => artifact.id === id);
}
