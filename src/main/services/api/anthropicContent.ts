import * as z from 'zod';
import type { ChatTurn, ToolCall } from '#shared/contract/runner.ts';
import { ApiError } from './apiErrors.ts';

/** A block of any type: what is in it is looked at by its type. */
const Block = z.looseObject({
  type: z.string().min(1).max(100),
  text: z.string().optional(),
  thinking: z.string().optional(),
  id: z.string().max(200).optional(),
  name: z.string().max(200).optional(),
  input: z.record(z.string(), z.json()).optional(),
  tool_use_id: z.string().max(200).optional(),
});
type Block = z.infer<typeof Block>;
export const AnthropicContent = z.union([z.string(), z.array(Block).max(10_000)], { error: 'It is neither a text nor a list of blocks.' });
type Content = z.infer<typeof AnthropicContent>;

const ImageSource = z.object({
  type: z.literal('base64'),
  media_type: z.string().regex(/^image\/[a-z0-9.+-]{1,60}$/i),
  data: z.base64().min(1),
});
const TextSource = z.object({ type: z.literal('text'), data: z.string() });
const SearchResult = z.object({ title: z.string(), source: z.string(), content: z.array(z.object({ text: z.string() })).max(10_000) });
const imageLimit = 16;

/** Only the words of what can show nothing. @throws {ApiError} 400 */
export function textOf(content: Content, field: string): string {
  if (typeof content === 'string') return content;
  return content.map((block, at) => wordsOf(block, `${field}.${at}`)).join('\n');
}

/**
 * The turns of a message: answers of tools come first, as turns of their own; what they show is shown by the user, as nobody else can.
 * @param options.toolNames of the calls so far, by their ids; those of this message are added
 * @throws {ApiError} 400 for blocks that cannot be read, and for images behind an address: nothing is fetched
 */
export function turnsOfMessage(
  { role, content }: { readonly role: 'user' | 'assistant' | 'system'; readonly content: Content },
  { field, toolNames }: { readonly field: string; readonly toolNames: Map<string, string> },
): readonly ChatTurn[] {
  if (typeof content === 'string') return [{ role, content }];
  const results: ChatTurn[] = [];
  const texts: string[] = [];
  const calls: ToolCall[] = [];
  const images: NonNullable<ChatTurn['images']> = [];
  let reasoning = '';
  for (const [at, block] of content.entries()) {
    const where = `${field}.${at}`;
    switch (block.type) {
      case 'tool_use':
        calls.push(callOf(block, { where, toolNames }));
        break;
      case 'tool_result': {
        const { turn, shown } = resultOf(block, { where, toolNames });
        if (shown.length > 0 && role !== 'user') throw unreadable('Only what a user says can show images.', where);
        results.push(turn);
        images.push(...shown);
        break;
      }
      case 'image':
        if (role !== 'user') throw unreadable('Only what a user says can show images.', where);
        images.push(imageOf(block, where));
        break;
      case 'thinking':
        reasoning += block.thinking ?? '';
        break;
      case 'redacted_thinking':
        break;
      default:
        texts.push(wordsOf(block, where));
    }
  }
  if (images.length > imageLimit) throw unreadable(`A message may show ${imageLimit} images.`, field);
  const hasOwn = texts.length > 0 || calls.length > 0 || images.length > 0;
  if (!hasOwn && results.length > 0) return results;
  const own: ChatTurn = {
    role,
    // An answer's parts are one text; what a user sends beside one another is not.
    content: texts.join(role === 'assistant' ? '' : '\n'),
    ...(calls.length === 0 ? {} : { toolCalls: calls }),
    ...(images.length === 0 ? {} : { images }),
    ...(reasoning === '' ? {} : { reasoning }),
  };
  return [...results, own];
}

function wordsOf(block: Block, where: string): string {
  if (block.type === 'text' && block.text !== undefined) return block.text;
  if (block.type === 'document') {
    const source = TextSource.safeParse(block.source);
    if (source.success) return source.data.data;
    throw unreadable('Documents are read as plain text alone: { "type": "text", "data": … }.', where);
  }
  // What a search for tools has found.
  if (block.type === 'tool_reference' && typeof block.tool_name === 'string') return block.tool_name;
  if (block.type === 'search_result') {
    const found = SearchResult.safeParse(block).data;
    if (found !== undefined) return [found.title, found.source, ...found.content.map(({ text }) => text)].join('\n');
  }
  throw unreadable(
    `A block of the type '${block.type}' cannot be read here: send text${block.type === 'image' ? '.' : ' or images.'}`,
    where,
  );
}

function imageOf(block: Block, where: string): NonNullable<ChatTurn['images']>[number] {
  const source = ImageSource.safeParse(block.source);
  if (!source.success)
    throw unreadable('Images are read out of the request alone, as base64 with a media_type: nothing is fetched.', where);
  return { mediaType: source.data.media_type.toLowerCase(), data: source.data.data };
}

interface Place {
  readonly where: string;
  readonly toolNames: Map<string, string>;
}

function callOf({ id, name, input }: Block, { where, toolNames }: Place): ToolCall {
  if (id === undefined || name === undefined || input === undefined) throw unreadable('A tool_use has an id, a name and an input.', where);
  toolNames.set(id, name);
  return { name, arguments: input };
}

function resultOf(
  { tool_use_id: id, content }: Block,
  { where, toolNames }: Place,
): { readonly turn: ChatTurn; readonly shown: NonNullable<ChatTurn['images']> } {
  const toolName = id === undefined ? undefined : toolNames.get(id);
  if (toolName === undefined) throw unreadable('It answers a tool_use_id that no tool_use before it has.', where);
  const said = AnthropicContent.safeParse(content ?? '');
  if (!said.success) throw unreadable('A result is a text or a list of blocks.', where);
  const blocks = typeof said.data === 'string' ? [] : said.data;
  const shown = blocks.flatMap((block, at) => (block.type === 'image' ? [imageOf(block, `${where}.${at}`)] : []));
  const words = typeof said.data === 'string' ? said.data : blocks.filter(({ type }) => type !== 'image');
  return { turn: { role: 'tool', content: textOf(words, where), toolName }, shown };
}

const unreadable = (message: string, field: string): ApiError =>
  new ApiError({ status: 400, code: 'unsupported_content', message: `${field}: ${message}`, field });
