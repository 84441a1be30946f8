import { describe, expect, test } from 'vitest';
import { comparedLines } from '../../../src/renderer/features/benchmarks/results/comparedLines.ts';
import { deepestKept } from '../../../src/renderer/features/benchmarks/results/deepestKept.ts';
import { extensionOf } from '../../../src/renderer/features/benchmarks/results/extension.ts';
import { gradeWords } from '../../../src/renderer/features/benchmarks/results/gradeWords.ts';
import { outcomeOf, overruledWords, scenariosOf } from '../../../src/renderer/features/benchmarks/results/scenarios.ts';
import { stateWords } from '../../../src/renderer/features/benchmarks/running/cellWords.ts';
import { standstillOf } from '../../../src/renderer/features/benchmarks/running/standstill.ts';
import { runResults, runSummary, samplesOf } from '../../fixtures/page/benchmarkData.ts';

const [graded] = samplesOf('triage');
if (graded === undefined) throw new Error('no sample');

describe('gradeWords', () => {
  test('puts a person above the grader and keeps what the grader said', () => {
    const words = gradeWords({ ...graded, state: 'passed', overrule: { passed: true, note: 'It is right.', at: 0 } });
    expect(words).toMatchObject({ tone: 'ok', title: 'Pass, by your word' });
    expect(words.sentences[0]).toBe('It is right.');
    expect(words.sentences[1]).toMatch(/^The grader said: /);
  });

  test('says of what could not run why, and that it does not count', () => {
    const error = { code: 'sandbox-missing', message: 'No sandbox.', hint: 'Install a browser.' };
    const words = gradeWords({ ...graded, state: 'skipped', passed: null, grade: null, error });
    expect(words.title).toBe('Not run: no sandbox for code');
    expect(words.sentences).toEqual(['No sandbox.', 'Install a browser.', 'It counts neither as passed nor as failed.']);
  });

  test('counts the parts of a grade that has several', () => {
    const fields = [
      { name: 'a', passed: true },
      { name: 'b', passed: false },
    ];
    const grade = { grader: 'json-fields', reason: 'b differs.', format: null, fields };
    expect(gradeWords({ ...graded, state: 'failed', passed: false, grade }).title).toBe('Fail, 1 of 2');
  });
});

test('what only a judge can tell waits for one, and is neither a pass nor a fail', () => {
  const grade = { grader: 'rubric', reason: 'Only a judge or a person can tell.', format: null, fields: null };
  const open = { ...graded, state: 'measured' as const, passed: null, grade };
  expect(outcomeOf([open])).toBe('open');
  expect(scenariosOf([open], { temperature: null })).toHaveLength(1);
  expect(gradeWords(open)).toMatchObject({ tone: 'mute', title: 'Not judged yet' });
});

test('what could not run is not told as never asked', () => {
  expect(outcomeOf([{ ...graded, state: 'skipped' }])).toBe('skip');
  expect(outcomeOf([])).toBe('none');
});

test('counts overruled gradings of one grader only', () => {
  const overruled = { ...graded, overrule: { passed: true, note: '', at: 0 } };
  expect(overruledWords([overruled, graded], 'exact')).toBe('1 of 2 such grades overruled so far');
  expect(overruledWords([overruled, graded], 'numeric')).toBeNull();
});

describe('comparedLines', () => {
  test('marks the lines of two JSON values that the other side lacks, whatever their order and white space', () => {
    const lines = comparedLines('{"b": 1, "a": [2, 3]}', '{"a":[2],"b":1}');
    expect(lines?.expected.filter((line) => line.differs).map((line) => line.text.trim())).toEqual(['3']);
    expect(lines?.answered.every((line) => !line.differs)).toBe(true);
  });

  test('leaves alone what is not JSON on both sides', () => {
    expect(comparedLines('shipping', '{"a": 1}')).toBeNull();
    expect(comparedLines('{"a": 1}', '```json\n{"a": 1}\n```')).toBeNull();
    expect(comparedLines('{"a": 1}', null)).toBeNull();
  });
});

describe('extensionOf', () => {
  test('shares what the verdict lacks among the suites that were cut short', () => {
    const results = runResults('open');
    const limited = { ...results, run: { ...results.run, plan: { ...results.run.plan, itemLimit: 20 } } };
    const extension = extensionOf(limited);
    expect(extension.suites.map((suite) => suite.id)).toEqual(['extract', 'triage', 'langid', 'sentiment']);
    expect(extension).toMatchObject({ most: 20, suggested: 20 });
    expect(extensionOf({ ...limited, verdict: { ...limited.verdict, moreItems: 10 } }).suggested).toBe(3);
  });

  test('has nothing left where every item was asked', () => {
    expect(extensionOf(runResults('open')).suites).toEqual([]);
  });
});

describe('a run that stands still', () => {
  test('goes on without anybody where it paused for battery or heat, and not where its time was over', () => {
    const paused = (code: string) => standstillOf({ ...runSummary, error: { code, message: 'Paused by itself.', hint: 'Plug it in.' } });
    expect(paused('on-battery')).toEqual({ title: 'Paused by itself.', text: 'Plug it in.', tone: 'calm', goesOnByItself: true });
    expect(paused('too-hot')).toMatchObject({ tone: 'calm', goesOnByItself: true });
    expect(paused('limit-reached')).toMatchObject({ tone: 'calm', goesOnByItself: false });
  });

  test('says what is left where a person paused it', () => {
    const words = standstillOf({ done: 1, total: 3, error: null });
    expect(words).toMatchObject({ title: 'Paused', goesOnByItself: false });
    expect(words.text).toContain('2 calls are left.');
  });

  test('shows any other trouble in the words of the app', () => {
    const full = { ...runSummary, error: { code: 'disk-full', message: 'The disk is full.', hint: 'Free some space.' } };
    expect(standstillOf(full)).toMatchObject({ title: 'The disk is full.', text: 'Free some space.', tone: 'warn' });
  });
});

test('the score of a cell leaves out what could not run', () => {
  const cell = { modelId: 'm', suite: 's', temperature: 0, state: 'done', done: 20, total: 20, passed: 15, tokensPerSecond: null } as const;
  expect(stateWords({ ...cell, notRun: 4 })).toBe('done, 94%, 15 of 16 pass, 4 not run');
  expect(stateWords({ ...cell, passed: 0, notRun: 20 })).toBe('not run, 20 of 20');
});

describe('deepestKept', () => {
  const at = (task: string, passRate: number) => ({ task, interval: { passRate } });

  test('is the last depth before the first that falls below the bar, even where a deeper one is better', () => {
    const depths = [at('500 tokens', 1), at('1,000 tokens', 0.9), at('2,000 tokens', 0.5), at('4,000 tokens', 0.9)];
    expect(deepestKept(depths, 0.8)).toBe('1,000 tokens');
    expect(deepestKept(depths, 0.95)).toBe('500 tokens');
    expect(deepestKept([at('500 tokens', 0.1), at('1,000 tokens', 1)], 0.8)).toBe('not even 500 tokens');
  });

  test('claims nothing of what was not asked: deeper ones, or any but one', () => {
    expect(deepestKept([at('500 tokens', 1), at('1,000 tokens', 0.9)], 0.8)).toBe('1,000 tokens, the deepest asked');
    expect(deepestKept([at('500 tokens', 1)], 0.8)).toBe('500 tokens, the only depth asked');
    expect(deepestKept([at('4,000 tokens', 0.1)], 0.8)).toBe('not 4,000 tokens, the only depth asked');
  });

  test('says nothing of tasks that are no depths', () => {
    expect(deepestKept([at('routing', 1), at('500 tokens', 1)], 0.8)).toBeNull();
    expect(deepestKept([], 0.8)).toBeNull();
  });
});
