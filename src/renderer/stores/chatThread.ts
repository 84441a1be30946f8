import type { AnswerEvent, Conversation, ConversationChange, Message } from '#shared/contract/chat.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';

/** An answer while it is made. Text is what the page shows; counts come from the engine. */
export interface LiveAnswer {
  readonly phase: 'sending' | 'loading' | 'prompt' | 'writing';
  /** Null until the service has named the message. */
  readonly messageId: string | null;
  /** What the person typed, until the service has stored it. */
  readonly pendingText: string | null;
  /** The answer that this one takes the place of. */
  readonly replacing: string | null;
  readonly loadProgress: number | null;
  readonly prompt: { readonly processedTokens: number; readonly totalTokens: number } | null;
  readonly text: string;
  readonly reasoning: string;
  readonly completionTokens: number;
  readonly tokensPerSecond: number | null;
  readonly isStopping: boolean;
}

/** The messages of one conversation and what stands in the way of the next one. */
export interface Thread {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly messages: readonly Message[];
  readonly problem: RpcErrorData | null;
  /** A message that never reached the conversation, kept so that nothing typed is lost. */
  readonly unsent: { readonly text: string; readonly problem: RpcErrorData } | null;
}

export const emptyThread: Thread = { state: 'ready', messages: [], problem: null, unsent: null };

export function startedLive(question: { readonly pendingText: string | null; readonly replacing: string | null }): LiveAnswer {
  return {
    phase: 'sending',
    messageId: null,
    ...question,
    loadProgress: null,
    prompt: null,
    text: '',
    reasoning: '',
    completionTokens: 0,
    tokensPerSecond: null,
    isStopping: false,
  };
}

/** Applies a run of events in one step, so that a frame costs one render however many tokens it brought. */
export function applyEvents(live: LiveAnswer, events: readonly AnswerEvent[]): LiveAnswer {
  let next = live;
  for (const event of events) {
    switch (event.kind) {
      case 'started':
        next = { ...next, messageId: event.assistant.id, pendingText: null };
        break;
      case 'loading':
        next = { ...next, phase: 'loading', loadProgress: event.progress };
        break;
      case 'prompt':
        next = { ...next, phase: 'prompt', prompt: { processedTokens: event.processedTokens, totalTokens: event.totalTokens } };
        break;
      case 'delta':
        next = {
          ...next,
          phase: 'writing',
          text: next.text + event.text,
          reasoning: next.reasoning + event.reasoning,
          completionTokens: event.completionTokens,
          tokensPerSecond: event.tokensPerSecond,
        };
        break;
      case 'call':
        break;
      default:
        event satisfies never;
    }
  }
  return next;
}

/** Puts the stored question and the new answer in their place; a regenerated answer replaces the old one and what followed it. */
export function withStarted(
  messages: readonly Message[],
  started: Extract<AnswerEvent, { kind: 'started' }>,
  options: { readonly replacing: string | null },
): readonly Message[] {
  const cut = options.replacing === null ? -1 : messages.findIndex((message) => message.id === options.replacing);
  const kept = cut === -1 ? messages : messages.slice(0, cut);
  const fresh = [...(started.user === null ? [] : [started.user]), started.assistant];
  const known = new Set(fresh.map((message) => message.id));
  return [...kept.filter((message) => !known.has(message.id)), ...fresh];
}

export function withMessage(messages: readonly Message[], message: Message): readonly Message[] {
  return messages.some((one) => one.id === message.id)
    ? messages.map((one) => (one.id === message.id ? message : one))
    : [...messages, message];
}

/** Newest first, as the list shows them. */
export function withChange(conversations: readonly Conversation[], change: ConversationChange): readonly Conversation[] {
  switch (change.kind) {
    case 'snapshot':
      return change.conversations.toSorted(byNewest);
    case 'conversation':
      return [change.conversation, ...conversations.filter((one) => one.id !== change.conversation.id)].sort(byNewest);
    case 'removed':
      return conversations.filter((one) => one.id !== change.id);
    default:
      return change satisfies never;
  }
}

function byNewest(a: Conversation, b: Conversation): number {
  return b.updatedAt - a.updatedAt;
}
