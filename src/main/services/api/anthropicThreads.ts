import type { MessagesRequest } from './anthropicRequest.ts';
import { ApiError } from './apiErrors.ts';
import { createKeptStore } from './keptStore.ts';

/** Conversations that a client goes on with by the id of the last message: its helper for tools sends nothing but what is new. */
export interface ThreadStore {
  /** A request with what its thread has said before. @throws {ApiError} 404 where that is not known any more */
  resume(request: MessagesRequest): MessagesRequest;
  /** Holds a conversation that is to be held, under the id of its newest message. */
  keep(id: string, request: MessagesRequest, content: Content): void;
}

type Thread = Pick<MessagesRequest, 'system' | 'tools' | 'messages'>;
type Content = Exclude<MessagesRequest['messages'][number]['content'], string>;

/** @param now milliseconds */
export function createThreadStore(now: () => number): ThreadStore {
  const threads = createKeptStore<Thread>(now);
  return {
    resume(request) {
      if (request.thread?.type !== 'continue') return request;
      const before = threads.find(request.thread.previous_message_id);
      if (before === null) throw notFound(request.thread.previous_message_id);
      return { ...request, ...before, messages: [...before.messages, ...request.messages] };
    },
    keep(id, { thread, system, tools, messages }, content) {
      if (thread == null) return;
      const kept: Thread = { system, tools, messages: [...messages, { role: 'assistant', content }] };
      threads.keep(id, kept, JSON.stringify(kept).length);
    },
  };
}

const notFound = (id: string): ApiError =>
  new ApiError({
    status: 404,
    code: 'thread_not_found',
    message: `There is no conversation up to the message '${id.slice(0, 200)}'. They are kept for an hour at most: send the conversation itself.`,
    // Clients know by it that they are to do so.
    details: { error_code: 'thread_not_found' },
  });
