import { describe, expect, it } from 'vitest';
import { createEntryCutter, listFrame } from '#core/jsonEntries.ts';

function entriesOf(text: string, size: number): string[] {
  const before = listFrame(text)?.before ?? '';
  const cutter = createEntryCutter();
  const entries: string[] = [];
  for (let at = before.length; at < text.length; at += size) entries.push(...cutter.push(text.slice(at, at + size)));
  expect(cutter.isOver).toBe(true);
  return entries;
}

const list = [{ a: '] } , "' }, [1, [2]], 'x, y', 3, null, { b: { c: ['\\', '\\"'] } }, {}];

describe('a long list of JSON', () => {
  it.each([1, 2, 7, 1000])('is cut into its entries, %s characters at a time', (size) => {
    expect(entriesOf(JSON.stringify(list), size).map((entry) => JSON.parse(entry))).toEqual(list);
    const wrapped = { format: 'rightsize-chats', version: 1, conversations: list };
    expect(entriesOf(JSON.stringify(wrapped, null, 1), size).map((entry) => JSON.parse(entry))).toEqual(list);
  });

  it('is known by its beginning, and can be put together again in parts', () => {
    const frame = listFrame(' {"format": "x", "version": 1, "conversations": [{"title": "a"}]}');
    expect(JSON.parse(`${frame?.before}{"title":"b"}${frame?.after}`)).toEqual({
      format: 'x',
      version: 1,
      conversations: [{ title: 'b' }],
    });
    expect(listFrame('\n[1]')).toEqual({ before: '\n[', after: ']' });
    for (const other of ['{"title": "a", "mapping": {}}', '{"a": {"conversations": [', 'conversations', '', '"["'])
      expect(listFrame(other)).toBeNull();
  });

  it('holds nothing of what comes after its end', () => {
    const cutter = createEntryCutter();
    expect(cutter.push('1]')).toEqual(['1']);
    expect(cutter.push(',2,3]')).toEqual([]);
  });
});
