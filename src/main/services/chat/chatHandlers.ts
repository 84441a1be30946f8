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
    'chat.send': ({ conversationId, text }, context) => chat.send(conversationId, text, context),
    'chat.regenerate': ({ conversationId, ...wish }, context) => chat.regenerate(conversationId, wish, context),
  };
}
