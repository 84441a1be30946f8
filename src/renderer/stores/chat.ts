import { create } from 'zustand';
import {
  type AnswerShape,
  type Conversation,
  type ConversationChange,
  defaultAnswerShape,
  defaultSampling,
  type NewAttachment,
  type Sampling,
} from '#shared/contract/chat.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import type { Routes } from '#shared/contract/routes.ts';
import type { InputOf } from '#shared/rpc/routeTable.ts';
import { pipeErrors, type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { concernsMessages, emptyThread, type LiveAnswer, type Thread, withChange } from './chatThread.ts';
import { follow, rpc } from './rpc.ts';

/** What a new conversation starts with; it becomes a row in the database with its first message. */
export interface ChatDraft {
  readonly modelId: string | null;
  readonly systemPrompt: string | null;
  readonly sampling: Sampling;
  readonly shape: AnswerShape;
}

interface ChatState {
  /** Null until the first snapshot. */
  readonly conversations: readonly Conversation[] | null;
  readonly draft: ChatDraft;
  readonly threads: Readonly<Record<string, Thread>>;
  readonly live: Readonly<Record<string, LiveAnswer>>;
  /** What is typed and not sent, by conversation; `''` is the new one. */
  readonly typed: Readonly<Record<string, string>>;
  /** What is to go along with it, the same way. */
  readonly attached: Readonly<Record<string, readonly NewAttachment[]>>;
  /** The message whose words are being changed, by conversation. */
  readonly editing: Readonly<Record<string, { readonly messageId: string; readonly text: string } | null>>;
  /** A message to be shown as soon as its conversation is: where a search found something. */
  readonly jump: { readonly conversationId: string; readonly messageId: string } | null;
  readonly loadProblem: { readonly modelId: string; readonly problem: RpcErrorData } | null;
  readonly notice: RpcErrorData | null;
}

export const emptyDraft: ChatDraft = { modelId: null, systemPrompt: null, sampling: defaultSampling, shape: defaultAnswerShape };

export const useChat = create<ChatState>(() => ({
  conversations: null,
  draft: emptyDraft,
  threads: {},
  live: {},
  typed: {},
  attached: {},
  editing: {},
  jump: null,
  loadProblem: null,
  notice: null,
}));

const { getState: get, setState: set } = useChat;

/** Keeps the list of conversations up to date. @returns how to stop. */
export function followConversations(): () => void {
  return follow(
    'chat.changes',
    {},
    {
      onItem(change) {
        const before = get().conversations ?? [];
        set({ conversations: withChange(before, change) });
        catchUp(before, change);
      },
      onError: (notice) => set({ notice }),
    },
  );
}

/** What was read of a removed conversation, and typed for it. An answer that is still being written takes itself away. */
function forget(id: string): void {
  const { threads, typed, attached, editing } = get();
  set({ threads: without(threads, id), typed: without(typed, id), attached: without(attached, id), editing: without(editing, id) });
}

function without<Value>(record: Readonly<Record<string, Value>>, id: string): Readonly<Record<string, Value>> {
  const { [id]: _gone, ...rest } = record;
  return rest;
}

/** What another window did to messages that are here, or the app while nobody was connected, is read again. */
function catchUp(before: readonly Conversation[], change: ConversationChange): void {
  if (change.kind === 'removed') return forget(change.id);
  const after = change.kind === 'snapshot' ? change.conversations : [change.conversation];
  const known = new Map(before.map((conversation) => [conversation.id, conversation]));
  for (const conversation of after) {
    const { threads, live } = get();
    const thread = threads[conversation.id];
    if (thread === undefined || thread.state === 'loading' || conversation.id in live) continue;
    const isWriting = thread.messages.some((message) => message.state === 'streaming');
    if (isWriting || concernsMessages(known.get(conversation.id), conversation, change.kind)) void reloadThread(conversation.id);
  }
  if (change.kind !== 'snapshot') return;
  const kept = new Set(after.map(({ id }) => id));
  for (const { id } of before) if (!kept.has(id)) forget(id);
}

/** Prepares a new conversation; the screen that shows it is where no conversation is named. */
export function startNewChat(modelId: string | null = null): void {
  set({ draft: { ...get().draft, modelId: modelId ?? get().draft.modelId }, notice: null });
}

/** Reads the messages of a conversation unless they are here already. */
export async function loadThread(conversationId: string): Promise<void> {
  const known = get().threads[conversationId];
  if (known !== undefined && known.state !== 'failed') return;
  setThread(conversationId, () => ({ ...emptyThread, state: 'loading' }));
  await reloadThread(conversationId);
}

/** Reads the messages anew. What goes wrong stands in the thread. */
export async function reloadThread(conversationId: string): Promise<void> {
  try {
    const { messages } = await rpc.call('chat.open', { conversationId });
    setThread(conversationId, (thread) => ({ ...thread, state: 'ready', messages, problem: null }));
  } catch (thrown) {
    setThread(conversationId, (thread) => ({
      ...thread,
      state: thread.messages.length === 0 ? 'failed' : 'ready',
      problem: toRpcErrorData(thrown),
    }));
  }
}

export function changeDraft(change: Partial<ChatDraft>): void {
  set({ draft: { ...get().draft, ...change } });
}

/** Changes a conversation, or the draft where there is none yet. */
export async function changeChat(
  conversationId: string | null,
  change: { readonly modelId?: string | null; readonly systemPrompt?: string; readonly sampling?: Sampling; readonly shape?: AnswerShape },
): Promise<void> {
  if (conversationId === null) changeDraft(change);
  else await updateConversation({ conversationId, ...change });
}

export function typeMessage(conversationId: string | null, text: string): void {
  set({ typed: { ...get().typed, [conversationId ?? '']: text } });
}

export function attach(conversationId: string | null, attachments: readonly NewAttachment[]): void {
  set({ attached: { ...get().attached, [conversationId ?? '']: attachments } });
}

/** Begins, goes on with or (null) ends changing a message's words. */
export function editMessage(conversationId: string, editing: { readonly messageId: string; readonly text: string } | null): void {
  set({ editing: { ...get().editing, [conversationId]: editing } });
}

/** Asks the screen of a conversation to show one of its messages; null when it has. */
export function jumpTo(jump: ChatState['jump']): void {
  set({ jump });
}

/**
 * Puts a model in memory ahead of the first message, or again in another way. What is left out is as it was saved for it, or Rightsize decides.
 * @param how.isJustSo takes the options as they are, whatever is saved
 */
export async function loadForChat(
  modelId: string,
  options: Partial<LoadOptions>,
  { isJustSo = false }: { readonly isJustSo?: boolean } = {},
): Promise<boolean> {
  set({ loadProblem: null });
  try {
    await rpc.call('models.load', { id: modelId, options, usesSettings: !isJustSo });
    return true;
  } catch (thrown) {
    const problem = toRpcErrorData(thrown);
    if (problem.code !== pipeErrors.cancelled) set({ loadProblem: { modelId, problem } });
    return false;
  }
}

/** Lets a model be loaded again that crashed three times in a row. */
export function unblockModel(modelId: string): Promise<void> {
  return reporting(async () => {
    await rpc.call('models.unblock', { id: modelId });
    set({ loadProblem: null });
  });
}

export function renameChat(conversationId: string, title: string): Promise<void> {
  return updateConversation({ conversationId, title });
}

function updateConversation(change: InputOf<Routes['chat.update']>): Promise<void> {
  return reporting(async () => {
    const conversation = await rpc.call('chat.update', change);
    set({ conversations: withChange(get().conversations ?? [], { kind: 'conversation', conversation }) });
  });
}

export function removeChat(conversationId: string): Promise<void> {
  return reporting(async () => {
    await rpc.call('chat.remove', { conversationId });
    set({ conversations: withChange(get().conversations ?? [], { kind: 'removed', id: conversationId }) });
  });
}

export function dismissNotice(): void {
  set({ notice: null });
}

/** Changes one conversation's thread; the rest of the page is not told. */
export function setThread(conversationId: string, change: (thread: Thread) => Thread): void {
  const { threads } = get();
  set({ threads: { ...threads, [conversationId]: change(threads[conversationId] ?? emptyThread) } });
}

/** Runs something whose failure is said above the conversation. */
export async function reporting(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    set({ notice: toRpcErrorData(thrown) });
  }
}
