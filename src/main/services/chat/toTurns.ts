import type { AttachedBytes } from '#main/storage/attachmentTable.ts';
import type { ChatCall, Message } from '#shared/contract/chat.ts';
import type { ChatTurn } from '#shared/contract/runner.ts';

export interface TurnsOptions {
  readonly systemPrompt: string;
  readonly attachmentsOf: (messageId: string) => readonly AttachedBytes[];
  /** A model that does not see is told that there was an image. */
  readonly seesImages: boolean;
  /** A template that knows no tools is not shown what was called. */
  readonly knowsTools: boolean;
}

/** A conversation as a model gets it, and whose turns they are. */
export interface HistoryTurns {
  readonly turns: readonly ChatTurn[];
  /** Of each turn the message it came from; null for the system prompt. */
  readonly sources: readonly (string | null)[];
}

/**
 * The history as a model gets it: no empty system turn, no answers without words, no reasoning of earlier answers. What was called is told again, one
 * call a turn: later ones may have been made of what earlier ones answered. Two questions in a row, one of which was never answered, are one turn,
 * because templates insist on turns that alternate.
 */
export function toTurns(history: readonly Message[], options: TurnsOptions): HistoryTurns {
  const turns: ChatTurn[] = [];
  const sources: (string | null)[] = [];
  const add = (turn: ChatTurn, source: string | null): void => {
    const last = turns.at(-1);
    if (turn.role === 'user' && last?.role === 'user') {
      turns[turns.length - 1] = joined(last, turn);
      return;
    }
    turns.push(turn);
    sources.push(source);
  };
  if (options.systemPrompt.trim() !== '') add({ role: 'system', content: options.systemPrompt }, null);
  for (const message of history) {
    const own = message.role === 'user' ? questionTurns(message, options) : answerTurns(message, options);
    for (const turn of own) add(turn, message.id);
  }
  return { turns, sources };
}

/** Messages of which nothing was sent when so many turns after the system prompt were left out. */
export function droppedMessages(droppedTurns: number, sources: readonly (string | null)[]): number {
  const own = sources.filter((source) => source !== null);
  const kept = new Set(own.slice(droppedTurns));
  return new Set(own.slice(0, droppedTurns).filter((source) => !kept.has(source))).size;
}

function joined(first: ChatTurn, second: ChatTurn): ChatTurn {
  const images = [...(first.images ?? []), ...(second.images ?? [])];
  return { role: 'user', content: `${first.content}\n\n${second.content}`.trim(), ...(images.length === 0 ? {} : { images }) };
}

function questionTurns(message: Message, { attachmentsOf, seesImages }: TurnsOptions): ChatTurn[] {
  const attached = message.attachments.length === 0 ? [] : attachmentsOf(message.id);
  const turn = questionTurn({ text: message.text, attached, seesImages });
  return turn.content === '' && turn.images === undefined ? [] : [turn];
}

/** A question as a model gets it: text files in fences before its words, pictures beside them. */
export function questionTurn({
  text,
  attached,
  seesImages,
}: {
  readonly text: string;
  readonly attached: readonly AttachedBytes[];
  /** A model that does not see is told that there was an image. */
  readonly seesImages: boolean;
}): ChatTurn {
  const pictures = attached.filter(({ kind }) => kind === 'image');
  const parts = attached.filter(({ kind }) => kind === 'text').map(({ name, bytes }) => fenced(name, Buffer.from(bytes).toString('utf8')));
  if (!seesImages) parts.push(...pictures.map(({ name }) => `[An image that cannot be shown here: ${name}]`));
  const content = [...parts, text].filter((part) => part.trim() !== '').join('\n\n');
  const images = seesImages ? pictures.map(({ mediaType, bytes }) => ({ mediaType, data: Buffer.from(bytes).toString('base64') })) : [];
  return { role: 'user', content, ...(images.length === 0 ? {} : { images }) };
}

/** A text file within a message; its fence is longer than any within it. */
function fenced(name: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${name.replace(/\s+/g, ' ')}:\n${fence}\n${text.replace(/\n$/, '')}\n${fence}`;
}

function answerTurns(message: Message, { knowsTools }: TurnsOptions): ChatTurn[] {
  const calls = knowsTools ? message.calls.filter(hasResult) : [];
  const turns: ChatTurn[] = [];
  let told = 0;
  for (const { name, arguments: given, at, result } of calls) {
    const content = message.text.slice(told, at).trim();
    told = Math.max(told, at);
    turns.push({ role: 'assistant', content, toolCalls: [{ name, arguments: given }] }, { role: 'tool', content: result, toolName: name });
  }
  const rest = calls.length === 0 ? message.text : message.text.slice(told).trimStart();
  if (rest !== '') turns.push({ role: 'assistant', content: rest });
  return turns;
}

const hasResult = (call: ChatCall): call is ChatCall & { readonly result: string } => call.result !== null;
