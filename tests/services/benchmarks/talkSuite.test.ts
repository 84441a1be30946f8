import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gradeAnswer } from '#core/bench/gradeAnswer.ts';
import { parseLabelledItems } from '#core/bench/parseLabelledItems.ts';
import type { RecordedCall } from '#core/tools/tool.ts';
import { appRoot } from '#main/hosts/hostPaths.ts';
import { checkPattern, checkSchema, gradingTools, prepareGrading } from '#main/services/benchmarks/gradingTools.ts';
import { createToolbox } from '#main/services/tools/createToolbox.ts';
import { shortTalkCases, suiteText, talkCases } from '../../../scripts/makeTalkSuite.ts';
import { missingSandbox } from '../tools/sandboxes.ts';

const resources = join(appRoot(), 'resources');

describe('the suite of the eight tasks', () => {
  it.each([
    ['talk', talkCases()],
    ['talk-short', shortTalkCases()],
  ] as const)('%s is what its script makes', async (id, cases) => {
    expect(await readFile(join(resources, 'suites', `${id}.jsonl`), 'utf8')).toBe(suiteText(cases));
  });

  it('passes a right answer to every item, and no wrong one', async () => {
    const cases = [...talkCases(), ...shortTalkCases()];
    const { items, problems } = parseLabelledItems(suiteText(cases), { checkPattern, checkSchema });
    expect(problems).toEqual([]);
    await prepareGrading(items, join(resources, 'grammars'));
    for (const [index, { row, right, wrong }] of cases.entries()) {
      const item = items[index];
      if (item === undefined) throw new Error(`${row.id} was not read`);
      const [good, bad] = [gradeAnswer(item, right, gradingTools), gradeAnswer(item, wrong, gradingTools)];
      expect([row.id, good.passed, good.reason]).toEqual([row.id, true, good.reason]);
      expect([row.id, bad.passed, bad.reason]).toEqual([row.id, false, bad.reason]);
    }
  });

  it('passes what the real tools answer, faults and recorded answers included', async () => {
    const cases = talkCases().filter(({ row }) => row.tools !== undefined && !row.tools.includes('execute_python'));
    for (const { row, right } of cases) {
      const { tools = [], fixtures = [], faults = [] } = row;
      const toolbox = createToolbox({ tools, fixtures, faults }, { sandbox: missingSandbox });
      const calls: RecordedCall[] = [];
      for (const { turn, ...call } of right.calls) calls.push(await toolbox.call(call, { turn, signal: new AbortController().signal }));
      expect([row.id, calls.map(({ error }) => error !== null)]).toEqual([row.id, right.calls.map(({ error }) => error !== null)]);
      const item = { expected: row.expected ?? null, grader: row.grader, labels: null, schema: null };
      const grade = gradeAnswer(item, { ...right, calls }, gradingTools);
      expect([row.id, grade.passed, grade.reason]).toEqual([row.id, true, grade.reason]);
    }
  });

  it('has twelve variants of each, one question without need of the tool and one tool that fails first', () => {
    const rows = talkCases().map(({ row }) => row);
    const counts = Object.entries(Object.groupBy(rows, ({ task }) => task)).map(([task, of]) => [task, of?.length]);
    expect(Object.fromEntries(counts)).toEqual({
      'code explanation': 12,
      'mathematical operations': 12,
      'creative writing': 12,
      'factual question': 12,
      'code generation': 12,
      'calculator reasoning': 14,
      'code validation': 14,
      'API data retrieval': 14,
    });
    expect(rows.filter(({ tags }) => tags.includes('irrelevance'))).toHaveLength(3);
    expect(rows.filter(({ faults }) => faults !== undefined)).toHaveLength(3);
    expect(new Set(shortTalkCases().map(({ row }) => row.task)).size).toBe(8);
  });
});
