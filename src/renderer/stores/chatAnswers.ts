import type { AnswerEvent, Message, NewAttachment } from '#shared/contract/chat.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import { pipeErrors, type RpcErrorData, toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { attach, editMessage, emptyDraft, reloadThread, reporting, setThread, typeMessage, useChat } from './chat.ts';
import { applyEvents, emptyThread, type LiveAnswer, startedLive, type Thread, withMessage, withStarted } from './chatThread.ts';
import { frameBatch } from './frameBatch.ts';
import { rpc } from './rpc.ts';

const { getState: get, setState: set } = useChat;
const stops = new Map<string, AbortController>();
/** A second Enter before the conversation is stored would begin another one. */
let isBeginning = false;

interface NewMessage {
  readonly text: string;
  readonly attachments: readonly NewAttachment[];
}

/** Sends a message in a conversation. */
export function sendMessage(conversationId: string, message: NewMessage): Promise<void> {
  return answer(conversationId, { kind: 'send', ...message });
}

/** Stores the draft as a conversation and sends its first message. @returns the conversation, or null when it was not stored. */
export async function sendFirstMessage(message: NewMessage, options: { readonly modelId: string }): Promise<string | null> {
  if (isBeginning) return null;
  let conversationId: string | null = null;
  isBeginning = true;
  await reporting(async () => {
    const { draft } = get();
    const created = await rpc.call('chat.create', { modelId: options.modelId });
    await rpc.call('chat.update', {
      conversationId: created.id,
      sampling: draft.sampling,
      shape: draft.shape,
      ...(draft.systemPrompt === null ? {} : { systemPrompt: draft.systemPrompt }),
    });
    setThread(created.id, () => emptyThread);
    set({ draft: { ...emptyDraft, modelId: options.modelId, sampling: draft.sampling } });
    conversationId = created.id;
    void answer(created.id, { kind: 'send', ...message });
  });
  isBeginning = false;
  return conversationId;
}

/** @param load how to load the model for it; left out: as it is loaded, or as Rightsize decides */
export function regenerate(conversationId: string, messageId: string, load?: Partial<LoadOptions>): Promise<void> {
  return answer(conversationId, { kind: 'regenerate', messageId, ...(load === undefined ? {} : { load }) });
}

/** Asks a question again in other words, beside the first. */
export function askInOtherWords(conversationId: string, messageId: string, text: string): Promise<void> {
  editMessage(conversationId, null);
  return answer(conversationId, { kind: 'edit', messageId, text });
}

/** Lets the model go on with an answer that was cut. */
export function continueAnswer(conversationId: string, messageId: string): Promise<void> {
  return answer(conversationId, { kind: 'continue', messageId });
}

/** Tries again what could not be sent. */
export function resend(conversationId: string): Promise<void> {
  const unsent = get().threads[conversationId]?.unsent;
  return unsent === null || unsent === undefined ? Promise.resolve() : sendMessage(conversationId, unsent);
}

/** Puts what could not be sent back where it was typed. */
export function takeBackUnsent(conversationId: string): void {
  const unsent = get().threads[conversationId]?.unsent;
  if (unsent === null || unsent === undefined) return;
  typeMessage(conversationId, unsent.text);
  attach(conversationId, unsent.attachments);
  setThread(conversationId, (thread) => ({ ...thread, unsent: null }));
}

/** Stops the answer; what was written so far is kept by the service. */
export function stopAnswer(conversationId: string): void {
  const stop = stops.get(conversationId);
  if (stop === undefined) return;
  setLive(conversationId, (live) => ({ ...live, isStopping: true }));
  stop.abort();
}

/** The person's word on a call that waits for it. */
export function decideCall(conversationId: string, callId: string, decision: 'once' | 'always' | 'refuse'): Promise<void> {
  return reporting(async () => {
    await rpc.call('chat.decideCall', { conversationId, callId, decision });
  });
}

type Question =
  | ({ readonly kind: 'send' } & NewMessage)
  | { readonly kind: 'regenerate'; readonly messageId: string; readonly load?: Partial<LoadOptions> }
  | { readonly kind: 'edit'; readonly messageId: string; readonly text: string }
  | { readonly kind: 'continue'; readonly messageId: string };

async function answer(conversationId: string, question: Question): Promise<void> {
  if (stops.has(conversationId)) return;
  const controller = new AbortController();
  stops.set(conversationId, controller);
  const replacing = question.kind === 'send' ? null : question.messageId;
  const continued = question.kind === 'continue' ? messageOf(conversationId, question.messageId) : undefined;
  const pendingText = question.kind === 'send' || question.kind === 'edit' ? question.text : null;
  setThread(conversationId, (thread) => ({ ...thread, unsent: null, problem: null }));
  set({ live: { ...get().live, [conversationId]: startedLive({ pendingText, replacing, goesOnWith: continued }) } });
  const batch = frameBatch<AnswerEvent>(
    (events) => setLive(conversationId, (live) => applyEvents(live, events, performance.now())),
    (callback) => requestAnimationFrame(callback),
  );
  let hasStarted = false;
  const options = {
    signal: controller.signal,
    onItem(event: AnswerEvent) {
      if (event.kind === 'started') {
        hasStarted = true;
        setThread(conversationId, (thread) => ({ ...thread, messages: withStarted(thread.messages, event, { replacing }) }));
      }
      batch.add(event);
    },
  };
  try {
    const message = await ask(conversationId, question, options);
    batch.flush();
    const tokens = get().live[conversationId]?.reasoned?.tokens ?? null;
    setThread(conversationId, (thread) => ({
      ...thread,
      messages: withMessage(thread.messages, message),
      reasoningTokens: tokens === null ? thread.reasoningTokens : { ...thread.reasoningTokens, [message.id]: tokens },
    }));
  } catch (thrown) {
    const problem = toRpcErrorData(thrown);
    if (hasStarted) await reloadThread(conversationId);
    else keepQuestion(conversationId, question, problem);
    if (problem.code !== pipeErrors.cancelled) {
      setThread(conversationId, (thread) => ({ ...thread, problem: failureIsShown(thread) ? null : problem }));
    }
  } finally {
    stops.delete(conversationId);
    const { [conversationId]: _done, ...live } = get().live;
    set({ live });
  }
}

type StreamOptions = { readonly signal: AbortSignal; onItem(event: AnswerEvent): void };

async function ask(conversationId: string, question: Question, options: StreamOptions): Promise<Message> {
  switch (question.kind) {
    case 'send': {
      const { text, attachments } = question;
      return await rpc.stream('chat.send', { conversationId, text, attachments: [...attachments] }, options);
    }
    case 'regenerate': {
      const { messageId, load } = question;
      return await rpc.stream('chat.regenerate', { conversationId, messageId, ...(load === undefined ? {} : { load }) }, options);
    }
    case 'edit':
      return await rpc.stream('chat.edit', { conversationId, messageId: question.messageId, text: question.text }, options);
    case 'continue':
      return await rpc.stream('chat.continue', { conversationId, messageId: question.messageId }, options);
  }
}

/** Nothing typed is lost where it did not reach the conversation. */
function keepQuestion(conversationId: string, question: Question, problem: RpcErrorData): void {
  const isStop = problem.code === pipeErrors.cancelled;
  if (question.kind === 'edit') editMessage(conversationId, { messageId: question.messageId, text: question.text });
  if (question.kind !== 'send') return;
  const { text, attachments } = question;
  setThread(conversationId, (thread) => ({ ...thread, unsent: { text, attachments, problem: isStop ? stoppedEarly : problem } }));
}

const stoppedEarly: RpcErrorData = { code: pipeErrors.cancelled, message: 'Stopped before it was sent.' };

function messageOf(conversationId: string, messageId: string): Message | undefined {
  return get().threads[conversationId]?.messages.find(({ id }) => id === messageId);
}

/** The stored message may carry the failure already; then it is not said twice. */
function failureIsShown(thread: Thread): boolean {
  return thread.messages.at(-1)?.state === 'failed';
}

function setLive(conversationId: string, change: (live: LiveAnswer) => LiveAnswer): void {
  const { live } = get();
  const current = live[conversationId];
  if (current !== undefined) set({ live: { ...live, [conversationId]: change(current) } });
}
