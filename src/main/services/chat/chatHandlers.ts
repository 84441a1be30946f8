import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { untilAborted } from '../untilAborted.ts';
import type { ChatService } from './chatService.ts';

type ChatRoutes = Extract<keyof Routes, `chat.${string}`>;

/** The `chat.*` routes over the service. */
export function createChatHandlers(chat: ChatService): Pick<Handlers<Routes>, ChatRoutes> {
  return {
    'chat.changes': (_input, { emit, signal }) => untilAborted(signal, () => chat.subscribe(emit)),
    'chat.create': async ({ modelId }) => chat.create(modelId),
    'chat.open': async ({ conversationId }) => chat.open(conversationId),
    'chat.update': async ({ conversationId, ...patch }) => chat.update(conversationId, patch),
    async 'chat.remove'({ conversationId }) {
      await chat.remove(conversationId);
      return {};
    },
    'chat.send': ({ conversationId, ...sent }, context) => chat.send(conversationId, sent, context),
    'chat.regenerate': ({ conversationId, ...wish }, context) => chat.regenerate(conversationId, wish, context),
    'chat.edit': ({ conversationId, ...wish }, context) => chat.edit(conversationId, wish, context),
    'chat.continue': ({ conversationId, ...wish }, context) => chat.continue(conversationId, wish, context),
    'chat.editAnswer': async ({ conversationId, ...wish }) => chat.editAnswer(conversationId, wish),
    'chat.choose': async ({ conversationId, messageId }) => chat.choose(conversationId, messageId),
    'chat.branch': async ({ conversationId, messageId }) => chat.branch(conversationId, messageId),
    'chat.removeMessage': async ({ conversationId, messageId }) => chat.removeMessage(conversationId, messageId),
    async 'chat.decideCall'({ conversationId, callId, decision }) {
      chat.decideCall(conversationId, callId, decision);
      return {};
    },
    'chat.attachment': async ({ attachmentId }) => chat.attachment(attachmentId),
    'chat.context': ({ conversationId, text }) => chat.context(conversationId, text),
    'chat.search': async ({ query, limit }) => ({ hits: chat.search(query, limit) }),
    'chat.export': (wish, context) => chat.export(wish, context),
    'chat.import': (file) => chat.import(file),
    'chat.presets': async () => ({ presets: chat.presets() }),
    'chat.savePreset': async (preset) => chat.savePreset(preset),
    async 'chat.removePreset'({ id }) {
      chat.removePreset(id);
      return {};
    },
  };
}
