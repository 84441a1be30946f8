import { type ImportedChats, importInParts } from './importInParts.ts';
import { rpc } from './rpc.ts';
import { saveTextFile } from './saveTextFile.ts';

/** Hands a conversation, or all of them (null, JSON only), to the person as a file. @throws {RpcError} */
export async function exportChats(conversationId: string | null, format: 'json' | 'markdown'): Promise<void> {
  const parts: string[] = [];
  const file = await rpc.stream('chat.export', { conversationId, format }, { onItem: ({ text }) => void parts.push(text) });
  saveTextFile({ ...file, text: parts });
}

/** Takes conversations out of a file. @returns those that were taken, and how many could not be read. @throws {RpcError} chat-import-unreadable */
export async function importChats(file: File): Promise<ImportedChats> {
  const fileName = file.name.slice(0, 255);
  return await importInParts(file, {
    take: (text) => rpc.call('chat.import', { fileName, text }),
    remove: (conversationId) => rpc.call('chat.remove', { conversationId }),
  });
}
