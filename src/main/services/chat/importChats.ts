import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { isJsonObject, readJson } from '#core/bench/jsonValue.ts';
import {
  AnswerShape,
  attachmentLimit,
  type Conversation,
  chatErrors,
  defaultAnswerShape,
  defaultSampling,
  type Message,
  NewAttachment,
} from '#shared/contract/chat.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { ArchivedConversation, ArchivedMessage, archiveFormat, ChatArchive } from './chatArchive.ts';
import { type ChatStore, settledCall } from './chatStore.ts';
import { defaultTitle, titleOf } from './conversationTitle.ts';
import { type ForeignChat, readForeignChats } from './foreignChats.ts';
import { readAttachments } from './readAttachments.ts';

export interface ImportNeeds {
  readonly store: ChatStore;
  /** Whether a model of this name can be asked here. */
  readonly isModel: (id: string) => boolean;
  readonly now: () => number;
}

/** After so long others get a turn: a file may hold thousands of conversations, or long ones. */
const turnMs = 30;

/**
 * Adds the conversations of a file as new ones, all or none. What a file allows its tools to do is not taken over: only a person at this app allows that.
 * @returns what was added, and how many entries could not be read
 * @throws {RpcError} chat-import-unreadable
 */
export async function importChats(
  file: { readonly fileName: string; readonly text: string },
  needs: ImportNeeds,
): Promise<{ readonly conversations: Conversation[]; readonly skipped: number }> {
  const read = readArchive(file.text) ?? readForeignChats(file.text)?.map((chat) => (chat === null ? null : archived(chat, needs.now())));
  const readable = read?.filter((conversation) => conversation !== null) ?? [];
  if (read === undefined || readable.length === 0) {
    throw new RpcError(chatErrors.badImport, `There are no conversations in ${file.fileName} that can be read. Nothing was added.`, {
      hint: 'It takes a JSON export of Rightsize, ChatGPT (conversations.json), Open WebUI or LM Studio, or a list of messages with role and content.',
    });
  }
  const { store } = needs;
  const conversations: Conversation[] = [];
  try {
    for (let at = 0; at < readable.length; ) {
      const added = store.database.transaction(() => addInTurn(readable.slice(at), needs));
      conversations.push(...added);
      at += added.length;
      await setImmediate();
    }
  } catch (error) {
    for (const { id } of conversations) store.conversations.remove(id);
    throw error;
  }
  for (const conversation of conversations) store.tell({ kind: 'conversation', conversation });
  return { conversations, skipped: read.length - readable.length };
}

/** @returns those that were added before it was others' turn: one at least */
function addInTurn(archives: readonly ArchivedConversation[], needs: ImportNeeds): Conversation[] {
  const begunAt = performance.now();
  const added: Conversation[] = [];
  for (const archive of archives) {
    added.push(addConversation(archive, needs));
    if (performance.now() - begunAt >= turnMs) break;
  }
  return added;
}

/** @returns undefined for what Rightsize has not written */
function readArchive(text: string): (ArchivedConversation | null)[] | undefined {
  const reading = readJson(text);
  if (!reading.ok || !isJsonObject(reading.value) || reading.value.format !== archiveFormat) return undefined;
  const archive = ChatArchive.safeParse(reading.value);
  if (!archive.success) return [];
  return archive.data.conversations.map((entry) => {
    const parsed = ArchivedConversation.safeParse(entry);
    return parsed.success ? parsed.data : null;
  });
}

function addConversation(archive: ArchivedConversation, { store, isModel }: ImportNeeds): Conversation {
  const { messages, leafId, ...about } = archive;
  const id = randomUUID();
  const tools = { ...about.shape.tools, allowed: [], fetchHosts: [] };
  const modelId = about.modelId !== null && isModel(about.modelId) ? about.modelId : null;
  const conversation: Conversation = { ...about, id, modelId, shape: { ...about.shape, tools }, updatedAt: store.touch() };
  store.conversations.save(conversation);
  const ids = new Map<string, string>();
  for (const message of messages) addMessage(message, { conversationId: id, ids, store });
  const leaf = leafId === null ? undefined : ids.get(leafId);
  if (leaf !== undefined) store.conversations.setLeaf(id, leaf);
  return conversation;
}

/** One that follows a message which is not there, or comes later, is a first one. */
function addMessage(
  archive: ArchivedMessage,
  { conversationId, ids, store }: { readonly conversationId: string; readonly ids: Map<string, string>; readonly store: ChatStore },
): void {
  const { attachments: files, notice, error, ...about } = archive;
  const id = randomUUID();
  const isCutOff = about.state === 'streaming';
  const message: Message = {
    ...about,
    id,
    conversationId,
    parentId: about.parentId === null ? null : (ids.get(about.parentId) ?? null),
    siblingIds: [id],
    state: isCutOff ? 'stopped' : about.state,
    finishReason: isCutOff ? 'cancelled' : about.finishReason,
    error: error === null ? null : { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) },
    modelId: about.modelId === '' ? null : about.modelId,
    calls: about.calls.map((call) => settledCall({ ...call, id: randomUUID(), at: Math.min(call.at, about.text.length) })),
    attachments: [],
    ...(notice === undefined ? {} : { notice }),
  };
  store.messages.append(message);
  store.attachments.save(id, readable(files));
  // Of two with one id the first counts, so that a message never follows one that was written after it.
  if (!ids.has(archive.id)) ids.set(archive.id, id);
}

/** Files that are not what they say are left out; the words around them stay. */
function readable(files: readonly NewAttachment[]) {
  return files.flatMap((file) => {
    try {
      return readAttachments([file]);
    } catch (error) {
      if (error instanceof RpcError) return [];
      throw error;
    }
  });
}

function archived(chat: ForeignChat, now: number): ArchivedConversation | null {
  const createdAt = chat.createdAt ?? now;
  const messages = chat.messages.flatMap((message) => {
    const { images, modelName, ...about } = message;
    const attachments = images
      .filter((data) => NewAttachment.shape.data.safeParse(data).success)
      .slice(0, attachmentLimit)
      .map((data, index) => ({ kind: 'image', name: `image-${index + 1}`, mediaType: 'image/png', data }));
    const parsed = ArchivedMessage.safeParse({
      ...about,
      createdAt: message.createdAt ?? createdAt,
      modelName: modelName?.slice(0, 400) ?? null,
      attachments,
    });
    return parsed.success ? [parsed.data] : [];
  });
  const first = messages.find(({ role }) => role === 'user') ?? messages[0];
  if (first === undefined) return null;
  const title = chat.title === null ? titleOf(first.text) : chat.title.replace(/\s+/g, ' ').trim().slice(0, 200);
  return {
    title: title || defaultTitle,
    modelId: null,
    systemPrompt: chat.systemPrompt.slice(0, 100_000),
    sampling: defaultSampling,
    shape: AnswerShape.parse(defaultAnswerShape),
    createdAt,
    updatedAt: createdAt,
    leafId: chat.leafId,
    messages,
  };
}
