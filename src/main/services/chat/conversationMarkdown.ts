import type { ChatCall, Conversation, Message } from '#shared/contract/chat.ts';

/** The path that is shown, as a text to read. @param messages from the first to the last */
export function conversationMarkdown(conversation: Conversation, messages: readonly Message[]): string {
  const head = [`# ${oneLine(conversation.title)}`, `${new Date(conversation.createdAt).toISOString().slice(0, 10)}`];
  if (conversation.systemPrompt.trim() !== '') head.push(`> ${conversation.systemPrompt.trim().replaceAll('\n', '\n> ')}`);
  return `${[...head, ...messages.map(sectionOf)].join('\n\n')}\n`;
}

function sectionOf(message: Message): string {
  const parts = [message.role === 'user' ? '## You' : `## ${oneLine(message.modelName ?? 'Answer')}`];
  parts.push(...message.attachments.map(({ name, mediaType }) => `*Attached: ${oneLine(name)} (${mediaType})*`));
  if (message.reasoning !== null && message.reasoning !== '') {
    parts.push(`<details><summary>Reasoning</summary>\n\n${message.reasoning.trim()}\n\n</details>`);
  }
  let told = 0;
  for (const call of message.calls) {
    parts.push(message.text.slice(told, call.at).trim(), callBlock(call));
    told = Math.max(told, call.at);
  }
  parts.push(message.text.slice(told).trim());
  if (message.state === 'stopped') parts.push('*Stopped here.*');
  if (message.error !== null) parts.push(`*${oneLine(message.error.message)}*`);
  return parts.filter((part) => part !== '').join('\n\n');
}

function callBlock({ name, arguments: given, result }: ChatCall): string {
  const text = `${name}(${JSON.stringify(given)})${result === null ? '' : `\n→ ${result}`}`;
  const fence = '`'.repeat(Math.max(2, ...(text.match(/`{3,}/g) ?? []).map((run) => run.length)) + 1);
  return `${fence}text\n${text}\n${fence}`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
