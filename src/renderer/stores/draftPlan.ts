import { RunPlan, type Suite } from '#shared/contract/benchmarks.ts';

export type Depth = 'quick' | 'standard' | 'thorough';

/** What the setup screen holds. Null selections mean the preselection: every ready model, the usual suites. */
export interface RunDraft {
  readonly modelIds: readonly string[] | null;
  readonly suiteIds: readonly string[] | null;
  readonly temperatures: readonly number[];
  readonly repeats: number;
  readonly bar: number;
  readonly contextTokens: number | null;
  readonly earlyStop: boolean;
  readonly itemLimit: number | null;
}

const preselectedSuites: ReadonlySet<string> = new Set(['speed', 'routing', 'sentiment', 'langid', 'summary']);

export const depths: Readonly<Record<Depth, Pick<RunDraft, 'temperatures' | 'repeats' | 'itemLimit'>>> = {
  quick: { temperatures: [0], repeats: 1, itemLimit: 30 },
  standard: { temperatures: [0], repeats: 1, itemLimit: null },
  thorough: { temperatures: [0, 0.7], repeats: 3, itemLimit: null },
};

export const freshDraft: RunDraft = {
  modelIds: null,
  suiteIds: null,
  ...depths.standard,
  bar: 0.8,
  contextTokens: null,
  earlyStop: false,
};

/** The preset whose three values the draft holds, or null when the person went their own way. */
export function depthOf(draft: RunDraft): Depth | null {
  for (const [depth, preset] of Object.entries(depths) as [Depth, (typeof depths)[Depth]][]) {
    const isSame =
      preset.repeats === draft.repeats && preset.itemLimit === draft.itemLimit && preset.temperatures.join() === draft.temperatures.join();
    if (isSame) return depth;
  }
  return null;
}

/** Suites the usual run takes; where none of them ships, all are taken. */
export function preselectSuites(suites: readonly Suite[]): readonly string[] {
  const usual = suites.filter((suite) => preselectedSuites.has(suite.id)).map((suite) => suite.id);
  return usual.length > 0 ? usual : suites.map((suite) => suite.id);
}

/** A run's plan as a draft to change and run again. */
export function draftFromPlan(plan: RunPlan): RunDraft {
  return {
    modelIds: plan.modelIds,
    suiteIds: plan.suiteIds,
    temperatures: plan.temperatures,
    repeats: plan.repeats,
    bar: plan.bar,
    contextTokens: plan.contextTokens,
    earlyStop: plan.earlyStop,
    itemLimit: plan.itemLimit,
  };
}

/** @returns the plan to start, or null while nothing is selected. */
export function planFromDraft(
  draft: RunDraft,
  selected: { readonly modelIds: readonly string[]; readonly suiteIds: readonly string[] },
): RunPlan | null {
  const parsed = RunPlan.safeParse({
    modelIds: selected.modelIds,
    suiteIds: selected.suiteIds,
    temperatures: draft.temperatures,
    repeats: draft.repeats,
    bar: draft.bar,
    contextTokens: draft.contextTokens,
    earlyStop: draft.earlyStop,
    itemLimit: draft.itemLimit,
  });
  return parsed.success ? parsed.data : null;
}

/** Scenarios of the labelled suites and how often each is asked: once at temperature 0, `repeats` times above. */
export function countScenarios(draft: RunDraft, suites: readonly Suite[]): { readonly scenarios: number; readonly callsEach: number } {
  const limit = draft.itemLimit ?? Number.POSITIVE_INFINITY;
  const scenarios = suites.reduce((sum, suite) => sum + (suite.kind === 'labelled' ? Math.min(suite.itemCount, limit) : 0), 0);
  const above = draft.temperatures.filter((temperature) => temperature > 0).length;
  return { scenarios, callsEach: draft.temperatures.length - above + above * draft.repeats };
}

/** "One at temperature 0, two at 0.7." */
export function callsInWords(draft: RunDraft): string {
  const parts = draft.temperatures.map((temperature, index) => {
    const count = temperature === 0 ? 1 : draft.repeats;
    return `${inWords(count)} at ${index === 0 ? 'temperature ' : ''}${temperature}`;
  });
  const sentence = parts.join(', ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function inWords(count: number): string {
  return ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][count] ?? String(count);
}
