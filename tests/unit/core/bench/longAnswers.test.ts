import { describe, expect, it } from 'vitest';
import { gradeAnswer } from '#core/bench/gradeAnswer.ts';
import type { GradedItem } from '#core/bench/gradedItem.ts';
import { readChecklist } from '#core/bench/judge/readJudgement.ts';
import { markdownText } from '#core/bench/reportMarkdown.ts';
import { checkText } from '#core/bench/textChecks.ts';
import { readToolCalls } from '#core/tools/readToolCalls.ts';

/** A model that ran away. A reading that grows with the square of this takes minutes. */
const length = 300_000;
const item: GradedItem = { expected: 'yes', grader: null, labels: ['yes', 'no'], schema: null };

describe('an answer that repeats itself for ever is read as fast as any of its length', () => {
  it.each<[string, () => unknown, unknown]>([
    ['full stops, its sentences counted', () => checkText(`${'.'.repeat(length)}a`, { kind: 'sentences', min: 2 }).passed, false],
    ['full stops, held against labels', () => gradeAnswer(item, `a${'.'.repeat(length)}b`).passed, false],
    ['spaces, held against labels', () => gradeAnswer(item, `a${' '.repeat(length)}b`).format?.loose, false],
    ['line breaks behind a fence', () => readToolCalls(`\`\`\`${'\n'.repeat(length)}x`, []).calls, []],
    ['spaces behind the mark of a call', () => readToolCalls(`<|tool_call_start|>${' '.repeat(length)}x`, []).calls, []],
    ['braces of a judge', () => readChecklist('\n{'.repeat(length), { criteria: ['a'], answer: 'b' }).score, null],
    ['spaces in a report', () => markdownText(`a${' '.repeat(length)}b`).length, length + 2],
  ])('%s', (_what, read, expected) => {
    expect(read()).toEqual(expected);
  });
});
