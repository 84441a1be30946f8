import { setImmediate } from 'node:timers/promises';
import type { Conversation } from '#shared/contract/chat.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { archivedMessage, archiveFormat } from './chatArchive.ts';
import type { ChatStore } from './chatStore.ts';
import { conversationMarkdown } from './conversationMarkdown.ts';
import { pathTo } from './conversationTree.ts';

export interface ExportWish {
  /** Null = all of them, as JSON. */
  readonly conversationId: string | null;
  readonly format: 'json' | 'markdown';
}

export interface ExportedFile {
  readonly fileName: string;
  readonly mediaType: string;
}

/** Characters of a part, more or less; one picture can be more. */
const partCharacters = 250_000;

/**
 * One conversation as text for people or as JSON with every branch, or all of them as JSON. Told in parts, with others in between: years of chats
 * are a hundred megabytes.
 * @throws {RpcError} conversation-not-found; bad-input for all of them as text
 */
export async function exportChats(
  store: ChatStore,
  { conversationId, format }: ExportWish,
  { signal, emit }: { readonly signal: AbortSignal; readonly emit: (part: { readonly text: string }) => void },
): Promise<ExportedFile> {
  if (conversationId === null && format === 'markdown') {
    throw new RpcError(pipeErrors.badInput, 'All chats together are exported as JSON.', { hint: 'Choose JSON, or export one chat.' });
  }
  const conversation = conversationId === null ? null : store.require(conversationId);
  const fileName = conversation === null ? 'rightsize-chats' : safeName(conversation.title);
  if (conversation !== null && format === 'markdown') {
    emit({ text: conversationMarkdown(conversation, store.path(conversation.id)) });
    return { fileName: `${fileName}.md`, mediaType: 'text/markdown' };
  }
  let part = '';
  for (const piece of archivePieces(store, conversation === null ? store.conversations.list() : [conversation])) {
    part += piece;
    if (part.length < partCharacters) continue;
    emit({ text: part });
    part = '';
    await setImmediate();
    signal.throwIfAborted();
  }
  emit({ text: part });
  return { fileName: `${fileName}.json`, mediaType: 'application/json' };
}

/** The archive a message at a time. What was removed since it began is left out. */
function* archivePieces(store: ChatStore, conversations: readonly Conversation[]): Generator<string> {
  yield `{"format": ${JSON.stringify(archiveFormat)}, "version": 1, "conversations": [`;
  let isFirst = true;
  for (const { id } of conversations) {
    const conversation = store.conversations.get(id);
    if (conversation === undefined) continue;
    const { id: _id, ...about } = conversation;
    const messages = store.messages.list(id);
    const leafId = pathTo(messages, store.conversations.leafOf(id)).at(-1)?.id ?? null;
    yield `${isFirst ? '' : ','}\n${JSON.stringify({ ...about, leafId }).slice(0, -1)}, "messages": [`;
    isFirst = false;
    for (const [index, message] of messages.entries()) {
      const attachments = message.attachments.length === 0 ? [] : store.attachments.listOf(message.id);
      yield `${index === 0 ? '' : ','}\n ${JSON.stringify(archivedMessage(message, attachments))}`;
    }
    yield ']}';
  }
  yield ']}\n';
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
