import { describe, expect, it } from 'vitest';
import { gradeAnswer } from '#core/bench/gradeAnswer.ts';
import type { GradedItem, GradingTools } from '#core/bench/gradedItem.ts';
import { isJsonObject } from '#core/bench/jsonValue.ts';
import type { Grader, JsonValue } from '#core/bench/labelledItem.ts';
import { lastNumberIn } from '#core/bench/numberInText.ts';

function item(expected: JsonValue, rest: Partial<GradedItem> = {}): GradedItem {
  return { expected, grader: null, labels: null, schema: null, ...rest };
}

function passes(expected: JsonValue, grader: Grader | null, answer: string): boolean {
  return gradeAnswer(item(expected, { grader }), answer).passed;
}

/** A validator that knows `required`, enough to tell valid from invalid here. */
const tools: GradingTools = {
  validateSchema: (schema, value) => {
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    const lacking = required.find((name) => !isJsonObject(value) || !Object.hasOwn(value, String(name)));
    return lacking === undefined ? null : `“${String(lacking)}” is missing.`;
  },
  matchesPattern: (pattern, text, { ignoreCase }) => new RegExp(pattern, ignoreCase ? 'iu' : 'u').test(text),
};

describe('an item without a grader', () => {
  it.each([
    ['positive', ' positive\n', true],
    ['positive', 'Positive', false],
    ['positive', 'positive.', false],
    [['yes', 'yeah'], 'yeah', true],
    [['yes', 'yeah'], 'no', false],
    [{ a: 1, b: [true, null] }, '{"b":[true,null],"a":1}', true],
    [{ a: 1 }, '{"a":1,"b":2}', false],
    [{ a: 1 }, 'a = 1', false],
  ] as const)('expecting %j judges %j as %j', (expected, answer, passed) => {
    expect(passes(expected, null, answer)).toBe(passed);
  });

  it('with labels wants the one label, as it is', () => {
    const grade = gradeAnswer(item('positive', { labels: ['positive', 'negative'] }), 'The mood is:\n"Positive".');
    expect(grade).toMatchObject({ passed: false, format: { strict: false, loose: true } });
    expect(gradeAnswer(item('positive', { labels: ['positive', 'negative'] }), 'negative')).toMatchObject({
      passed: false,
      format: { strict: true, loose: true },
    });
  });

  it('with a schema compares values, also when the expected JSON is written as text', () => {
    const withSchema = { schema: { type: 'object', required: ['a'] } };
    expect(gradeAnswer(item('{"a": 1}', withSchema), '{ "a": 1 }', tools)).toMatchObject({
      passed: true,
      format: { strict: true, loose: true },
    });
    expect(gradeAnswer(item('{"a": 1}', withSchema), '{ "b": 1 }', tools)).toMatchObject({
      passed: false,
      format: { strict: false, loose: false },
    });
  });
});

describe('text graders', () => {
  it.each([
    ['exact', { type: 'exact', ignoreCase: true }, 'Yes', 'YES', true],
    ['exact', { type: 'exact' }, ' Yes ', 'Yes', true],
    ['one-of', { type: 'one-of' }, ['a', 'b'], 'b', true],
    ['one-of', { type: 'one-of' }, ['a', 'b'], 'ab', false],
    ['contains', { type: 'contains' }, 'Paris', 'It is Paris, France.', true],
    ['contains', { type: 'contains' }, 'paris', 'It is Paris.', false],
    ['contains', { type: 'contains', ignoreCase: true }, ['rome', 'paris'], 'It is Paris.', true],
    ['contains', { type: 'contains' }, 'x', '', false],
    ['same-set', { type: 'same-set' }, 'food, health', 'health,food', true],
    ['same-set', { type: 'same-set' }, 'food, health', '["health", "food"]', true],
    ['same-set', { type: 'same-set' }, '["food"]', 'food', true],
    ['same-set', { type: 'same-set' }, ['food', 'health'], 'food', false],
    ['same-set', { type: 'same-set' }, 'food', 'food, music', false],
    ['same-set', { type: 'same-set' }, '[]', '[]', true],
  ] as const)('%s: %j expecting %j judges %j as %j', (_name, grader, expected, answer, passed) => {
    expect(passes(expected, grader, answer)).toBe(passed);
  });

  it('say in a sentence what was expected and what came', () => {
    expect(gradeAnswer(item('yes'), 'no way').reason).toBe('Expected “yes”, got “no way”.');
    expect(gradeAnswer(item('yes'), '').reason).toBe('Expected “yes”, got an empty answer.');
    expect(gradeAnswer(item('a, b', { grader: { type: 'same-set' } }), 'b, c').reason).toBe(
      'Not the expected set: “a” is missing, “c” is too much.',
    );
    expect(gradeAnswer(item('yes'), 'x'.repeat(5000)).reason.length).toBeLessThan(200);
  });

  it('leave patterns to the engine that is passed in', () => {
    const regex = item('^\\d{3}$', { grader: { type: 'regex' } });
    expect(gradeAnswer(regex, ' 123 ', tools).passed).toBe(true);
    expect(gradeAnswer(regex, '12a', tools).passed).toBe(false);
    expect(gradeAnswer(item(null, { grader: { type: 'regex', pattern: 'ABC', ignoreCase: true } }), 'xabcx', tools).passed).toBe(true);
    expect(() => gradeAnswer(regex, '123')).toThrow(/pattern engine/);
  });
});

describe('the numeric grader', () => {
  it.each([
    ['42', 'The answer is 42.', true],
    ['42', '20 + 22 = 42', true],
    ['42', '42 is less than 43', false],
    ['1234.5', '$1,234.50', true],
    [-5, 'It is −5', true],
    [5, '3-5', true],
    [0.5, 'so .5', true],
    [1e21, '1e21', true],
    ['42', 'forty-two', false],
    [0, 'zero is 0', true],
    [0, '0.1', false],
  ] as const)('expecting %j judges %j as %j', (expected, answer, passed) => {
    expect(passes(expected, { type: 'numeric' }, answer)).toBe(passed);
  });

  it('allows the tolerance that was asked for', () => {
    expect(passes(100, { type: 'numeric', tolerance: 0.01 }, '100.9')).toBe(true);
    expect(passes(100, { type: 'numeric', tolerance: 0.01 }, '101.1')).toBe(false);
  });

  it.each([
    ['(5)', 5],
    ['x-7', 7],
    ['x -7', -7],
    ['1,23', 23],
    ['12,345,678', 12_345_678],
    ['v1.2.3', 3],
    ['so it is \\boxed{5{,}050}, found in 3 steps', 5050],
    ['$1{,}234.5$', 1234.5],
    ["1'234'567", 1_234_567],
    ['1\u202f234', 1234],
    ['1.5 \\times 10^{-2}', 0.015],
    ['2^10 = 1024', 1024],
    ['30 m^2', 30],
    ['12 cm2', 12],
    ['none', null],
  ])('finds the last number of %j: %j', (text, number) => {
    expect(lastNumberIn(text)).toBe(number);
  });
});

describe('JSON graders', () => {
  const schema = { type: 'object', required: ['name', 'email'] };

  it('call right JSON inside a fence wrong, and say why', () => {
    const grade = gradeAnswer(item({ a: 1 }), 'Here it is:\n```json\n{"a": 1}\n```');
    expect(grade).toMatchObject({ passed: false, grader: 'json-equal', format: { strict: false, loose: true } });
    expect(grade.reason).toMatch(/other text around/);
  });

  it('name the fields that differ', () => {
    expect(gradeAnswer(item({ a: 1, b: 'x' }), '{"a":2,"c":0}').reason).toBe(
      'Not the expected JSON: "a" should be 1 and is 2; "b" should be "x" and is nothing; "c" was not asked for.',
    );
  });

  it('judge each field by itself', () => {
    const grade = gradeAnswer(
      item({ name: 'Ana', email: 'a@b.c' }, { grader: { type: 'json-fields' }, schema }),
      '{"name":"Ana","email":"x","more":1}',
      tools,
    );
    expect(grade).toMatchObject({
      passed: false,
      fields: [
        { name: 'name', passed: true },
        { name: 'email', passed: false },
      ],
      reason: '1 of 2 fields are right; wrong: email.',
    });
  });

  it('judge only the fields asked for', () => {
    const grader = { type: 'json-fields', fields: ['name'] } as const;
    expect(passes({ name: 'Ana', email: 'a@b.c' }, grader, '{"name":"Ana"}')).toBe(true);
  });

  it('see no field in what objects inherit', () => {
    const grader = { type: 'json-fields', fields: ['constructor'] } as const;
    expect(passes({ name: 'Ana' }, grader, '{"name":"Ana"}')).toBe(false);
    expect(passes(JSON.parse('{"__proto__":1}') as JsonValue, null, '{"__proto__":1}')).toBe(true);
    expect(passes(JSON.parse('{"__proto__":1}') as JsonValue, null, '{}')).toBe(false);
  });

  it('validate against the schema with the validator passed in', () => {
    const judged = item(null, { grader: { type: 'json-schema' }, schema });
    expect(gradeAnswer(judged, '{"name":1,"email":2}', tools).passed).toBe(true);
    expect(gradeAnswer(judged, '{"name":1}', tools)).toMatchObject({
      passed: false,
      reason: 'The answer does not follow the schema: “email” is missing.',
    });
    expect(() => gradeAnswer(judged, '{}')).toThrow(/validator/);
  });

  it('refuse JSON that nests without end, instead of falling over it', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(gradeAnswer(item({ a: 1 }), deep).passed).toBe(false);
    expect(gradeAnswer(item('x', { grader: { type: 'same-set' } }), deep).passed).toBe(false);
  });

  it('stay quick on an answer made of nothing but fences', () => {
    expect(gradeAnswer(item({ a: 1 }), '```\n'.repeat(50_000)).passed).toBe(false);
  });
});
