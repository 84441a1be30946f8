import { isJsonList, isJsonObject, readJson } from '#core/bench/jsonValue.ts';
import type { JsonValue } from '#core/bench/labelledItem.ts';

type JsonObject = { readonly [key: string]: JsonValue };

/** A message out of another program's file. */
export interface ForeignMessage {
  readonly id: string;
  readonly parentId: string | null;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly reasoning: string | null;
  /** ms since 1970; null = not said. */
  readonly createdAt: number | null;
  readonly modelName: string | null;
  /** Pictures that lie in the file itself, as base64. */
  readonly images: readonly string[];
}

export interface ForeignChat {
  readonly title: string | null;
  readonly systemPrompt: string;
  readonly createdAt: number | null;
  readonly leafId: string | null;
  /** Each after what it follows. */
  readonly messages: readonly ForeignMessage[];
}

const mostChats = 20_000;
const mostMessages = 20_000;

/**
 * Conversations of a program that is not Rightsize: ChatGPT's `conversations.json`, exports of Open WebUI and LM Studio, and lists of messages as OpenAI's
 * API has them, also one conversation or one message a line.
 * @returns null for what holds none; entries that cannot be read are null
 */
export function readForeignChats(text: string): readonly (ForeignChat | null)[] | null {
  const reading = readJson(text);
  if (reading.ok) return chatsIn(reading.value);
  const lines = text.split('\n', mostMessages).filter((line) => line.trim() !== '');
  const values = lines.map((line) => readJson(line));
  if (values.length === 0 || !values.some((value) => value.ok)) return null;
  const rows = values.map((value) => (value.ok ? value.value : null));
  // Lines of one thread, as Jan keeps them, or a conversation each, as for training.
  return rows.some((row) => isJsonObject(row) && isJsonList(row.messages)) ? rows.map(chatIn) : chatsIn(rows);
}

function chatsIn(value: JsonValue): readonly (ForeignChat | null)[] | null {
  if (!isJsonList(value)) {
    const wrapped = isJsonObject(value) ? (value.conversations ?? value.chats) : undefined;
    if (wrapped !== undefined && isJsonList(wrapped)) return chatsIn(wrapped);
    const chat = chatIn(value);
    return chat === null ? null : [chat];
  }
  if (value.some((entry) => roleOf(entry) !== null)) {
    const chat = listChat(value);
    return chat === null ? null : [chat];
  }
  const chats = value.slice(0, mostChats).map(chatIn);
  return chats.some((chat) => chat !== null) ? chats : null;
}

function chatIn(value: JsonValue): ForeignChat | null {
  if (!isJsonObject(value)) return null;
  if (isJsonObject(value.mapping)) return mappedChat(value, value.mapping);
  if (isJsonObject(value.chat)) return webuiChat(value, value.chat);
  if (isJsonObject(value.history) && isJsonObject(value.history.messages)) return webuiChat(value, value);
  if (!isJsonList(value.messages)) return null;
  const isVersioned = value.messages.some((message) => isJsonObject(message) && isJsonList(message.versions));
  const chat = isVersioned ? versionedChat(value.messages) : listChat(value.messages);
  if (chat === null) return null;
  const systemPrompt = textOf(value.systemPrompt ?? value.system ?? null) || chat.systemPrompt;
  return {
    ...chat,
    title: stringOf(value.title ?? value.name),
    systemPrompt,
    createdAt: timeOf(value.createdAt ?? value.created_at) ?? chat.createdAt,
  };
}

/** OpenAI's messages, one after the other. What tools said is no part of a conversation that people read. */
function listChat(entries: readonly JsonValue[]): ForeignChat | null {
  const messages: ForeignMessage[] = [];
  const system: string[] = [];
  for (const entry of entries.slice(0, mostMessages)) {
    const role = roleOf(entry);
    if (role === null || role === 'tool' || !isJsonObject(entry)) continue;
    const text = textOf(entry.content ?? entry.value ?? null);
    if (role === 'system') system.push(text);
    else add(messages, { ...entryOf(entry), role, text, images: imagesOf(entry.content) });
  }
  return chatOf(messages, { systemPrompt: system.join('\n\n') });
}

/** LM Studio: every message in versions, an answer in steps. */
function versionedChat(entries: readonly JsonValue[]): ForeignChat | null {
  const messages: ForeignMessage[] = [];
  for (const entry of entries.slice(0, mostMessages)) {
    if (!isJsonObject(entry) || !isJsonList(entry.versions)) continue;
    const chosen = typeof entry.currentlySelected === 'number' ? entry.versions[entry.currentlySelected] : undefined;
    const version = chosen ?? entry.versions.at(-1);
    if (!isJsonObject(version)) continue;
    const role = roleOf(version);
    if (role !== 'user' && role !== 'assistant') continue;
    const steps = isJsonList(version.steps) ? version.steps.filter(isJsonObject).filter((step) => step.type === 'contentBlock') : [];
    const isThought = (step: JsonObject): boolean => isJsonObject(step.style) && step.style.type === 'thinking';
    const words = (of: readonly JsonObject[]): string =>
      of
        .map((step) => textOf(step.content))
        .filter((part) => part !== '')
        .join('\n\n');
    const text = steps.length === 0 ? textOf(version.content) : words(steps.filter((step) => !isThought(step)));
    const sender = isJsonObject(version.senderInfo) ? stringOf(version.senderInfo.senderName) : null;
    add(messages, { role, text, reasoning: words(steps.filter(isThought)) || null, modelName: sender });
  }
  return chatOf(messages, {});
}

/** ChatGPT: a tree of nodes, some of which are hidden or hold what a tool said. */
function mappedChat(about: JsonObject, mapping: JsonObject): ForeignChat | null {
  const nodes = Object.entries(mapping).slice(0, mostMessages);
  const messages: ForeignMessage[] = [];
  for (const [id, node] of nodes) {
    if (!isJsonObject(node) || !isJsonObject(node.message)) continue;
    const { message } = node;
    const role = isJsonObject(message.author) ? roleOf(message.author) : null;
    const isHidden = isJsonObject(message.metadata) && message.metadata.is_visually_hidden_from_conversation === true;
    const isSpoken = message.recipient === undefined || message.recipient === 'all';
    const text = isJsonObject(message.content) ? textOf(message.content.parts ?? message.content.text ?? null) : '';
    if ((role !== 'user' && role !== 'assistant') || isHidden || !isSpoken || text.trim() === '' || !isShownKind(message.content)) continue;
    const modelName = isJsonObject(message.metadata) ? stringOf(message.metadata.model_slug) : null;
    messages.push({ ...blank, id, parentId: stringOf(node.parent), role, text, createdAt: timeOf(message.create_time), modelName });
  }
  return treeChat(messages, { parents: parentsOf(nodes, 'parent'), leafId: stringOf(about.current_node), about });
}

const isShownKind = (content: JsonValue | undefined): boolean =>
  isJsonObject(content) && (content.content_type === 'text' || content.content_type === 'multimodal_text');

/** Open WebUI: a tree by parents, with the last message that was shown. */
function webuiChat(about: JsonObject, chat: JsonObject): ForeignChat | null {
  const history = isJsonObject(chat.history) ? chat.history : {};
  if (!isJsonObject(history.messages)) return isJsonList(chat.messages) ? withAbout(listChat(chat.messages), { ...chat, ...about }) : null;
  const nodes = Object.entries(history.messages).slice(0, mostMessages);
  const messages: ForeignMessage[] = [];
  for (const [id, node] of nodes) {
    const role = roleOf(node);
    if (!isJsonObject(node) || (role !== 'user' && role !== 'assistant')) continue;
    const files = isJsonList(node.files) ? node.files.filter(isJsonObject).flatMap((file) => dataImage(file.url)) : [];
    messages.push({ ...blank, ...entryOf(node), id, parentId: stringOf(node.parentId), role, text: textOf(node.content), images: files });
  }
  return treeChat(messages, { parents: parentsOf(nodes, 'parentId'), leafId: stringOf(history.currentId), about: { ...chat, ...about } });
}

function parentsOf(nodes: readonly (readonly [string, JsonValue])[], key: string): ReadonlyMap<string, string | null> {
  return new Map(nodes.map(([id, node]) => [id, isJsonObject(node) ? stringOf(node[key]) : null]));
}

/** Joins what was kept over what was not, and puts each message after the one it follows. */
function treeChat(
  messages: readonly ForeignMessage[],
  tree: { readonly parents: ReadonlyMap<string, string | null>; readonly leafId: string | null; readonly about: JsonObject },
): ForeignChat | null {
  const kept = new Set(messages.map(({ id }) => id));
  // What was looked up for one message holds for all that it was found through: a long tree costs one walk.
  const found = new Map<string, string | null>();
  const keptAt = (start: string | null): string | null => {
    const walked: string[] = [];
    let at = start;
    while (at !== null && !kept.has(at) && !found.has(at) && walked.length <= mostMessages) {
      walked.push(at);
      at = tree.parents.get(at) ?? null;
    }
    const end = at === null || kept.has(at) ? at : (found.get(at) ?? null);
    for (const id of walked) found.set(id, end);
    return end;
  };
  const children = Map.groupBy(
    messages.map((message) => ({ ...message, parentId: keptAt(message.parentId) })),
    ({ parentId }) => parentId,
  );
  const ordered: ForeignMessage[] = [...(children.get(null) ?? [])];
  // Whatever hangs in a circle is never reached.
  for (let at = 0; at < ordered.length; at++) ordered.push(...(children.get(ordered[at]?.id ?? '') ?? []));
  return withAbout(chatOf(ordered, { leafId: keptAt(tree.leafId) }), tree.about);
}

function withAbout(chat: ForeignChat | null, about: JsonObject): ForeignChat | null {
  if (chat === null) return null;
  const params = isJsonObject(about.params) ? about.params : {};
  return {
    ...chat,
    title: stringOf(about.title),
    systemPrompt: chat.systemPrompt || textOf(params.system ?? about.system ?? null),
    createdAt: timeOf(about.create_time ?? about.created_at ?? about.timestamp),
  };
}

function chatOf(messages: readonly ForeignMessage[], about: Partial<ForeignChat>): ForeignChat | null {
  return messages.length === 0 ? null : { title: null, systemPrompt: '', createdAt: null, leafId: null, ...about, messages };
}

const blank = { reasoning: null, createdAt: null, modelName: null, images: [] } as const;

function add(messages: ForeignMessage[], message: Omit<Partial<ForeignMessage>, 'id'> & Pick<ForeignMessage, 'role' | 'text'>): void {
  if (message.text.trim() === '' && (message.images?.length ?? 0) === 0) return;
  messages.push({ ...blank, ...message, id: String(messages.length), parentId: messages.at(-1)?.id ?? null });
}

function entryOf(entry: JsonObject): Partial<ForeignMessage> {
  return {
    reasoning: stringOf(entry.reasoning_content ?? entry.reasoning),
    createdAt: timeOf(entry.timestamp ?? entry.created_at ?? entry.createdAt),
    modelName: stringOf(entry.modelName ?? entry.model),
  };
}

type Role = 'user' | 'assistant' | 'system' | 'tool';

function roleOf(entry: JsonValue | undefined): Role | null {
  if (!isJsonObject(entry)) return null;
  switch (entry.role ?? entry.from) {
    case 'user':
    case 'human':
      return 'user';
    case 'assistant':
    case 'gpt':
      return 'assistant';
    case 'system':
    case 'developer':
      return 'system';
    case 'tool':
    case 'function':
      return 'tool';
    default:
      return null;
  }
}

/** A text, parts of a text, or `{ value }` as in OpenAI's threads. */
function textOf(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  if (isJsonList(content))
    return content
      .map(textOf)
      .filter((part) => part !== '')
      .join('\n\n');
  if (!isJsonObject(content)) return '';
  return textOf(content.text ?? content.value ?? null);
}

function imagesOf(content: JsonValue | undefined): readonly string[] {
  if (!isJsonList(content)) return [];
  return content.filter(isJsonObject).flatMap((part) => dataImage(isJsonObject(part.image_url) ? part.image_url.url : part.image_url));
}

/** Only pictures that are in the file: nothing is fetched. */
function dataImage(url: JsonValue | undefined): readonly string[] {
  if (typeof url !== 'string') return [];
  const head = /^data:image\/[a-z+.-]{1,20};base64,/.exec(url.slice(0, 60));
  return head === null ? [] : [url.slice(head[0].length)];
}

const stringOf = (value: JsonValue | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Seconds since 1970 or a fraction of one, as the number's size says, or a date as text. */
function timeOf(value: JsonValue | undefined): number | null {
  const time = typeof value === 'number' ? millisecondsOf(value) : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) && time > 0 && time < 1e14 ? time : null;
}

/** Each unit's numbers of this century are a thousand times the last one's. */
function millisecondsOf(value: number): number {
  if (value < 1e11) return value * 1000;
  if (value < 1e14) return value;
  return Math.floor(value < 1e17 ? value / 1e3 : value / 1e6);
}
