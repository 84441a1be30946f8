import { describe, expect, it } from 'vitest';
import { gradeAnswer } from '#core/bench/gradeAnswer.ts';
import type { Answered, GradingTools } from '#core/bench/gradedItem.ts';
import type { ExpectedCall, Grader, JsonValue } from '#core/bench/labelledItem.ts';
import { calculate } from '#core/tools/calculator.ts';
import type { RecordedCall } from '#core/tools/tool.ts';

type Arguments = RecordedCall['arguments'];

function call(name: string, given: Arguments, more: Partial<RecordedCall> = {}): RecordedCall {
  return { name, arguments: given, turn: 1, result: '', error: null, tookMs: 0, ...more };
}

function grade(grader: Grader, answer: Partial<Answered>, of: { readonly expected?: JsonValue; readonly tools?: GradingTools } = {}) {
  const item = { expected: of.expected ?? null, grader, labels: null, schema: null };
  return gradeAnswer(item, { text: '', calls: [], execution: null, ...answer }, of.tools);
}

const weather = (city: JsonValue, more: Arguments = {}): RecordedCall => call('weather', { city, ...more });
const asked: ExpectedCall = { name: 'weather', arguments: { city: ['Oslo', 'Oslo, Norway'], unit: 'celsius' }, optional: ['unit'] };

describe('calls of tools', () => {
  const passes = (calls: readonly RecordedCall[], more: Partial<Extract<Grader, { type: 'tool-calls' }>> = {}): boolean =>
    grade({ type: 'tool-calls', calls: [asked], ...more }, { calls }).passed;

  it.each<[string, readonly RecordedCall[], boolean, RegExp]>([
    ['the asked-for one', [weather('Oslo')], true, /The one call is right/],
    ['another accepted value, in other letters', [weather(' oslo, norway', { unit: 'Celsius' })], true, /right/],
    ['a value that is not accepted', [weather('Bergen')], false, /"city" of weather is "Bergen", asked for/],
    ['a value of another type', [weather(4)], false, /"city" of weather is 4/],
    ['no argument', [call('weather', {})], false, /"city" of weather is missing/],
    ['an unknown argument', [weather('Oslo', { day: 1 })], false, /weather knows no "day"/],
    ['a wrong optional argument', [weather('Oslo', { unit: 'kelvin' })], false, /"unit" of weather is "kelvin"/],
    ['another tool', [call('search', { q: 'Oslo' })], false, /is missing, search was called/],
    ['no call', [], false, /No tool was called/],
    ['one too many', [weather('Oslo'), call('search', { q: 'Oslo' })], false, /search.* was not asked for/],
    ['the right one twice', [weather('Oslo'), weather('Oslo')], false, /was not asked for/],
    [
      'a failed one, then the right one',
      [{ ...weather('Bergen'), error: 'busy' }, weather('Oslo')],
      true,
      /One call before ended in an error/,
    ],
    ['only a failed one', [{ ...weather('Oslo'), error: 'busy' }], false, /is missing/],
    [
      'keys that objects inherit',
      [call('weather', JSON.parse('{"city":"Oslo","__proto__":1}') as Arguments)],
      false,
      /knows no "__proto__"/,
    ],
  ])('%s', (_name, calls, passed, reason) => {
    const result = grade({ type: 'tool-calls', calls: [asked] }, { calls });
    expect([result.passed, result.reason]).toEqual([passed, expect.stringMatching(reason)]);
  });

  it('may be more than asked for where that is allowed', () => {
    expect(passes([weather('Bergen'), weather('Oslo')], { extra: 'allow' })).toBe(true);
  });

  it('take a list as one value where it stands in a list', () => {
    const calls = [{ name: 'sort', arguments: { values: [[3, 1]] } }];
    expect(grade({ type: 'tool-calls', calls }, { calls: [call('sort', { values: [3, 1] })] }).passed).toBe(true);
    expect(grade({ type: 'tool-calls', calls }, { calls: [call('sort', { values: 3 })] }).passed).toBe(false);
  });

  it('are matched in any order, each to one, also where accepted values overlap', () => {
    const calls = [
      { name: 'f', arguments: { x: [1, 2] } },
      { name: 'f', arguments: { x: 1 } },
    ];
    const both = [call('f', { x: 1 }), call('f', { x: 2 })];
    expect(grade({ type: 'tool-calls', calls }, { calls: both }).passed).toBe(true);
    expect(grade({ type: 'tool-calls', calls }, { calls: [call('f', { x: 2 }), call('f', { x: 2 })] }).passed).toBe(false);
  });

  it('are matched one after the other where the order is given', () => {
    const calls = [
      { name: 'list', arguments: {} },
      { name: 'read', arguments: { id: 7 } },
    ];
    const right = [call('list', {}), call('read', { id: 7 })];
    expect(grade({ type: 'tool-calls', calls, order: 'given' }, { calls: right }).passed).toBe(true);
    const swapped = grade({ type: 'tool-calls', calls, order: 'given' }, { calls: right.toReversed() });
    expect([swapped.passed, swapped.reason]).toEqual([false, expect.stringContaining('came out of order')]);
  });

  it('are all mistakes where none was needed, failed ones too', () => {
    expect(grade({ type: 'tool-calls', calls: [] }, {}).passed).toBe(true);
    expect(grade({ type: 'tool-calls', calls: [] }, { calls: [{ ...weather('Oslo'), error: 'busy' }] })).toMatchObject({
      passed: false,
      tools: { rightTool: false, extraCalls: 1, answeredWithout: false },
    });
  });

  it('say apart which tool, which arguments and how many too many', () => {
    const calls = [weather('Bergen'), weather('Paris')];
    expect(grade({ type: 'tool-calls', calls: [asked] }, { calls }).tools).toEqual({
      rightTool: true,
      rightArguments: false,
      extraCalls: 1,
      answeredWithout: false,
    });
    expect(grade({ type: 'tool-calls', calls: [asked] }, {}).tools).toMatchObject({ rightTool: false, answeredWithout: true });
  });
});

describe('a calculation', () => {
  const grader: Grader = { type: 'calculation', results: [5875, 49, 5768], leastCalls: 4 };
  const step = (operation: string, a: JsonValue, b: JsonValue, more: Partial<RecordedCall> = {}): RecordedCall =>
    call('calculator', { operation, a, b }, more);
  const steps = [step('multiply', 125, 47), step('divide', 980, 20), step('add', 5875, 49), step('subtract', 5924, 156)];

  it('passes with every sub-result, whatever the tool is said to have answered', () => {
    expect(grade(grader, { calls: steps.map((made) => ({ ...made, result: '0' })) })).toMatchObject({
      passed: true,
      tools: { rightTool: true, rightArguments: true, extraCalls: 0, answeredWithout: false },
    });
  });

  it('fails where a sub-result was never worked out, whatever the tool is said to have answered', () => {
    const [, ...rest] = steps;
    const result = grade(grader, { calls: [step('multiply', 125, 46, { result: '5875' }), ...rest] });
    expect([result.passed, result.reason]).toEqual([false, 'Never worked out: 5875 (4 calls, 4 would do).']);
  });

  it('forgives what went wrong and was done again, and counts it', () => {
    const calls = [
      step('power', 2, 3, { error: 'unknown' }),
      { ...(steps[0] ?? step('add', 1, 1)), error: 'busy' },
      ...steps,
      step('add', 1, 1),
    ];
    const result = grade(grader, { calls });
    expect(result).toMatchObject({ passed: true, tools: { rightArguments: false, extraCalls: 1 } });
    expect(result.reason).toMatch(/7 calls, 4 would do. One call was no calculation/);
  });

  it('is none without a call', () => {
    expect(grade(grader, { text: '5768' })).toMatchObject({ passed: false, tools: { answeredWithout: true } });
  });
});

describe('the calculator', () => {
  it.each<[Arguments, number | RegExp]>([
    [{ operation: 'add', a: 0.1, b: 2 }, 2.1],
    [{ operation: 'subtract', a: 3, b: 5 }, -2],
    [{ operation: 'multiply', a: -4, b: 2.5 }, -10],
    [{ operation: 'divide', a: 7, b: 2 }, 3.5],
    [{ operation: 'divide', a: 1, b: 0 }, /divided by zero/],
    [{ operation: 'power', a: 1, b: 2 }, /operation "power" is unknown; there are add, subtract, multiply, divide/],
    [{ operation: 'add', a: '1', b: 2 }, /"a" is not a number but "1"/],
    [{ operation: 'add', a: 1 }, /"b" is not a number but nothing/],
    [{ operation: 'multiply', a: 1e308, b: 1e308 }, /too large/],
    [{ operation: 'toString', a: 1, b: 1 }, /unknown/],
  ])('%j gives %s', (given, result) => {
    const worked = calculate(given);
    if (typeof result === 'number') expect(worked).toEqual({ ok: true, value: result });
    else expect(worked).toMatchObject({ ok: false, message: expect.stringMatching(result) });
  });
});

describe('what a tool gave', () => {
  const grader: Grader = { type: 'tool-output', tool: 'execute_python', contains: ['0, 1, 1, 2', '88'] };
  const ran = (result: string, error: string | null = null): RecordedCall => call('execute_python', {}, { result, error });

  it.each<[string, readonly RecordedCall[], boolean]>([
    ['holds the words, over lines', [ran('[0,\n 1, 1, 2]\nsum 88')], true],
    ['holds them over several calls', [ran('0 1 1 2'), ran('88')], true],
    ['holds one of them', [ran('88')], false],
    ['holds a longer number', [ran('0 1 1 2\n188')], false],
    ['is an error', [ran('0 1 1 2 88', 'raised')], false],
    ['is of another tool', [call('calculator', {}, { result: '0 1 1 2 88' })], false],
  ])('%s', (_name, calls, passed) => {
    expect(grade(grader, { calls }).passed).toBe(passed);
  });
});

describe('the last JSON object', () => {
  const expected = { result: 13, recursive: true, complexity: ['O(n log n)', 'linearithmic'] };
  const passes = (text: string): boolean => grade({ type: 'last-json' }, { text }, { expected }).passed;

  it.each([
    ['It adds. {"result": 1}\n```json\n{"result": 13, "recursive": true, "complexity": "o(N LOG n)"}\n```', true],
    ['{"recursive":true,"complexity":"linearithmic","result":13,"note":{"a":"}"}}', true],
    ['func f() { return } {"result": 13, "recursive": true, "complexity": "linearithmic"} and {so on}', true],
    ['{"result": "13", "recursive": true, "complexity": "linearithmic"}', false],
    ['{"result": 13, "recursive": true}', false],
    ['13, true, linearithmic', false],
    ['', false],
  ])('of %j: %s', (text, passed) => {
    expect(passes(text)).toBe(passed);
  });

  it('ends the answer where its form is kept', () => {
    const format = (text: string) => grade({ type: 'last-json' }, { text }, { expected }).format;
    expect(format('It adds.\n```json\n{"result": 1}\n```')).toEqual({ strict: true, loose: true });
    expect(format('{"result": 1} is the answer')).toEqual({ strict: false, loose: true });
    expect(format('none')).toEqual({ strict: false, loose: false });
  });

  it('is looked for without end neither in braces nor in depth', () => {
    expect(passes('{'.repeat(500_000))).toBe(false);
    expect(passes('{}}'.repeat(200_000))).toBe(false);
    expect(passes(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`)).toBe(false);
  });
});

describe('Go by its shape', () => {
  const grader: Grader = { type: 'go', function: 'Sum', parameters: 2, recursive: true };
  const outlined = (functions: readonly { name: string; parameters: number; callsItself: boolean }[], isValid = true): GradingTools => ({
    outlineGo: () => ({ isValid, functions }),
  });
  const sum = { name: 'Sum', parameters: 2, callsItself: true };

  it.each<[string, GradingTools, RegExp | null]>([
    ['as asked', outlined([sum]), null],
    ['that does not parse', outlined([sum], false), /does not parse/],
    ['of another name', outlined([{ ...sum, name: 'Add' }]), /declares Add, and no Sum/],
    ['with other parameters', outlined([{ ...sum, parameters: 1 }]), /Sum has 1 parameters, asked for 2/],
    ['without recursion', outlined([{ ...sum, callsItself: false }]), /does not call itself/],
    ['that is none', outlined([]), /no Go function/],
  ])('%s', (_name, tools, wrong) => {
    const result = grade(grader, { text: 'x' }, { tools });
    expect(result.passed).toBe(wrong === null);
    if (wrong !== null) expect(result.reason).toMatch(wrong);
  });

  it('is looked for in the block that declares it', () => {
    let seen = '';
    const tools: GradingTools = {
      outlineGo: (source) => {
        seen = source;
        return { isValid: true, functions: [sum] };
      },
    };
    grade(grader, { text: 'First:\n```go\nfunc Sum(a, b int) int { return 1 }\n```\nUse:\n```go\nmain()\n```' }, { tools });
    expect(seen).toBe('func Sum(a, b int) int { return 1 }');
  });
});

describe('several graders at once', () => {
  const grader: Grader = { type: 'all', of: [{ type: 'numeric' }, { type: 'tool-output', tool: 'calculator', contains: ['7'] }] };

  it('pass together, with one line each', () => {
    const calls = [call('calculator', {}, { result: '7' })];
    expect(grade(grader, { text: '7', calls }, { expected: 7 })).toMatchObject({
      passed: true,
      grader: 'all',
      fields: [
        { name: 'numeric', passed: true },
        { name: 'tool-output', passed: true },
      ],
      tools: { rightTool: true },
    });
  });

  it('fail with the reason of what failed alone', () => {
    expect(grade(grader, { text: '7' }, { expected: 7 }).reason).toBe('calculator was not called.');
  });
});
