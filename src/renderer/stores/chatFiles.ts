import type { Conversation } from '#shared/contract/chat.ts';
import { rpc } from './rpc.ts';
import { saveTextFile } from './saveTextFile.ts';

/** Hands a conversation, or all of them (null, JSON only), to the person as a file. @throws {RpcError} */
export async function exportChats(conversationId: string | null, format: 'json' | 'markdown'): Promise<void> {
  saveTextFile(await rpc.call('chat.export', { conversationId, format }));
}

/** Takes conversations out of a file. @returns those that were taken, and how many could not be read. @throws {RpcError} chat-import-unreadable */
export async function importChats(file: File): Promise<{ readonly conversations: readonly Conversation[]; readonly skipped: number }> {
  return await rpc.call('chat.import', { fileName: file.name.slice(0, 255), text: await file.text() });
}
