import { describe, expect, it } from 'vitest';
import { codeToRun, needsPython } from '#core/bench/codeToRun.ts';
import { gradeAnswer } from '#core/bench/gradeAnswer.ts';
import type { Grader } from '#core/bench/labelledItem.ts';
import type { RecordedCall } from '#core/tools/tool.ts';

const grader: Grader = {
  type: 'python',
  function: 'double',
  cases: [
    { call: 'double(4)', gives: 8 },
    { call: 'double(0.1)', gives: 0.2 },
  ],
};
const source = 'def double(n):\n    return 2 * n';
const answer = { text: `Here:\n\`\`\`python\n${source}\n\`\`\``, calls: [] as RecordedCall[] };

function job(of: { readonly grader?: Grader; readonly text?: string; readonly calls?: RecordedCall[] } = {}) {
  return codeToRun(
    { grader: of.grader ?? grader },
    { ...answer, ...(of.text === undefined ? {} : { text: of.text }), calls: of.calls ?? [] },
  );
}

/** The line that the program would print. */
function printed(values: readonly object[]): string {
  const marker = /"(checked-[0-9a-f]{16})"/.exec(job()?.code ?? '')?.[1] ?? 'none';
  return `noise\n${marker}${JSON.stringify(values)}\n`;
}

const finished = (stdout: string) => job()?.read({ state: 'finished', stdout, error: null });

describe('the program that tries the code of an answer', () => {
  it('holds the code and the calls, and nothing of what they should give', () => {
    const secret: Grader = { type: 'python', cases: [{ call: 'f(1)', gives: 'a sentinel' }] };
    const { code = '' } = job({ grader: secret }) ?? {};
    expect(code).toContain('return 2 * n');
    expect(code).toContain('f(1)');
    expect(code).not.toContain('a sentinel');
  });

  it('is none without such a grader, or without code', () => {
    expect(job({ grader: { type: 'exact' } })).toBeNull();
    expect(job({ text: '' })).toBeNull();
    expect(job({ text: 'x'.repeat(100_001) })).toBeNull();
    expect(job({ grader: { ...grader, from: 'call' } })).toBeNull();
  });

  it('takes the last call that worked where the code is in a call', () => {
    const call = (code: string, error: string | null = null): RecordedCall => ({
      name: 'execute_python',
      arguments: { code },
      turn: 1,
      result: '',
      error,
      tookMs: 0,
    });
    const of = (...calls: RecordedCall[]) => job({ grader: { ...grader, from: 'call' }, calls })?.code;
    expect(of(call('first'), call('second'), call('third', 'SyntaxError'))).toContain('"second"');
    expect(of(call('first', 'SyntaxError'), call('second', 'NameError'))).toContain('"second"');
    expect(of(call('def double(n): return 1'), call('print(2)'))).toContain('return 1');
  });

  it('is found inside several graders', () => {
    expect(job({ grader: { type: 'all', of: [{ type: 'contains' }, grader] } })).not.toBeNull();
  });
});

describe('what the program showed', () => {
  it.each<[string, readonly object[], 'passed' | 'failed', RegExp]>([
    ['right values, fractions to nine digits', [{ value: 8 }, { value: 0.2 + 1e-12 }], 'passed', /All 2 cases/],
    ['a wrong value', [{ value: 9 }, { value: 0.2 }], 'failed', /“double\(4\)” gave 9, expected 8/],
    ['a right number as text', [{ value: '8' }, { value: 0.2 }], 'failed', /gave "8"/],
    ['an error', [{ value: 8 }, { error: 'TypeError: no' }], 'failed', /“double\(0.1\)” raised “TypeError: no”/],
    ['too few values', [{ value: 8 }], 'failed', /ended before it was tested/],
  ])('%s', (_name, values, state, message) => {
    expect(finished(printed(values))).toMatchObject({ state, message: expect.stringMatching(message) });
  });

  it('is a failure where the program ended early, was forged or cut', () => {
    expect(finished('')).toMatchObject({ state: 'failed' });
    expect(finished('checked-0000000000000000[{"value":8},{"value":0.2}]')).toMatchObject({ state: 'failed' });
    expect(finished(printed([{ value: 8 }, { value: 0.2 }]).slice(0, -5))).toMatchObject({ state: 'failed' });
  });

  it('tells limits and errors apart', () => {
    const read = (state: 'timed-out' | 'out-of-memory' | 'raised', error: string | null = null) =>
      job()?.read({ state, stdout: '', error });
    expect(read('timed-out')?.state).toBe('timed-out');
    expect(read('out-of-memory')?.state).toBe('out-of-memory');
    expect(read('raised', 'Traceback\n  line 1\nNameError: x\n')).toEqual({ state: 'failed', message: 'NameError: x' });
  });
});

describe('an answer in Python', () => {
  const item = { expected: null, grader, labels: null, schema: null };

  it('is graded by what the sandbox said of it', () => {
    const passed = gradeAnswer(item, { ...answer, execution: { state: 'passed', message: 'All 2 cases are right.' } });
    expect([passed.passed, passed.reason]).toEqual([true, 'The code works: All 2 cases are right.']);
    expect(gradeAnswer(item, { ...answer, execution: { state: 'timed-out', message: 'It did not come to an end.' } }).passed).toBe(false);
  });

  it('fails by itself where it holds no code, and is not graded at all where it was not run', () => {
    expect(gradeAnswer(item, '').passed).toBe(false);
    expect(() => gradeAnswer(item, answer.text)).toThrow(/sandbox/);
  });

  it('needs Python, as does the tool', () => {
    expect(needsPython({ grader: { type: 'all', of: [grader] } })).toBe(true);
    expect(needsPython({ grader: null, tools: ['execute_python'] })).toBe(true);
    expect(needsPython({ grader: { type: 'exact' }, tools: ['calculator'] })).toBe(false);
  });
});
