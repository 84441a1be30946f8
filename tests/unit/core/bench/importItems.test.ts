import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#core/bench/labelledItem.ts';
import { type ParsedItems, parseLabelledItems, readItems } from '#core/bench/parseLabelledItems.ts';
import { promptfooRows } from '#core/bench/promptfooRows.ts';
import { type TableRecord, tableRows } from '#core/bench/tableRows.ts';

const lines = (...records: readonly object[]): ParsedItems =>
  parseLabelledItems(records.map((record) => JSON.stringify(record)).join('\n'));

describe("another tool's lines", () => {
  it('of OpenAI evals become items: system prompt, question, one or several ideal answers', () => {
    const { items, problems } = lines(
      {
        input: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Capital of France?' },
        ],
        ideal: 'Paris',
      },
      { input: [{ role: 'user', content: 'Colour of grass?' }], ideal: ['green', 'Green'] },
    );
    expect(problems).toEqual([]);
    expect(items).toMatchObject([
      { id: 'line-1', system: 'Be brief.', input: 'Capital of France?', expected: 'Paris' },
      { id: 'line-2', system: null, input: 'Colour of grass?', expected: ['green', 'Green'] },
    ]);
  });

  it('of Inspect become items, choices become labels', () => {
    const { items } = lines({ id: 7, input: 'Pick one: a or b', target: 'a', choices: ['a', 'b'] });
    expect(items).toMatchObject([{ id: '7', input: 'Pick one: a or b', expected: 'a', labels: ['a', 'b'] }]);
  });

  it.each<[object, RegExp]>([
    [{ input: [{ role: 'assistant', content: 'x' }], ideal: 'y' }, /a turn of "assistant"/],
    [
      {
        input: [
          { role: 'user', content: 'x' },
          { role: 'user', content: 'z' },
        ],
        ideal: 'y',
      },
      /has 2 questions/,
    ],
    [{ input: [], ideal: 'y' }, /asks nothing/],
    [{ input: [{ role: 'user', content: [{ type: 'image' }] }], ideal: 'y' }, /not \{role, content\} in text/],
    [{ input: 'x', ideal: null }, /"id" is missing|"expected" is missing/],
  ])('%j is refused with its reason', (record, reason) => {
    expect(lines(record).problems).toMatchObject([{ line: 1, message: expect.stringMatching(reason) }]);
  });
});

describe('a table', () => {
  const read = (...cells: readonly (readonly string[])[]) => {
    const records = cells.map((row, index): TableRecord => ({ line: index + 1, cells: row }));
    const reading = tableRows(records);
    return reading.ok ? readItems(reading.rows) : reading.message;
  };

  it('becomes items by the names of its columns, whatever their order and case', () => {
    expect(
      read(['Label', 'Question', 'Category'], ['refund', 'Money back?', 'mail'], ['', '', ''], ['praise', 'Thank you', 'mail']),
    ).toMatchObject({
      problems: [],
      items: [
        { id: 'row-2', task: 'mail', input: 'Money back?', expected: 'refund' },
        { id: 'row-4', task: 'mail', input: 'Thank you', expected: 'praise' },
      ],
    });
  });

  it('holds lists, schemas and graders in its cells', () => {
    const schema = '{"type":"object"}';
    expect(
      read(
        ['id', 'input', 'expected', 'labels', 'grader', 'schema', 'tags'],
        ['a', 'x', 'red', 'red; green;', 'exact', '', 'colour;short'],
        ['b', 'y', '{"n":1}', '', '{"type":"json-fields","fields":["n"]}', schema, '["z"]'],
        ['c', 'z', '0042', '', '', '', ''],
      ),
    ).toMatchObject({
      problems: [],
      items: [
        { labels: ['red', 'green'], grader: { type: 'exact' }, tags: ['colour', 'short'] },
        { expected: { n: 1 }, grader: { type: 'json-fields', fields: ['n'] }, schema: { type: 'object' }, tags: ['z'] },
        { expected: '0042' },
      ],
    });
  });

  it('names the line of a bad row, and says which column is missing', () => {
    expect(read(['input', 'expected'], ['x', ''], ['y', 'z'])).toMatchObject({
      problems: [{ line: 2, message: '"expected" is missing.' }],
      items: [{ id: 'row-3' }],
    });
    expect(read(['question', 'remark'], ['x', 'y'])).toMatch(/names no column for expected; it may be called "expected", /);
    expect(read()).toBe('The table is empty.');
  });
});

describe('a promptfoo configuration', () => {
  const read = (document: JsonValue) => {
    const reading = promptfooRows(document);
    return reading.ok ? readItems(reading.rows) : reading.message;
  };

  it('becomes an item for each prompt, test and combination of variables', () => {
    const document = {
      prompts: [
        'Translate "{{ word }}" to {{language}}.',
        '[{"role":"system","content":"Translate."},{"role":"user","content":"{{word}}"}]',
      ],
      defaultTest: { vars: { language: 'French' } },
      tests: [{ description: 'animals', vars: { word: ['cat', 'the "dog"'] }, assert: [{ type: 'icontains', value: 'ch' }] }],
    };
    expect(read(document)).toMatchObject({
      problems: [],
      items: [
        {
          id: 'test-1-prompt-1-1',
          task: 'animals',
          system: null,
          input: 'Translate "cat" to French.',
          expected: 'ch',
          grader: { type: 'contains', ignoreCase: true },
        },
        { id: 'test-1-prompt-1-2', input: 'Translate "the "dog"" to French.' },
        { id: 'test-1-prompt-2-1', system: 'Translate.', input: 'cat' },
        { id: 'test-1-prompt-2-2', input: 'the "dog"' },
      ],
    });
  });

  it.each<[JsonValue, object]>([
    [
      { type: 'equals', value: 'yes' },
      { grader: { type: 'exact' }, expected: 'yes' },
    ],
    [
      { type: 'equals', value: '{{answer}}' },
      { grader: { type: 'exact' }, expected: '42' },
    ],
    [
      { type: 'contains-any', value: ['a', 'b'] },
      { grader: { type: 'contains' }, expected: ['a', 'b'] },
    ],
    [
      { type: 'contains-any', value: ['{{answer}}', 'b'] },
      { grader: { type: 'contains' }, expected: ['42', 'b'] },
    ],
    [
      { type: 'regex', value: '^a+$' },
      { grader: { type: 'regex' }, expected: '^a+$' },
    ],
    [
      { type: 'is-json', value: { type: 'object' } },
      { grader: { type: 'json-schema' }, schema: { type: 'object' } },
    ],
    [{ type: 'is-json' }, { grader: { type: 'constraints', checks: [{ kind: 'json' }] } }],
  ])('has %j graded as what it means', (assertion, item) => {
    expect(read({ prompts: 'Q', tests: [{ vars: { answer: 42 }, assert: [assertion] }] })).toMatchObject({ problems: [], items: [item] });
  });

  it('has several assertions graded together where each is a check of the text', () => {
    const assert = [{ type: 'icontains', value: 'moon' }, { type: 'not-icontains', value: 'sun' }, { type: 'is-json' }];
    const checks = [{ kind: 'includes', texts: ['moon'] }, { kind: 'excludes', texts: ['sun'] }, { kind: 'json' }];
    expect(read({ prompts: ['Q'], tests: [{ assert }] })).toMatchObject({ items: [{ grader: { type: 'constraints', checks } }] });
  });

  it.each<[JsonValue, RegExp]>([
    [{ prompts: ['Q'], tests: [{ assert: [{ type: 'llm-rubric', value: 'good' }] }] }, /"llm-rubric" cannot be graded here/],
    [
      {
        prompts: ['Q'],
        tests: [
          {
            assert: [
              { type: 'equals', value: 'a' },
              { type: 'javascript', value: '1' },
            ],
          },
        ],
      },
      /"equals" cannot be graded here beside others/,
    ],
    [{ prompts: ['Q'], tests: [{ assert: [{ type: 'is-json', value: 'file://x.json' }] }] }, /lies in another file/],
    [
      {
        prompts: ['Q'],
        tests: [
          {
            assert: [
              { type: 'is-json', value: { type: 'object' } },
              { type: 'icontains', value: 'a' },
            ],
          },
        ],
      },
      /"is-json" cannot be graded here beside others/,
    ],
    [
      { prompts: ['file://prompt.txt'], tests: [{ assert: [{ type: 'equals', value: 'a' }] }] },
      /Prompt 1 is not text, or lies in another file/,
    ],
    [{ prompts: ['{{missing}}'], tests: [{ assert: [{ type: 'equals', value: 'a' }] }] }, /a variable that the test does not set/],
    [
      { prompts: ['Q'], tests: [{ assert: [{ type: 'equals', value: '{{missing}}' }] }] },
      /assertion uses a variable that the test does not/,
    ],
    [
      { prompts: ['Q'], tests: [{ assert: [{ type: 'contains-any', value: ['a', '{{ missing }}'] }] }] },
      /assertion uses a variable that the test does not/,
    ],
    [{ prompts: ['{{a}}'], tests: [{ vars: { a: [] }, assert: [{ type: 'equals', value: 'a' }] }] }, /an empty list/],
    [{ prompts: ['{% if x %}'], tests: [{ assert: [{ type: 'equals', value: 'a' }] }] }, /template language/],
    [{ prompts: ['Q'], tests: [{}] }, /asserts nothing/],
    [{ prompts: ['Q'], tests: ['x'] }, /not a mapping/],
    [{ prompts: ['{{__proto__}}'], tests: [{ assert: [{ type: 'equals', value: 'a' }] }] }, /a variable that the test does not set/],
    [
      {
        prompts: ['{{a}}{{b}}'],
        tests: [{ vars: { a: Array(100).fill('x'), b: Array(100).fill('x') }, assert: [{ type: 'equals', value: 'a' }] }],
      },
      /more than 1000 combinations/,
    ],
  ])('%j has its row reported', (document, reason) => {
    expect(read(document)).toMatchObject({ items: [], problems: [{ line: 1, message: expect.stringMatching(reason) }] });
  });

  it.each<[JsonValue, RegExp]>([
    [[], /the top is not a mapping/],
    [{ tests: [] }, /"prompts" is missing/],
    [{ prompts: ['Q'], tests: 'file://tests.csv' }, /tests in other files are not read/],
  ])('%j is none', (document, reason) => {
    expect(read(document)).toMatch(reason);
  });
});
