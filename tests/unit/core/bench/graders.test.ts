import { describe, expect, it } from 'vitest';
import { answerKind } from '#core/bench/answerKind.ts';
import { gradeAnswer } from '#core/bench/gradeAnswer.ts';
import type { Grader, JsonValue } from '#core/bench/labelledItem.ts';
import { parseLabelledItems } from '#core/bench/parseLabelledItems.ts';
import { readGrader } from '#core/bench/readGrader.ts';
import type { TextCheck } from '#core/bench/textChecks.ts';

const grade = (grader: Grader, answer: string) => gradeAnswer({ expected: null, grader, labels: null, schema: null }, answer);
const holds = (check: TextCheck, answer: string): boolean => grade({ type: 'constraints', checks: [check] }, answer).passed;

describe('a check of a text', () => {
  it.each<[TextCheck, string, string]>([
    [{ kind: 'words', min: 3, max: 3 }, "one two's three-fold", 'one two'],
    [{ kind: 'words', max: 2 }, 'größer Übermut', 'a b c'],
    [{ kind: 'sentences', min: 2, max: 2 }, 'It rained. "Did it?"', 'It rained at 3.5 degrees.'],
    [{ kind: 'lines', min: 2, max: 2 }, 'a\r\n\r\nb', 'a\nb\nc'],
    [{ kind: 'paragraphs', min: 2 }, 'a\nb\n \nc', 'a\nb'],
    [{ kind: 'bullets', min: 3, max: 3 }, '- a\n* b\n3. c', '- a\nb\n-c'],
    [{ kind: 'includes', texts: ['Lantern', 'old ship'] }, 'The OLD ship had one lantern.', 'The oldest ships, and a lantern.'],
    [{ kind: 'excludes', texts: ['very'] }, 'Every day.', 'It was very late.'],
    [{ kind: 'starts', text: 'Once upon' }, '"Once, upon a hill', 'Onceupon'],
    [{ kind: 'ends', text: 'the end' }, 'This is the end!', 'This is the ending'],
    [{ kind: 'case', is: 'lower' }, 'all small, 3', 'Not small'],
    [{ kind: 'case', is: 'upper' }, 'LOUD', '123'],
    [{ kind: 'no-commas' }, 'none here', 'one, here'],
    [{ kind: 'json' }, '{"a":1}', '{a:1}'],
    [{ kind: 'differs', from: 'Why did the bug cross?' }, 'A new joke.', 'Here: why did the bug cross'],
  ])('%j holds for %j and not for %j', (check, right, wrong) => {
    expect(holds(check, right)).toBe(true);
    expect(holds(check, wrong)).toBe(false);
  });

  it('tells what was asked and what was found, and each check by itself', () => {
    const result = grade(
      { type: 'constraints', checks: [{ kind: 'words', min: 4, max: 6 }, { kind: 'includes', texts: ['moon'] }, { kind: 'no-commas' }] },
      'Sun, and stars',
    );
    expect(result).toMatchObject({
      passed: false,
      fields: [
        { name: 'words', passed: false },
        { name: 'includes', passed: false },
        { name: 'no-commas', passed: false },
      ],
    });
    expect(result.reason).toBe('0 of 3 checks hold; wrong: it has 3 words, asked for 4 to 6; “moon” is missing; there is a comma.');
  });

  it('is strict as the answer stands and loose once its wrapping is off', () => {
    const checks: readonly TextCheck[] = [{ kind: 'lines', min: 2, max: 2 }];
    expect(grade({ type: 'constraints', checks }, 'Sure, here it is:\na\nb')).toMatchObject({
      passed: false,
      format: { strict: false, loose: true },
    });
    expect(grade({ type: 'constraints', checks: [{ kind: 'words', max: 5 }] }, '')).toMatchObject({
      passed: false,
      reason: 'The answer is empty.',
    });
  });

  it('takes a megabyte of anything in a moment', () => {
    for (const text of ['. '.repeat(500_000), "a'".repeat(500_000), '\n \n'.repeat(300_000), '- '.repeat(500_000)]) {
      expect(() =>
        grade(
          {
            type: 'constraints',
            checks: [
              { kind: 'sentences', max: 1 },
              { kind: 'words', max: 1 },
              { kind: 'paragraphs', max: 1 },
              { kind: 'bullets', max: 1 },
            ],
          },
          text,
        ),
      ).not.toThrow();
    }
  });
});

describe('key facts', () => {
  const grader: Grader = {
    type: 'key-facts',
    facts: [['Toledo'], ['12th century', 'twelfth century'], ['Gerard of Cremona', 'Gherardo']],
    atLeast: 2,
    never: ['Salamanca'],
  };

  it('count in any of their spellings, accents and case aside', () => {
    expect(grade(grader, 'In TOLEDO, during the twelfth century.')).toMatchObject({
      passed: true,
      fields: [{ passed: true }, { passed: true }, { passed: false }],
    });
    expect(grade(grader, 'Gherárdo worked in Toledo.').passed).toBe(true);
    expect(grade(grader, 'In Toledos.')).toMatchObject({
      passed: false,
      reason: '0 of 3 key facts are named, asked for 2; missing: “Toledo”, “12th century”, “Gerard of Cremona”.',
    });
  });

  it('do not save an answer that holds a known mistake', () => {
    const result = grade(grader, 'Toledo and Salamanca, twelfth century.');
    expect(result.passed).toBe(false);
    expect(result.reason).toMatch(/It says “Salamanca”, which is wrong\.$/);
  });
});

describe('a data set that names these graders', () => {
  const read = (grader: JsonValue) => readGrader(grader);

  it('is read, without an expected answer', () => {
    const line = JSON.stringify({
      id: 'a',
      task: 't',
      input: 'Write',
      grader: { type: 'constraints', checks: [{ kind: 'words', max: 50 }] },
    });
    expect(parseLabelledItems(line)).toMatchObject({ items: [{ expected: null }], problems: [] });
  });

  it.each<[JsonValue, RegExp]>([
    ['constraints', /"checks" of the grader constraints is not a list/],
    [{ type: 'constraints', checks: [] }, /is not a list of checks/],
    [{ type: 'constraints', checks: [{ kind: 'words' }] }, /Check 1 .* needs "min" or "max"/],
    [{ type: 'constraints', checks: [{ kind: 'words', min: 5, max: 2 }] }, /"min" is more than "max"/],
    [{ type: 'constraints', checks: [{ kind: 'words', max: -1 }] }, /whole numbers from 0 up/],
    [
      { type: 'constraints', checks: [{ kind: 'no-commas' }, { kind: 'rhymes' }] },
      /Check 2 .* kind "rhymes" is unknown; there are words, /,
    ],
    [{ type: 'constraints', checks: [{ kind: 'includes', texts: ['  '] }] }, /"texts" is not a list of words/],
    [{ type: 'constraints', checks: [7] }, /it is no object/],
    ['key-facts', /needs "facts"/],
    [{ type: 'key-facts', facts: [['a'], []] }, /"facts" of the grader key-facts is not a list of facts/],
    [{ type: 'key-facts', facts: [['a']], atLeast: 2 }, /"atLeast" of the grader key-facts is 2, and there are 1 facts/],
    [{ type: 'key-facts', facts: [['a']], never: [''] }, /"never" of the grader key-facts/],
  ])('%j is refused with a reason', (grader, reason) => {
    const reading = read(grader);
    expect(reading.ok ? '' : reading.message).toMatch(reason);
  });
});

describe('an answer that is none', () => {
  it.each([
    ["I'm sorry, but I can't help with that.", 'refused'],
    ['I cannot provide an answer to this.', 'refused'],
    ['As an AI, I have no opinion.', 'refused'],
    ['Unfortunately, I can’t.', 'refused'],
    ['', 'empty'],
    ['  null ', 'empty'],
    ['{}', 'empty'],
    ['The sign says: I cannot help you.', 'answered'],
    ['I can help with that: 7.', 'answered'],
    ['refund', 'answered'],
  ])('%j is %s', (answer, kind) => {
    expect(answerKind(answer)).toBe(kind);
  });
});
