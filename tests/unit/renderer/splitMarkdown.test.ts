import { describe, expect, test } from 'vitest';
import { isOpenFence, splitMarkdown } from '../../../src/renderer/ui/markdown/splitMarkdown.ts';

describe('splitMarkdown', () => {
  test('cuts at blank lines between top-level blocks and loses no character', () => {
    const text = '# Title\n\nFirst\nstill first.\n\nSecond.\n';
    const blocks = splitMarkdown(text);
    expect(blocks).toEqual(['# Title\n\n', 'First\nstill first.\n\n', 'Second.\n']);
    expect(blocks.join('')).toBe(text);
  });

  test('keeps a code fence whole, blank lines and shorter fences inside it included', () => {
    const fence = '````md\n```js\n\nlet a;\n```\n\nend\n````\n\n';
    expect(splitMarkdown(`Before.\n\n${fence}After.`)).toEqual(['Before.\n\n', fence, 'After.']);
  });

  test('keeps a loose list whole, with its indented paragraphs', () => {
    const list = '1. One\n\n   More of one.\n\n2. Two\n\n';
    expect(splitMarkdown(`${list}Text.`)).toEqual([list, 'Text.']);
  });

  test('leaves text with link definitions in one block, because they reach across blocks', () => {
    const text = 'See [docs].\n\nMore.\n\n[docs]: https://example.com\n';
    expect(splitMarkdown(text)).toEqual([text]);
  });

  test('never changes a finished block while the text grows', () => {
    const text = 'Intro.\n\n- a\n- b\n\n```py\nx = 1\n\ny = 2\n```\n\n| a |\n|---|\n| 1 |\n\nEnd of it.';
    let before: readonly string[] = [];
    for (let length = 1; length <= text.length; length += 1) {
      const blocks = splitMarkdown(text.slice(0, length));
      expect(blocks.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1));
      before = blocks;
    }
    expect(before.join('')).toBe(text);
  });
});

describe('isOpenFence', () => {
  test.each([
    ['```py\nx = 1', true],
    ['```', true],
    ['```py\nx = 1\n```\n', false],
    ['````\n```\n', true],
    ['Just text', false],
  ])('%j is open: %s', (block, expected) => {
    expect(isOpenFence(block)).toBe(expected);
  });
});
