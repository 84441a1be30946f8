import { createEntryCutter, listFrame } from '#core/jsonEntries.ts';
import { type Conversation, chatErrors, importCharacters } from '#shared/contract/chat.ts';
import { RpcError, toRpcErrorData } from '#shared/rpc/rpcError.ts';

export interface ImportedChats {
  readonly conversations: readonly Conversation[];
  /** Entries that could not be read. */
  readonly skipped: number;
}

export interface ImportWays {
  /** Has one text taken in. @throws {RpcError} chat-import-unreadable where there is nothing in it */
  take(text: string): Promise<ImportedChats>;
  /** Takes one back. */
  remove(conversationId: string): Promise<unknown>;
  /** Characters of a part, more or less. */
  readonly partCharacters?: number;
}

const headBytes = 8192;

/**
 * Has the conversations of a file taken in, all of them or none. A long list goes in parts, so that neither side ever holds all of it and others have their
 * turn between them.
 * @throws {RpcError} chat-import-unreadable, and what `take` throws
 */
export async function importInParts(file: Blob, ways: ImportWays): Promise<ImportedChats> {
  const { partCharacters = 2_000_000 } = ways;
  const frame = file.size <= partCharacters ? null : listFrame(await file.slice(0, headBytes).text());
  if (frame === null || !(await isListOfChats(file, frame.before))) return await ways.take(await wholeText(file));

  const conversations: Conversation[] = [];
  let skipped = 0;
  let problem: unknown = null;
  const take = async (entries: readonly string[]): Promise<void> => {
    try {
      const taken = await ways.take(frame.before + entries.join(',') + frame.after);
      conversations.push(...taken.conversations);
      skipped += taken.skipped;
    } catch (error) {
      if (toRpcErrorData(error).code !== chatErrors.badImport) throw error;
      problem = error;
      skipped += entries.length;
    }
  };
  try {
    let part: string[] = [];
    let characters = 0;
    for await (const entry of entriesOf(file, frame.before)) {
      if (entry.length > importCharacters) {
        skipped += 1;
        continue;
      }
      if (characters > 0 && characters + entry.length > partCharacters) {
        await take(part);
        part = [];
        characters = 0;
      }
      part.push(entry);
      characters += entry.length;
    }
    if (part.length > 0) await take(part);
  } catch (error) {
    for (const { id } of conversations) await ways.remove(id).catch(() => undefined);
    throw error;
  }
  if (conversations.length === 0) throw problem ?? tooLarge();
  return { conversations, skipped };
}

async function wholeText(file: Blob): Promise<string> {
  // More bytes than any text of so many characters has.
  if (file.size > 3 * importCharacters) throw tooLarge();
  const text = await file.text();
  if (text.length > importCharacters) throw tooLarge();
  return text;
}

function tooLarge(): RpcError {
  return new RpcError(chatErrors.badImport, 'A chat in this file is too large to be taken in. Nothing was added.', {
    hint: `One chat may have ${importCharacters / 1e6} million characters; a list of chats may be of any size.`,
  });
}

/** A list of messages is one conversation, which nobody may cut. */
async function isListOfChats(file: Blob, before: string): Promise<boolean> {
  for await (const entry of entriesOf(file, before))
    return !/^\{(?:\s*"[^"\\]{1,60}"\s*:\s*(?:"(?:[^"\\]|\\.){0,1000}"|[\w.+-]{1,30}|\[\]|\{\})\s*,){0,20}\s*"(?:role|from)"\s*:/.test(
      entry.slice(0, 4000),
    );
  return false;
}

async function* entriesOf(file: Blob, before: string): AsyncGenerator<string> {
  const cutter = createEntryCutter();
  let toSkip = before.length;
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  try {
    while (!cutter.isOver) {
      const { value, done } = await reader.read();
      if (done) return;
      const text = value.slice(toSkip);
      toSkip = Math.max(0, toSkip - value.length);
      yield* cutter.push(text);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
