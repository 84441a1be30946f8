import { expect, test } from 'vitest';
import type { Suite } from '#shared/contract/benchmarks.ts';
import {
  callsInWords,
  changedSettings,
  countScenarios,
  depthOf,
  depths,
  draftFromPlan,
  freshDraft,
  maxTokensFor,
  planFromDraft,
  preselectSuites,
  presetOf,
  temperaturesAfter,
  withoutGone,
} from '../../../src/renderer/stores/draftPlan.ts';

function suite(id: string, itemCount: number, kind: Suite['kind'] = 'labelled'): Suite {
  return { id, name: id, description: '', kind, itemCount, source: 'shipped', sha256: id };
}
const suites = [suite('speed', 2, 'speed'), suite('routing', 120), suite('faq', 20)];

test('counts labelled items up to the limit; temperature 0 is asked once, others as often as repeats', () => {
  const draft = { ...freshDraft, temperatures: [0, 0.3, 0.7], repeats: 3, itemLimit: 30 };
  expect(countScenarios(draft, suites)).toEqual({ scenarios: 50, callsEach: 7 });
  expect(callsInWords(draft)).toBe('One at temperature 0, three at 0.3, three at 0.7.');
});

test('names the preset of a draft, and none once a value differs', () => {
  expect(depthOf({ ...freshDraft, ...depths.thorough }, suites)).toBe('thorough');
  expect(depthOf({ ...freshDraft, repeats: 9 }, suites)).toBeNull();
});

test('keeps a preset where only the temperatures follow what the chosen suites were made for', () => {
  const talk = { ...suite('talk', 96), temperatures: [0.1, 0.5] };
  expect(depthOf({ ...freshDraft, temperatures: [0.1, 0.5] }, [talk])).toBe('standard');
  expect(depthOf(freshDraft, [talk])).toBeNull();
  expect(presetOf('quick', [talk])).toEqual({ temperatures: [0.1, 0.5], repeats: 1, itemLimit: 30 });
  expect(presetOf('thorough', [talk])).toEqual(depths.thorough);
});

test('takes the usual suites, or all where none of them is there', () => {
  expect(preselectSuites(suites)).toEqual(['speed', 'routing']);
  expect(preselectSuites([suite('mine', 5)])).toEqual(['mine']);
  expect(preselectSuites([...suites, suite('talk', 96)], 'thorough')).toEqual(['speed', 'routing', 'talk']);
});

test('follows the temperatures that suites were made for until a person sets others', () => {
  const talk = { ...suite('talk', 96), temperatures: [0.1, 0.5, 0.9] };
  const plain = suite('routing', 120);
  const speed = suite('speed', 2, 'speed');
  expect(temperaturesAfter(freshDraft, { before: [speed, plain], after: [speed, talk] })).toEqual([0.1, 0.5, 0.9]);
  expect(temperaturesAfter(freshDraft, { before: [plain], after: [plain, talk] })).toEqual([0]);
  expect(temperaturesAfter({ temperatures: [0.1, 0.5, 0.9] }, { before: [talk], after: [talk, plain] })).toEqual([0]);
  expect(temperaturesAfter({ temperatures: [0.2] }, { before: [plain], after: [talk] })).toEqual([0.2]);
});

test('gives answers the room that a chosen suite needs, unless another length is set', () => {
  const talk: Suite = { ...suite('talk', 102), maxTokens: 1024 };
  expect(maxTokensFor(freshDraft, [suite('routing', 120), talk])).toBe(1024);
  expect(maxTokensFor(freshDraft, suites)).toBe(256);
  for (const maxTokens of [256, 300]) expect(maxTokensFor({ maxTokens }, [talk])).toBe(maxTokens);
});

test('counts an answer length as changed where a person has set another than the suites wish for', () => {
  const talk: Suite = { ...suite('talk', 102), maxTokens: 1024 };
  expect(changedSettings(freshDraft, [talk])).toBe(0);
  expect(changedSettings({ ...freshDraft, maxTokens: 1024 }, [talk])).toBe(0);
  expect(changedSettings({ ...freshDraft, maxTokens: 256 }, [talk])).toBe(1);
});

test('keeps every setting of a plan, counts those that are not usual, and lets go of a reference that is no candidate', () => {
  const draft = { ...freshDraft, thinking: 'off', kvType: 'q8_0', lanes: 2, concurrency: [1, 4], judgeId: 'j', referenceId: 'm' } as const;
  const plan = planFromDraft(draft, { modelIds: ['m', 'n'], suiteIds: ['routing'] });
  expect(plan).toMatchObject({ thinking: 'off', kvType: 'q8_0', lanes: 2, concurrency: [1, 4], judgeId: 'j', referenceId: 'm' });
  expect(planFromDraft(draft, { modelIds: ['n'], suiteIds: ['routing'] })?.referenceId).toBeNull();
  expect(changedSettings(draft, suites)).toBe(6);
  expect(changedSettings(freshDraft, suites)).toBe(0);
});

test('makes a plan that a draft of it gives again, and none while nothing is selected', () => {
  const plan = planFromDraft({ ...freshDraft, bar: 0.9 }, { modelIds: ['m'], suiteIds: ['routing'] });
  expect(plan).toMatchObject({ modelIds: ['m'], suiteIds: ['routing'], bar: 0.9, temperatures: [0], itemLimit: null });
  if (plan === null) throw new Error('no plan');
  const again = draftFromPlan(plan);
  expect(planFromDraft(again, { modelIds: again.modelIds ?? [], suiteIds: again.suiteIds ?? [] })).toEqual(plan);
  expect(planFromDraft(freshDraft, { modelIds: [], suiteIds: ['routing'] })).toBeNull();
});

test('lets go of a judge and a baseline that are not there any more', () => {
  const draft = { ...freshDraft, judgeId: 'j', baselineRunId: 'r' };
  expect(withoutGone(draft, { judgeIds: ['j'], runIds: ['r'] })).toEqual(draft);
  expect(withoutGone(draft, { judgeIds: ['j'], runIds: null })).toEqual(draft);
  expect(withoutGone(draft, { judgeIds: [], runIds: [] })).toMatchObject({ judgeId: null, baselineRunId: null });
});
