import { describe, expect, it } from 'vitest';
import { checkPattern, checkSchema, gradingTools } from '#main/services/benchmarks/gradingTools.ts';

describe('patterns', () => {
  const matches = (pattern: string, text: string, ignoreCase = false): boolean =>
    gradingTools.matchesPattern(pattern, text, { ignoreCase });

  it('are found anywhere in a text, with case unless told otherwise', () => {
    expect(matches('^ab?c$', 'ac')).toBe(true);
    expect(matches('\\d{3}', 'order 123!')).toBe(true);
    expect(matches('yes', 'YES')).toBe(false);
    expect(matches('yes', 'YES', true)).toBe(true);
  });

  it('that blow up a backtracking engine end on hostile text', () => {
    expect(matches('^(a+)+$', `${'a'.repeat(50_000)}!`)).toBe(false);
  });

  it('that RE2 cannot compile are said to be so', () => {
    expect(checkPattern('a(?=b)')).toEqual(expect.any(String));
    expect(checkPattern('(')).toEqual(expect.any(String));
    expect(checkPattern('a|b')).toBeNull();
  });
});

describe('schemas', () => {
  it('say what is wrong with a value and where', () => {
    const schema = { type: 'object', properties: { price: { type: 'number' } }, required: ['price'], additionalProperties: false };
    expect(gradingTools.validateSchema(schema, { price: 3 })).toBeNull();
    expect(gradingTools.validateSchema(schema, { price: '3' })).toContain('price');
    expect(gradingTools.validateSchema(schema, {})).toContain('price');
  });

  it('are taken from any draft, with keywords and formats of other tools', () => {
    const schema = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'string', format: 'email', 'x-order': 1 };
    expect(checkSchema(schema)).toBeNull();
    expect(gradingTools.validateSchema(schema, 'anything')).toBeNull();
  });

  it('with a hostile pattern end on hostile text', () => {
    expect(gradingTools.validateSchema({ type: 'string', pattern: '^(a|a)*$' }, `${'a'.repeat(50_000)}!`)).toContain('pattern');
  });

  it('that point nowhere or mean nothing are said to be so', () => {
    expect(checkSchema({ $ref: 'https://example.com/schema.json' })).toEqual(expect.any(String));
    expect(checkSchema({ type: 'nonsense' })).toEqual(expect.any(String));
  });

  it('with the same $id can be used one after the other', () => {
    expect(gradingTools.validateSchema({ $id: 'https://example.com/a', type: 'string' }, 'x')).toBeNull();
    expect(gradingTools.validateSchema({ $id: 'https://example.com/a', type: 'number' }, 'x')).toContain('number');
  });
});
