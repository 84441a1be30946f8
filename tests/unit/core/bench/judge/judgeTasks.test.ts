import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planJudgements, reasonNotToJudge } from '#core/bench/judge/judgeTasks.ts';
import { withJudgements } from '#core/bench/judge/withJudgements.ts';
import type { JudgeTask } from '#core/bench/labelledItem.ts';

const model = (name: string): { readonly modelId: string; readonly name: string } => ({ modelId: name, name });
const sample = (modelId: string, itemId: string, output: string | null = 'x') => ({
  modelId,
  suite: 's',
  itemId,
  temperature: 0,
  repeat: 1,
  output,
});
const checklist: JudgeTask = { kind: 'checklist', criteria: ['c'], reference: null };
const preference: JudgeTask = { kind: 'preference', question: 'Which?' };

describe('what a judge is asked', () => {
  it('leaves out itself and its own family, each with the reason', () => {
    expect(reasonNotToJudge(model('Qwen3-8B'), model('Qwen3-8B'))).toMatch('itself');
    expect(reasonNotToJudge(model('Qwen3-8B'), model('Qwen2.5-1.5B-Instruct'))).toMatch('same family');
    expect(reasonNotToJudge(model('Qwen3-8B'), model('Llama-3.2-1B-Instruct'))).toBeNull();
    expect(reasonNotToJudge(model('gpt-5.1'), model('x-1'))).toBeNull();
  });

  it('asks a checklist of each answer that says something, and a preference of each but the one it is held against', () => {
    const models = [model('Llama-3.2-1B'), model('Llama-3.2-3B'), model('Qwen3-8B')];
    const samples = models.flatMap(({ modelId }) => [sample(modelId, 'list'), sample(modelId, 'pair'), sample(modelId, 'none')]);
    const plan = planJudgements({
      judge: model('Qwen3-8B'),
      models,
      samples: [...samples, sample('Llama-3.2-1B', 'list', '  ')],
      judgeOf: ({ itemId }) => (itemId === 'list' ? checklist : itemId === 'pair' ? preference : null),
      referenceId: 'Llama-3.2-3B',
    });
    expect(plan.tasks.map((task) => [task.sample.modelId, task.sample.itemId, task.against?.modelId ?? null])).toEqual([
      ['Llama-3.2-1B', 'list', null],
      ['Llama-3.2-1B', 'pair', 'Llama-3.2-3B'],
      ['Llama-3.2-3B', 'list', null],
    ]);
    expect(plan.leftOut.map(({ modelId }) => modelId)).toEqual(['Qwen3-8B']);
  });
});

describe('the judgements made by people that ship', () => {
  const lines = readFileSync('resources/suites/judge/gold.jsonl', 'utf8').trim().split('\n');
  const answers = lines.map((line) => JSON.parse(line) as { readonly id: string; readonly criteria: readonly { readonly met: boolean }[] });

  it('are sixty, nearly balanced, with ids of their own', () => {
    const verdicts = answers.flatMap((answer) => answer.criteria.map(({ met }) => met));
    expect(verdicts).toHaveLength(60);
    expect(verdicts.filter(Boolean).length).toBeGreaterThan(24);
    expect(verdicts.filter(Boolean).length).toBeLessThan(36);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(answers.length);
  });
});

describe('samples with what judges said', () => {
  const waiting = {
    ...sample('a', 'x'),
    state: 'measured' as const,
    passed: null,
    grade: { grader: 'rubric', reason: '', format: null, fields: null },
  };
  const row = (judgeId: string, score: number | null) => ({ ...sample('a', 'x'), judgement: { judgeId, score } });

  it('pass or fail where only a judge can tell and the deciding one has', () => {
    const [passed] = withJudgements([waiting], { rows: [row('other', 0), row('judge', 1)], decidingJudgeId: 'judge' });
    expect(passed).toMatchObject({ state: 'passed', passed: true });
    const [failed] = withJudgements([waiting], { rows: [row('judge', 0.75)], decidingJudgeId: 'judge' });
    expect(failed).toMatchObject({ state: 'failed', passed: false });
  });

  it('count neither way under a judge that is not calibrated, that said nothing, or where a grader or a person has spoken', () => {
    for (const judged of [
      { rows: [row('judge', 1)], decidingJudgeId: null },
      { rows: [row('judge', null)], decidingJudgeId: 'judge' },
    ]) {
      expect(withJudgements([waiting], judged)[0]).toMatchObject({ state: 'measured', passed: null });
    }
    const graded = { ...waiting, state: 'failed' as const, passed: false };
    const [kept] = withJudgements([graded], { rows: [row('judge', 1)], decidingJudgeId: 'judge' });
    expect(kept).toMatchObject({ state: 'failed', judgements: [{ judgeId: 'judge', score: 1 }] });
  });
});
