import { create } from 'zustand';
import { type AnswerEvent, type Conversation, defaultSampling, type Message, type Sampling } from '#shared/contract/chat.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import type { Routes } from '#shared/contract/routes.ts';
import type { InputOf } from '#shared/rpc/routeTable.ts';
import { pipeErrors, type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { applyEvents, emptyThread, type LiveAnswer, startedLive, type Thread, withChange, withMessage, withStarted } from './chatThread.ts';
import { frameBatch } from './frameBatch.ts';
import { follow, rpc } from './rpc.ts';

/** What a new conversation starts with; it becomes a row in the database with its first message. */
export interface ChatDraft {
  readonly modelId: string | null;
  readonly systemPrompt: string | null;
  readonly sampling: Sampling;
}

interface ChatState {
  /** Null until the first snapshot. */
  readonly conversations: readonly Conversation[] | null;
  readonly draft: ChatDraft;
  readonly threads: Readonly<Record<string, Thread>>;
  readonly live: Readonly<Record<string, LiveAnswer>>;
  /** What is typed and not sent, by conversation; `''` is the new one. */
  readonly typed: Readonly<Record<string, string>>;
  readonly loadProblem: { readonly modelId: string; readonly problem: RpcErrorData } | null;
  readonly notice: RpcErrorData | null;
}

export const emptyDraft: ChatDraft = { modelId: null, systemPrompt: null, sampling: defaultSampling };

export const useChat = create<ChatState>(() => ({
  conversations: null,
  draft: emptyDraft,
  threads: {},
  live: {},
  typed: {},
  loadProblem: null,
  notice: null,
}));

const { getState: get, setState: set } = useChat;
const stops = new Map<string, AbortController>();

/** Keeps the list of conversations up to date. @returns how to stop. */
export function followConversations(): () => void {
  return follow(
    'chat.changes',
    {},
    {
      onItem(change) {
        set({ conversations: withChange(get().conversations ?? [], change) });
        if (change.kind === 'conversation') catchUp(change.conversation.id);
      },
      onError: (notice) => set({ notice }),
    },
  );
}

/** An answer that another window, or this page before a reload, asked for is read again whenever its conversation changes. */
function catchUp(conversationId: string): void {
  const thread = get().threads[conversationId];
  const isForeign = !(conversationId in get().live) && thread?.messages.some((message) => message.state === 'streaming');
  if (isForeign === true) void reloadThread(conversationId);
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

async function reloadThread(conversationId: string): Promise<void> {
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
  change: { readonly modelId?: string | null; readonly systemPrompt?: string; readonly sampling?: Sampling },
): Promise<void> {
  if (conversationId === null) changeDraft(change);
  else await updateConversation({ conversationId, ...change });
}

export function typeMessage(conversationId: string | null, text: string): void {
  set({ typed: { ...get().typed, [conversationId ?? '']: text } });
}

/** Puts a model in memory ahead of the first message, or again in another way. What is left out Rightsize decides. */
export async function loadForChat(modelId: string, options: Partial<LoadOptions>): Promise<boolean> {
  set({ loadProblem: null });
  try {
    await rpc.call('models.load', { id: modelId, options });
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
  stopAnswer(conversationId);
  return reporting(async () => {
    await rpc.call('chat.remove', { conversationId });
    set({ conversations: withChange(get().conversations ?? [], { kind: 'removed', id: conversationId }) });
  });
}

/** Sends a message in a conversation. */
export function sendMessage(conversationId: string, text: string): Promise<void> {
  return answer(conversationId, { text });
}

/** Stores the draft as a conversation and sends its first message. @returns the conversation, or null when it was not stored. */
export async function sendFirstMessage(text: string, options: { readonly modelId: string }): Promise<string | null> {
  let conversationId: string | null = null;
  await reporting(async () => {
    const { draft } = get();
    const created = await rpc.call('chat.create', { modelId: options.modelId });
    await rpc.call('chat.update', {
      conversationId: created.id,
      sampling: draft.sampling,
      ...(draft.systemPrompt === null ? {} : { systemPrompt: draft.systemPrompt }),
    });
    setThread(created.id, () => emptyThread);
    set({ draft: { ...emptyDraft, modelId: options.modelId, sampling: draft.sampling } });
    conversationId = created.id;
    void answer(created.id, { text });
  });
  return conversationId;
}

/** @param load how to load the model for it; left out: as it is loaded, or as Rightsize decides */
export function regenerate(conversationId: string, messageId: string, load?: Partial<LoadOptions>): Promise<void> {
  return answer(conversationId, { messageId, ...(load === undefined ? {} : { load }) });
}

/** Tries again what could not be sent. */
export function resend(conversationId: string): Promise<void> {
  const unsent = get().threads[conversationId]?.unsent;
  return unsent === null || unsent === undefined ? Promise.resolve() : answer(conversationId, { text: unsent.text });
}

/** Stops the answer; what was written so far is kept by the service. */
export function stopAnswer(conversationId: string): void {
  const stop = stops.get(conversationId);
  if (stop === undefined) return;
  setLive(conversationId, (live) => ({ ...live, isStopping: true }));
  stop.abort();
}

export function dismissNotice(): void {
  set({ notice: null });
}

type Question = { readonly text: string } | { readonly messageId: string; readonly load?: Partial<LoadOptions> };

async function answer(conversationId: string, question: Question): Promise<void> {
  if (stops.has(conversationId)) return;
  const controller = new AbortController();
  stops.set(conversationId, controller);
  const text = 'text' in question ? question.text : null;
  setThread(conversationId, (thread) => ({ ...thread, unsent: null, problem: null }));
  set({
    live: {
      ...get().live,
      [conversationId]: startedLive({ pendingText: text, replacing: 'messageId' in question ? question.messageId : null }),
    },
  });
  const batch = frameBatch<AnswerEvent>(
    (events) => setLive(conversationId, (live) => applyEvents(live, events)),
    (callback) => requestAnimationFrame(callback),
  );
  let hasStarted = false;
  const options = {
    signal: controller.signal,
    onItem(event: AnswerEvent) {
      if (event.kind === 'started') {
        hasStarted = true;
        const replacing = 'messageId' in question ? question.messageId : null;
        setThread(conversationId, (thread) => ({ ...thread, messages: withStarted(thread.messages, event, { replacing }) }));
      }
      batch.add(event);
    },
  };
  try {
    const message: Message =
      'text' in question
        ? await rpc.stream('chat.send', { conversationId, text: question.text }, options)
        : await rpc.stream('chat.regenerate', { conversationId, ...question }, options);
    setThread(conversationId, (thread) => ({ ...thread, messages: withMessage(thread.messages, message) }));
  } catch (thrown) {
    const problem = toRpcErrorData(thrown);
    if (hasStarted) await reloadThread(conversationId);
    const isStop = problem.code === pipeErrors.cancelled;
    if (isStop && text !== null && !hasStarted)
      setThread(conversationId, (thread) => ({ ...thread, unsent: { text, problem: stoppedEarly } }));
    else if (!isStop) {
      setThread(conversationId, (thread) => ({
        ...thread,
        problem: failureIsShown(thread) ? null : problem,
        unsent: hasStarted || text === null ? null : { text, problem },
      }));
    }
  } finally {
    stops.delete(conversationId);
    const { [conversationId]: _done, ...live } = get().live;
    set({ live });
  }
}

const stoppedEarly: RpcErrorData = { code: pipeErrors.cancelled, message: 'Stopped before it was sent.' };

/** The stored message may carry the failure already; then it is not said twice. */
function failureIsShown(thread: Thread): boolean {
  return thread.messages.at(-1)?.state === 'failed';
}

function setThread(conversationId: string, change: (thread: Thread) => Thread): void {
  const { threads } = get();
  set({ threads: { ...threads, [conversationId]: change(threads[conversationId] ?? emptyThread) } });
}

function setLive(conversationId: string, change: (live: LiveAnswer) => LiveAnswer): void {
  const { live } = get();
  const current = live[conversationId];
  if (current !== undefined) set({ live: { ...live, [conversationId]: change(current) } });
}

async function reporting(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    set({ notice: toRpcErrorData(thrown) });
  }
}
