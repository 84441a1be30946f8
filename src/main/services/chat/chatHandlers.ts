import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { unfinished } from '../unfinished.ts';
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
    'chat.send': ({ conversationId, text }, context) => chat.send(conversationId, text, context),
    'chat.edit': unfinished,
    'chat.continue': unfinished,
    'chat.editAnswer': unfinished,
    'chat.choose': unfinished,
    'chat.branch': unfinished,
    'chat.removeMessage': unfinished,
    'chat.decideCall': unfinished,
    'chat.attachment': unfinished,
    'chat.context': unfinished,
    'chat.search': unfinished,
    'chat.export': unfinished,
    'chat.import': unfinished,
    'chat.presets': unfinished,
    'chat.savePreset': unfinished,
    'chat.removePreset': unfinished,
    'chat.regenerate': ({ conversationId, ...wish }, context) => chat.regenerate(conversationId, wish, context),
  };
}
