import { describe, expect, it } from 'vitest';
import { importInParts } from '../../../src/renderer/stores/importInParts.ts';
import type { Conversation } from '../../../src/shared/contract/chat.ts';
import { RpcError } from '../../../src/shared/rpc/rpcError.ts';

/** Takes in what has a title, and remembers the parts. */
function receiver(options: { readonly failsAt?: number } = {}) {
  const parts: string[] = [];
  const removed: string[] = [];
  return {
    parts,
    removed,
    ways: {
      partCharacters: 100,
      async take(text: string) {
        parts.push(text);
        if (parts.length === options.failsAt) throw new RpcError('disk-full', 'The disk is full.');
        const value = JSON.parse(text) as { title?: string }[] | { conversations: { title?: string }[] };
        const entries = Array.isArray(value) ? value : value.conversations;
        const conversations = entries.filter(({ title }) => title !== undefined).map(({ title }) => ({ id: title }) as Conversation);
        if (conversations.length === 0) throw new RpcError('chat-import-unreadable', 'Nothing there.');
        return { conversations, skipped: entries.length - conversations.length };
      },
      remove: async (id: string) => void removed.push(id),
    },
  };
}
const titles = Array.from({ length: 40 }, (_, index) => ({ title: `chat ${index} – ü`, mapping: {} }));

describe('an import', () => {
  it.each([
    ['a list', titles],
    ['an export of Rightsize', { format: 'rightsize-chats', version: 1, conversations: titles }],
  ])('of %s goes in parts, each of which can be read by itself', async (_name, value) => {
    const { ways, parts } = receiver();
    const { conversations, skipped } = await importInParts(new Blob([JSON.stringify(value, null, 1)]), ways);
    expect(conversations.map(({ id }) => id)).toEqual(titles.map(({ title }) => title));
    expect(skipped).toBe(0);
    expect(parts.length).toBeGreaterThan(5);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(300);
  });

  it('counts what cannot be read in any part', async () => {
    const { ways } = receiver();
    const nothing = Array.from({ length: 10 }, () => ({ about: 'nothing that anybody could ever call a chat' }));
    const { conversations, skipped } = await importInParts(new Blob([JSON.stringify([...nothing, ...titles])]), ways);
    expect([conversations.length, skipped]).toEqual([40, 10]);
    await expect(importInParts(new Blob([JSON.stringify(nothing)]), ways)).rejects.toMatchObject({ code: 'chat-import-unreadable' });
  });

  it('takes everything back when it fails in the middle', async () => {
    const { ways, removed } = receiver({ failsAt: 3 });
    await expect(importInParts(new Blob([JSON.stringify(titles)]), ways)).rejects.toMatchObject({ code: 'disk-full' });
    expect(removed.length).toBeGreaterThan(1);
    expect(removed).toEqual(titles.slice(0, removed.length).map(({ title }) => title));
  });

  it.each([
    [
      'a list of messages',
      JSON.stringify([
        { id: 'a', role: 'user', content: 'x'.repeat(200) },
        { role: 'assistant', content: 'y' },
      ]),
    ],
    ['one conversation', JSON.stringify({ title: 'one', mapping: { a: 'x'.repeat(200) } })],
  ])('cuts nothing out of %s', async (_name, text) => {
    const parts: string[] = [];
    const take = async (part: string) => {
      parts.push(part);
      return { conversations: [], skipped: 0 };
    };
    await importInParts(new Blob([text]), { partCharacters: 100, take, remove: async () => undefined });
    expect(parts).toEqual([text]);
  });
});
