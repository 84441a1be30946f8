import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { appRoot } from '#main/hosts/hostPaths.ts';
import { checkPattern, checkSchema, gradingTools, prepareGrading } from '#main/services/benchmarks/gradingTools.ts';

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

describe('Go', () => {
  beforeAll(() => prepareGrading([{ grader: { type: 'go', function: 'f', parameters: 0 } }], join(appRoot(), 'resources', 'grammars')));
  const outline = (source: string) => gradingTools.outlineGo(source);

  it('is outlined with its package line and without', () => {
    const source = 'func Sum(a, b int, rest ...int) int {\n\treturn Sum(a, b)\n}';
    const functions = [{ name: 'Sum', parameters: 3, callsItself: true }];
    expect(outline(source)).toEqual({ isValid: true, functions });
    expect(outline(`package main\n\nimport "fmt"\n\n// Sum adds.\n${source}`)).toEqual({ isValid: true, functions });
  });

  it.each<[string, string, boolean, object]>([
    ['parameters without names', 'func f(int, string) {}', true, { parameters: 2, callsItself: false }],
    ['a method of the same name', 'func f() { x.f() }', true, { parameters: 0, callsItself: false }],
    ['a call inside a closure', 'func f() { go func() { f() }() }', true, { callsItself: true }],
    ['type parameters', 'func f[T any](a T) T { return f[T](a) }', true, { parameters: 1, callsItself: true }],
    ['a missing brace', 'func f() {', false, {}],
    ['prose around it', 'Sure!\nfunc f() {}', false, {}],
    ['loose statements', 'func f() {}\nx := f()', false, {}],
  ])('with %s', (_name, source, isValid, described) => {
    const result = outline(source);
    expect(result.isValid).toBe(isValid);
    if (isValid) expect(result.functions[0]).toMatchObject({ name: 'f', ...described });
  });

  it('of any size and nesting is answered', () => {
    expect(outline('x'.repeat(100_001))).toEqual({ isValid: false, functions: [] });
    expect(outline(`func f() {${'{'.repeat(20_000)}${'}'.repeat(20_000)}}`).functions).toHaveLength(1);
    expect(outline('('.repeat(50_000)).isValid).toBe(false);
    expect(outline('func g() {}').isValid).toBe(true);
  });
});
