import type { AnswerEvent, ChatCall, Conversation, ConversationChange, Message, NewAttachment } from '#shared/contract/chat.ts';
import type { RpcErrorData } from '#shared/rpc/rpcError.ts';

/** An answer while it is made. Text is what the page shows; counts come from the engine. */
export interface LiveAnswer {
  readonly phase: 'sending' | 'loading' | 'prompt' | 'writing';
  /** Null until the service has named the message. */
  readonly messageId: string | null;
  /** What the person typed, until the service has stored it. */
  readonly pendingText: string | null;
  /** The message that this one takes the place of, or goes on with: it and what follows are not shown meanwhile. */
  readonly replacing: string | null;
  readonly loadProgress: number | null;
  readonly prompt: { readonly processedTokens: number; readonly totalTokens: number } | null;
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ChatCall[];
  readonly completionTokens: number;
  readonly tokensPerSecond: number | null;
  /** How long it has reasoned, by this page's clock, and over how many tokens; null where it has not, or nobody can tell. */
  readonly reasoned: { readonly ms: number; readonly tokens: number | null } | null;
  /** When the first text came, by this page's clock. */
  readonly firstTextAt: number | null;
  readonly isStopping: boolean;
}

/** The messages of one conversation and what stands in the way of the next one. */
export interface Thread {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly messages: readonly Message[];
  readonly problem: RpcErrorData | null;
  /** A message that never reached the conversation, kept so that nothing typed is lost. */
  readonly unsent: Unsent | null;
  /** Over how many tokens the answers made here reasoned; what is stored does not say. */
  readonly reasoningTokens: Readonly<Record<string, number>>;
}

interface Unsent {
  readonly text: string;
  readonly attachments: readonly NewAttachment[];
  readonly problem: RpcErrorData;
}

export const emptyThread: Thread = { state: 'ready', messages: [], problem: null, unsent: null, reasoningTokens: {} };

/** @param question.goesOnWith the answer that is continued: its words stay in sight */
export function startedLive(question: {
  readonly pendingText: string | null;
  readonly replacing: string | null;
  readonly goesOnWith?: Message | undefined;
}): LiveAnswer {
  const { pendingText, replacing, goesOnWith } = question;
  return {
    phase: 'sending',
    messageId: null,
    pendingText,
    replacing,
    loadProgress: null,
    prompt: null,
    text: goesOnWith?.text ?? '',
    reasoning: goesOnWith?.reasoning ?? '',
    calls: goesOnWith?.calls ?? [],
    completionTokens: 0,
    tokensPerSecond: null,
    reasoned: null,
    firstTextAt: null,
    isStopping: false,
  };
}

/**
 * Applies a run of events in one step, so that a frame costs one render however many tokens it brought.
 * @param at the page's clock, in milliseconds
 */
export function applyEvents(live: LiveAnswer, events: readonly AnswerEvent[], at: number): LiveAnswer {
  let next = live;
  for (const event of events) {
    switch (event.kind) {
      case 'started':
        next = { ...next, messageId: event.assistant.id, pendingText: null, text: event.assistant.text || next.text };
        break;
      case 'loading':
        next = { ...next, phase: 'loading', loadProgress: event.progress };
        break;
      case 'prompt':
        next = { ...next, phase: 'prompt', prompt: { processedTokens: event.processedTokens, totalTokens: event.totalTokens } };
        break;
      case 'delta':
        next = withDelta(next, event, at);
        break;
      case 'call':
        next = { ...next, phase: 'writing', calls: withCall(next.calls, event.call) };
        break;
      default:
        event satisfies never;
    }
  }
  return next;
}

function withDelta(live: LiveAnswer, delta: Extract<AnswerEvent, { kind: 'delta' }>, at: number): LiveAnswer {
  const firstTextAt = live.firstTextAt ?? at;
  const isReasoning = delta.reasoning !== '';
  // Where a piece brings the end of the reasoning and the begin of the answer together, nobody can tell how many tokens were whose.
  const tokens = delta.text === '' ? delta.completionTokens : null;
  return {
    ...live,
    phase: 'writing',
    text: live.text + delta.text,
    reasoning: live.reasoning + delta.reasoning,
    completionTokens: delta.completionTokens,
    tokensPerSecond: delta.tokensPerSecond,
    firstTextAt,
    reasoned: isReasoning ? { ms: at - firstTextAt, tokens } : live.reasoned,
  };
}

function withCall(calls: readonly ChatCall[], call: ChatCall): readonly ChatCall[] {
  return calls.some(({ id }) => id === call.id) ? calls.map((one) => (one.id === call.id ? call : one)) : [...calls, call];
}

/** Puts the stored question and the new answer in their place; what it replaces goes, with all that followed. */
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

/**
 * Whether the messages of a conversation may be others now: what was written moves it to the top, and word of a conversation that is as it
 * was is word of its messages. In a snapshot all of them are named.
 */
export function concernsMessages(before: Conversation | undefined, after: Conversation, kind: ConversationChange['kind']): boolean {
  if (before === undefined) return false;
  if (before.updatedAt !== after.updatedAt) return true;
  return kind === 'conversation' && JSON.stringify(before) === JSON.stringify(after);
}

function byNewest(a: Conversation, b: Conversation): number {
  return b.updatedAt - a.updatedAt;
}
