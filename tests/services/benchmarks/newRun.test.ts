import { expect, it } from 'vitest';
import { canBeExtended } from '#core/bench/lookLevel.ts';
import { withoutIdleLimit } from '#main/services/benchmarks/newRun.ts';
import { RunPlan, type Suite } from '#shared/contract/benchmarks.ts';

const suite = (id: string, itemCount: number, kind: Suite['kind'] = 'labelled'): Suite => ({
  ...{ id, name: id, description: '', kind, itemCount, source: 'shipped', sha256: id },
});

it('keeps a limit of items only where it leaves one out, so that a run that asks everything is looked at once', () => {
  const plan = RunPlan.parse({ modelIds: ['m'], suiteIds: ['faq'], itemLimit: 30 });
  const all = withoutIdleLimit(plan, { suites: [suite('faq', 30), suite('speed', 40, 'speed')] });
  expect(all).toEqual({ ...plan, itemLimit: null });
  expect(canBeExtended(all)).toBe(false);
  expect(withoutIdleLimit(plan, { suites: [suite('faq', 30), suite('routing', 31)] })).toBe(plan);
});
