import { describe, expect, it } from 'vitest';
import { createCallScreen } from '#core/tools/callScreen.ts';

/** What is shown of an answer that arrives one character at a time. */
function shown(answer: string): string {
  const screen = createCallScreen();
  const pieces = [...answer].map((piece) => screen.push(piece));
  expect(pieces.join('')).toBe(screen.shown);
  return screen.shown;
}

describe('createCallScreen', () => {
  it.each([
    ['Let me see.\n<tool_call>{"name": "f"}</tool_call>', 'Let me see.\n'],
    ['[TOOL_CALLS]f[ARGS]{}', ''],
    ['<|python_tag|>f.call(a=1)', ''],
    ['{"name": "f", "arguments": {}}', ''],
    ['[f(a=1)]', ''],
    ['```json\n{"name": "f"}\n```', ''],
    ['<|channel|>commentary to=functions.f<|message|>{}', ''],
    ['Now <function=f><parameter=a>1</parameter></function>', 'Now '],
  ])('shows nothing of a call in %j', (answer, words) => expect(shown(answer)).toBe(words));

  it.each([
    'Yes.',
    'a < b and b > c',
    'Use `code` and a [link](x).',
    '```ts\nconst a = {};\n```\nDone.',
    '```python\nprint(1)\n```\nDone.',
    '`x` is it.',
    '<b>bold</b>',
  ])('shows all of %j', (answer) => expect(shown(answer)).toBe(answer));

  it('holds back what may become a mark, and shows it once it is none', () => {
    const screen = createCallScreen();
    expect(screen.push('Is 1 <tool')).toBe('Is 1 ');
    expect(screen.push('box> 2?')).toBe('<toolbox> 2?');
  });
});
