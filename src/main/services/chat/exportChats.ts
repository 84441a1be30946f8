import type { Conversation, Message } from '#shared/contract/chat.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { type ArchivedConversation, archivedMessage, archiveFormat } from './chatArchive.ts';
import type { ExportedText } from './chatService.ts';
import type { ChatStore } from './chatStore.ts';
import { conversationMarkdown } from './conversationMarkdown.ts';

/**
 * One conversation as text for people or as JSON with every branch, or all of them as JSON.
 * @throws {RpcError} conversation-not-found; bad-input for all of them as text
 */
export function exportChats(store: ChatStore, conversationId: string | null, format: 'json' | 'markdown'): ExportedText {
  if (conversationId === null) {
    if (format === 'markdown')
      throw new RpcError(pipeErrors.badInput, 'All chats together are exported as JSON.', { hint: 'Choose JSON, or export one chat.' });
    return { fileName: 'rightsize-chats.json', mediaType: 'application/json', text: archiveOf(store, store.conversations.list()) };
  }
  const conversation = store.require(conversationId);
  const fileName = safeName(conversation.title);
  if (format === 'json') return { fileName: `${fileName}.json`, mediaType: 'application/json', text: archiveOf(store, [conversation]) };
  return { fileName: `${fileName}.md`, mediaType: 'text/markdown', text: conversationMarkdown(conversation, store.path(conversationId)) };
}

function archiveOf(store: ChatStore, conversations: readonly Conversation[]): string {
  const archived = conversations.map((conversation): ArchivedConversation => {
    const { id, ...about } = conversation;
    const leafId = store.path(id).at(-1)?.id ?? null;
    const messages = store.messages.list(id).map((message: Message) => {
      const attachments = message.attachments.length === 0 ? [] : store.attachments.listOf(message.id);
      return archivedMessage(message, attachments);
    });
    return { ...about, leafId, messages };
  });
  return `${JSON.stringify({ format: archiveFormat, version: 1, conversations: archived }, null, 1)}\n`;
}

/** A title as every file system takes it. */
function safeName(title: string): string {
  const name = title
    .replace(/[\p{C}\\/:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)
    .replace(/[. ]+$/, '');
  return name === '' || /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(name) ? 'chat' : name.toWellFormed();
}
