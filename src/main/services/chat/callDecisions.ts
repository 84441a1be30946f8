import type { ChatCall } from '#shared/contract/chat.ts';
import { messageNotFound } from './chatStore.ts';

export type CallDecision = 'once' | 'always' | 'refuse';

/** Calls of tools that wait for a person's word. */
export interface CallDecisions {
  /** @throws the signal's reason when the answer is stopped meanwhile */
  ask(conversationId: string, call: Pick<ChatCall, 'id'>, signal: AbortSignal): Promise<CallDecision>;
  /** @throws {RpcError} message-not-found when it does not wait, or not any more */
  decide(conversationId: string, callId: string, decision: CallDecision): void;
}

/** Nothing is remembered once it is decided: a call is asked about once. */
export function createCallDecisions(): CallDecisions {
  const waiting = new Map<string, { readonly conversationId: string; resolve(decision: CallDecision): void }>();
  return {
    async ask(conversationId, { id }, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<CallDecision>();
      const stop = (): void => reject(signal.reason);
      signal.throwIfAborted();
      waiting.set(id, { conversationId, resolve });
      signal.addEventListener('abort', stop, { once: true });
      try {
        return await promise;
      } finally {
        waiting.delete(id);
        signal.removeEventListener('abort', stop);
      }
    },
    decide(conversationId, callId, decision) {
      const call = waiting.get(callId);
      if (call?.conversationId !== conversationId) {
        throw messageNotFound('This call does not wait for an answer any more.', 'It was decided already, or its answer was stopped.');
      }
      call.resolve(decision);
    },
  };
}
