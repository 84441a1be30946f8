import type { Conversation, OpenConversation } from '#shared/contract/chat.ts';
import { editMessage, reporting, setThread, useChat } from './chat.ts';
import { withChange } from './chatThread.ts';
import { rpc } from './rpc.ts';

const { getState: get, setState: set } = useChat;

/** Shows the path that goes through a message: another answer, an earlier wording. */
export function choosePath(conversationId: string, messageId: string): Promise<void> {
  return showing(conversationId, () => rpc.call('chat.choose', { conversationId, messageId }));
}

/** Keeps other words for an answer, beside it. */
export function saveAnswer(conversationId: string, messageId: string, text: string): Promise<void> {
  return showing(conversationId, async () => {
    const opened = await rpc.call('chat.editAnswer', { conversationId, messageId, text });
    editMessage(conversationId, null);
    return opened;
  });
}

/** Removes a message and all that follows it. */
export function removeMessage(conversationId: string, messageId: string): Promise<void> {
  return showing(conversationId, () => rpc.call('chat.removeMessage', { conversationId, messageId }));
}

/** Makes a conversation of its own of what leads to a message. @returns it, or null when that failed */
export async function branchChat(conversationId: string, messageId: string): Promise<Conversation | null> {
  let made: Conversation | null = null;
  await reporting(async () => {
    const conversation = await rpc.call('chat.branch', { conversationId, messageId });
    set({ conversations: withChange(get().conversations ?? [], { kind: 'conversation', conversation }) });
    made = conversation;
  });
  return made;
}

function showing(conversationId: string, ask: () => Promise<OpenConversation>): Promise<void> {
  return reporting(async () => {
    const { messages } = await ask();
    setThread(conversationId, (thread) => ({ ...thread, messages, problem: null }));
  });
}
