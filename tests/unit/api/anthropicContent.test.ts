import { describe, expect, it } from 'vitest';
import { turnsOfMessage } from '#main/services/api/anthropicContent.ts';

describe("a message in Anthropic's words", () => {
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
  const read = (content: Parameters<typeof turnsOfMessage>[0]['content'], role: 'user' | 'assistant' = 'user') =>
    turnsOfMessage({ role, content }, { field: 'messages.0.content', toolNames: new Map([['a', 'look']]) });

  it('shows what a tool gave to look at after its answer, with what the user says beside it', () => {
    const result = { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'Here.' }, image] };
    const images = [{ mediaType: 'image/png', data: 'AAAA' }];
    expect(read([result, { type: 'text', text: 'What is it?' }])).toEqual([
      { role: 'tool', content: 'Here.', toolName: 'look' },
      { role: 'user', content: 'What is it?', images },
    ]);
    expect(read([result])).toEqual([
      { role: 'tool', content: 'Here.', toolName: 'look' },
      { role: 'user', content: '', images },
    ]);
    expect(() => read([result], 'assistant')).toThrow('Only what a user says can show images.');
  });

  it('reads what searches have found, and refuses what is no such thing by its place', () => {
    const found = { type: 'search_result', title: 'Tokens', source: 'a.md', content: [{ type: 'text', text: 'Pieces of text.' }] };
    const result = { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'tool_reference', tool_name: 'calculator' }, found] };
    expect(read([result])).toEqual([{ role: 'tool', content: 'calculator\nTokens\na.md\nPieces of text.', toolName: 'look' }]);
    const broken = { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'search_result', title: 5 }] };
    expect(() => read([broken])).toThrow(/^messages\.0\.content\.0\.0: A block of the type 'search_result' cannot be read/);
  });
});
