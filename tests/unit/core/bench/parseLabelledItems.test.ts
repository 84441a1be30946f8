import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gradeAnswer } from '#core/bench/gradeAnswer.ts';
import { parseLabelledItems } from '#core/bench/parseLabelledItems.ts';
import { readGrader } from '#core/bench/readGrader.ts';

const suiteFolder = path.join(import.meta.dirname, '../../../../resources/suites');
const good = (id: string): string => JSON.stringify({ id, task: 't', input: 'i', expected: 'e' });

describe('a labelled set', () => {
  it('that ships is read whole, and its own answers pass', async () => {
    const { suites } = JSON.parse(await readFile(path.join(suiteFolder, 'suites.json'), 'utf8')) as {
      suites: { id: string; file?: string; grader: never }[];
    };
    const files = suites.flatMap(({ file }) => file ?? []);
    expect(files.toSorted()).toEqual((await readdir(suiteFolder)).filter((name) => name.endsWith('.jsonl')).toSorted());
    // Those of the eight tasks are tried with answers of their own, in talkSuite.test.ts.
    for (const { id, file, grader } of suites.filter((suite) => !suite.id.startsWith('talk'))) {
      if (file === undefined) continue;
      const { items, problems } = parseLabelledItems(await readFile(path.join(suiteFolder, file), 'utf8'), { grader });
      expect([id, problems]).toEqual([id, []]);
      expect(items.length).toBeGreaterThanOrEqual(100);
      for (const item of items) {
        const answer = typeof item.expected === 'string' ? item.expected : JSON.stringify(item.expected);
        expect([item.id, gradeAnswer(item, answer).passed]).toEqual([item.id, true]);
      }
    }
  });

  it('may have a byte order mark, CRLF and blank lines; its line numbers are those of the file', () => {
    const { items, problems } = parseLabelledItems(`\uFEFF${good('a')}\r\n\r\n  \r\n${good('b')}\r\nbroken`);
    expect(items.map((item) => item.id)).toEqual(['a', 'b']);
    expect(problems).toMatchObject([{ line: 5, message: expect.stringMatching(/not valid JSON/) }]);
  });

  it('keeps every good line and reports every bad one', () => {
    const { items, problems } = parseLabelledItems(['x', good('a'), '[1]', good('a'), good('b'), '{"id":"c"}'].join('\n'));
    expect(items.map((item) => item.id)).toEqual(['a', 'b']);
    expect(problems.map((problem) => problem.line)).toEqual([1, 3, 4, 6]);
    expect(problems[2]?.message).toBe('The id "a" was already used on line 2.');
  });

  it.each([
    [{ task: 't', input: 'i', expected: 'e' }, /"id" is missing/],
    [{ id: 'a', input: '', expected: 'e' }, /"input" is empty/],
    [{ id: 'a', input: 7, expected: 'e' }, /"input" is not text/],
    [{ id: 'a', input: 'i' }, /"expected" is missing/],
    [{ id: 'a', input: 'i', expected: null }, /"expected" is missing/],
    [{ id: 'a', input: 'i', expected: [] }, /"expected" is neither/],
    [{ id: 'a', input: 'i', expected: 'e', system: 4 }, /"system" is not text/],
    [{ id: 'a', input: 'i', expected: 'e', labels: 'e' }, /"labels" is not a list/],
    [{ id: 'a', input: 'i', expected: 'e', schema: 'object' }, /"schema" is not/],
    [{ id: 'a', input: 'i', expected: 'e', grader: 'best' }, /grader "best" is unknown; there are exact/],
    [{ id: 'a', input: 'i', expected: 'e', grader: 'toString' }, /grader "toString" is unknown/],
    [
      { id: 'a', input: 'i', expected: 'e', grader: { type: 'exact', ignoreCase: 'no' } },
      /"ignoreCase" of the grader exact is not true or false/,
    ],
    [{ id: 'a', input: 'i', expected: 'e', grader: 'numeric' }, /holds no number/],
    [{ id: 'a', input: 'i', expected: 'e', grader: 'json-schema' }, /needs a "schema"/],
    [{ id: 'a', input: 'i', expected: 'e', grader: 'json-fields' }, /is no JSON object/],
    [{ id: 'a', input: 'i', expected: { b: 1 }, grader: 'contains' }, /neither text nor a list/],
    [{ id: 'a', input: 'i', expected: { b: 1 }, grader: 'regex' }, /no pattern/],
    [{ id: 'a', input: 'i', expected: 'e', labels: ['x', 'y'] }, /"expected" is "e", which is not among the labels/],
    [{ id: 'a', input: 'i', expected: 'x, z', labels: ['x', 'y'], grader: 'same-set' }, /"z", which is not among the labels/],
    [{ id: 'a', input: 'i', grader: { type: 'all', of: ['go'] } }, /Part 1 of the grader all: The grader go needs "function"/],
    [{ id: 'a', input: 'i', grader: { type: 'all', of: ['exact'] } }, /"expected" is missing/],
    [{ id: 'a', input: 'i', grader: { type: 'all', of: [{ type: 'all', of: ['exact'] }] } }, /it is "all" itself/],
    [{ id: 'a', input: 'i', grader: 'python' }, /needs "tests" or "cases"/],
    [{ id: 'a', input: 'i', grader: { type: 'tool-calls', calls: [{ name: 'x' }] } }, /"calls" of the grader tool-calls is not a list/],
    [{ id: 'a', input: 'i', grader: { type: 'tool-calls', calls: [] } }, /needs "tools"/],
    [
      { id: 'a', input: 'i', tools: ['http_get'], grader: { type: 'calculation', results: [1], leastCalls: 1 } },
      /asks for the tool "calculator", which "tools" does not offer/,
    ],
    [{ id: 'a', input: 'i', expected: 'e', tools: ['shell'] }, /tool "shell" is unknown; there are calculator/],
    [{ id: 'a', input: 'i', expected: 'e', tools: ['calculator', 'calculator'] }, /"calculator" is offered twice/],
    [{ id: 'a', input: 'i', expected: 'e', tools: [{ name: 'rm -rf' }] }, /name of a tool/],
    [{ id: 'a', input: 'i', expected: 'e', tools: [{ name: 'f', parameters: [] }] }, /"parameters" of the tool f is not a JSON Schema/],
    [{ id: 'a', input: 'i', expected: 'e', fixtures: [{ url: 'https://a.b/c', body: 1 }] }, /http_get is not offered/],
    [
      { id: 'a', input: 'i', expected: 'e', tools: ['http_get'], fixtures: [{ url: 'file:///etc/passwd', body: 1 }] },
      /no http:\/\/ or https/,
    ],
    [{ id: 'a', input: 'i', expected: 'e', tools: ['http_get'], fixtures: [{ url: 'https://a.b/c', status: 7, body: 1 }] }, /"status"/],
    [{ id: 'a', input: 'i', expected: 'e', tools: ['http_get'], faults: [{ tool: 'calculator', message: 'no' }] }, /which is not offered/],
    [{ id: 'a', input: 'i', expected: 'e', judge: { kind: 'checklist', criteria: [] } }, /"criteria" of the judge's checklist/],
    [{ id: 'a', input: 'i', expected: 'e', judge: 'gpt' }, /neither a checklist nor a preference/],
  ])('line %j is refused', (line, message) => {
    const { items, problems } = parseLabelledItems(JSON.stringify(line));
    expect(items).toEqual([]);
    expect(problems).toMatchObject([{ line: 1, message: expect.stringMatching(message) }]);
  });

  it('parses an expectation that is JSON written as text, where there is a schema', () => {
    const line = JSON.stringify({ id: 'a', input: 'i', expected: '{"x": 1}', schema: { type: 'object' } });
    expect(parseLabelledItems(line).items[0]?.expected).toEqual({ x: 1 });
    expect(parseLabelledItems(JSON.stringify({ id: 'a', input: 'i', expected: '{"x": 1}' })).items[0]?.expected).toBe('{"x": 1}');
  });

  it('fills in what the line leaves out', () => {
    const { items } = parseLabelledItems('{"id":7,"input":"i","expected":"e"}', { task: 'routing', grader: { type: 'contains' } });
    expect(items).toEqual([
      {
        id: '7',
        task: 'routing',
        system: null,
        input: 'i',
        expected: 'e',
        grader: { type: 'contains' },
        labels: null,
        schema: null,
        tags: [],
      },
    ]);
  });

  it('keeps tools, fixtures, faults and the task of a judge, and has none of these fields where they are not given', () => {
    const tools = [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } }, 'http_get'];
    const more = {
      tools,
      fixtures: [{ url: 'https://a.b/c', body: { d: 1 } }],
      faults: [{ tool: 'http_get', message: 'busy' }],
      judge: { kind: 'preference', question: 'Which is better?' },
    };
    const { items } = parseLabelledItems(`${JSON.stringify({ id: 'a', input: 'i', expected: 'e', ...more })}\n${good('b')}`);
    expect(items[0]).toMatchObject({
      tools: [{ name: 'look_up', description: '', parameters: { type: 'object' } }, 'http_get'],
      fixtures: [{ url: 'https://a.b/c', status: 200, body: { d: 1 } }],
      faults: more.faults,
      judge: more.judge,
    });
    expect(Object.keys(items[1] ?? {})).toEqual(['id', 'task', 'system', 'input', 'expected', 'grader', 'labels', 'schema', 'tags']);
  });

  it('asks the engines passed in whether patterns and schemas can be used', () => {
    const checks = { checkPattern: () => 'no lookahead.', checkSchema: () => 'unknown type.' };
    const lines = [
      { id: 'a', input: 'i', expected: '(?=x)', grader: 'regex' },
      { id: 'b', input: 'i', expected: {}, schema: { type: 'thing' } },
      { id: 'c', input: 'i', expected: 'e', grader: { type: 'all', of: ['exact', { type: 'regex', pattern: '(?=x)' }] } },
      { id: 'd', input: 'i', expected: 'e', tools: [{ name: 'f', parameters: { type: 'thing' } }] },
    ];
    const { problems } = parseLabelledItems(lines.map((line) => JSON.stringify(line)).join('\n'), checks);
    expect(problems.map((problem) => problem.message)).toEqual([
      'The pattern cannot be used: no lookahead.',
      '"schema" cannot be used: unknown type.',
      'The pattern cannot be used: no lookahead.',
      '"parameters" of the tool f cannot be used: unknown type.',
    ]);
  });

  it('has limits, and says where they cut', () => {
    const { items, problems } = parseLabelledItems([good('a'), good('b'), good('c'), good('d')].join('\n'), { itemLimit: 2 });
    expect(items).toHaveLength(2);
    expect(problems).toMatchObject([{ line: 3 }]);
    expect(parseLabelledItems(good('a'), { lineLimitCharacters: 10 }).problems).toMatchObject([
      { message: expect.stringMatching(/10 is the most/) },
    ]);
  });

  it('survives a line that nests without end', () => {
    const { problems } = parseLabelledItems(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect(problems).toMatchObject([{ line: 1, message: expect.stringMatching(/nests/) }]);
  });

  it('that is empty holds nothing and has no bad lines', () => {
    expect(parseLabelledItems('')).toEqual({ items: [], problems: [] });
  });
});

describe('a grader', () => {
  it('may be written as its type alone', () => {
    expect(readGrader('same-set')).toEqual({ ok: true, grader: { type: 'same-set' } });
    expect(readGrader({ type: 'numeric', tolerance: 0.01, other: true })).toEqual({
      ok: true,
      grader: { type: 'numeric', tolerance: 0.01 },
    });
    expect(readGrader(5)).toMatchObject({ ok: false });
  });
});
