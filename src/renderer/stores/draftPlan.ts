import { suiteDefaults } from '#core/bench/suiteDefaults.ts';
import { RunPlan, type Suite } from '#shared/contract/benchmarks.ts';

export type Depth = 'quick' | 'standard' | 'thorough';

/** What the setup screen holds: a plan whose selections may be null, the preselection (every ready model on this disk, the usual suites). */
export type RunDraft = Omit<Readonly<RunPlan>, 'modelIds' | 'suiteIds' | 'temperatures' | 'concurrency' | 'maxTokens'> & {
  readonly modelIds: readonly string[] | null;
  readonly suiteIds: readonly string[] | null;
  readonly temperatures: readonly number[];
  readonly concurrency: readonly number[];
  /** Null = the room that the chosen suites need. */
  readonly maxTokens: number | null;
};

const usualSuites: ReadonlySet<string> = new Set(['speed', 'routing', 'sentiment', 'langid', 'summary']);
/** Enough items of enough kinds for a verdict that is asked to be thorough. */
const thoroughSuites: ReadonlySet<string> = new Set([...usualSuites, 'closed-output', 'talk']);

export const depths: Readonly<Record<Depth, Pick<RunDraft, 'temperatures' | 'repeats' | 'itemLimit'>>> = {
  quick: { temperatures: [0], repeats: 1, itemLimit: 30 },
  standard: { temperatures: [0], repeats: 1, itemLimit: null },
  thorough: { temperatures: [0, 0.7], repeats: 3, itemLimit: null },
};

const {
  modelIds: _models,
  suiteIds: _suites,
  maxTokens: usualMaxTokens,
  ...planDefaults
} = RunPlan.parse({ modelIds: ['none'], suiteIds: ['none'] });

export const freshDraft: RunDraft = { ...planDefaults, ...depths.standard, modelIds: null, suiteIds: null, maxTokens: null };

/**
 * What a preset sets: the usual temperature gives way to those that suites were made for.
 * @param suites that a person has chosen
 */
export function presetOf(depth: Depth, suites: readonly Suite[]): (typeof depths)[Depth] {
  const preset = depths[depth];
  const isUsual = isSameList(preset.temperatures, freshDraft.temperatures);
  return { ...preset, temperatures: (isUsual ? ownTemperatures(suites) : null) ?? preset.temperatures };
}

/** The preset whose three values the draft holds, or null when the person went their own way. */
export function depthOf(draft: RunDraft, suites: readonly Suite[]): Depth | null {
  for (const depth of Object.keys(depths) as Depth[]) {
    const preset = presetOf(depth, suites);
    const isSame =
      preset.repeats === draft.repeats && preset.itemLimit === draft.itemLimit && isSameList(preset.temperatures, draft.temperatures);
    if (isSame) return depth;
  }
  return null;
}

/** Suites that a run of this depth takes when none are chosen; where none of them ships, all are taken. */
export function preselectSuites(suites: readonly Suite[], depth: Depth | null = 'standard'): readonly string[] {
  const usual = depth === 'thorough' ? thoroughSuites : usualSuites;
  const known = suites.filter((suite) => usual.has(suite.id)).map((suite) => suite.id);
  return known.length > 0 ? known : suites.map((suite) => suite.id);
}

/** A run's plan as a draft to change and run again. */
export const draftFromPlan = (plan: RunPlan): RunDraft => plan;

/** @returns the plan to start, or null while nothing is selected. */
export function planFromDraft(
  draft: RunDraft,
  selected: { readonly modelIds: readonly string[]; readonly suiteIds: readonly string[] },
): RunPlan | null {
  // A reference or a judge whose model has gone meanwhile would refuse the whole plan.
  const referenceId = draft.referenceId !== null && selected.modelIds.includes(draft.referenceId) ? draft.referenceId : null;
  const parsed = RunPlan.safeParse({ ...draft, ...selected, referenceId, maxTokens: draft.maxTokens ?? usualMaxTokens });
  return parsed.success ? parsed.data : null;
}

/**
 * A draft without a judge or a baseline that was removed since it was chosen: it would only refuse the run.
 * @param known.runIds null while they are not read yet
 */
export function withoutGone(
  draft: RunDraft,
  known: { readonly judgeIds: readonly string[]; readonly runIds: readonly string[] | null },
): RunDraft {
  const { judgeId, baselineRunId } = draft;
  return {
    ...draft,
    judgeId: judgeId !== null && known.judgeIds.includes(judgeId) ? judgeId : null,
    baselineRunId: baselineRunId !== null && (known.runIds?.includes(baselineRunId) ?? true) ? baselineRunId : null,
  };
}

/**
 * Temperatures that follow a choice of suites: those a suite was made for, where all that are chosen were made for the same; the usual ones again
 * where they had followed another choice. Temperatures that a person has set stay.
 */
export function temperaturesAfter(
  draft: Pick<RunDraft, 'temperatures'>,
  choice: { readonly before: readonly Suite[]; readonly after: readonly Suite[] },
): readonly number[] {
  const follows = isSameList(draft.temperatures, ownTemperatures(choice.before) ?? freshDraft.temperatures);
  return follows ? (ownTemperatures(choice.after) ?? freshDraft.temperatures) : draft.temperatures;
}

/** @returns null where the labelled suites name none, or not the same. */
export function ownTemperatures(suites: readonly Suite[]): readonly number[] | null {
  return suiteDefaults(suites).temperatures;
}

/** The longest answer of a plan: as a person has set it, else the room that a chosen suite needs, else the usual. */
export function maxTokensFor(draft: Pick<RunDraft, 'maxTokens'>, suites: readonly Suite[]): number {
  return draft.maxTokens ?? suiteDefaults(suites).maxTokens ?? usualMaxTokens;
}

function isSameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Settings beyond the usual ones; how many of them differ from what is usual is said where they are folded away. */
const advancedSettings = [
  ...['thinking', 'constrained', 'answerSeconds', 'turns', 'referenceId', 'margin', 'testing', 'baselineRunId', 'judgeId'],
  ...['kvType', 'lanes', 'retries', 'runMinutes', 'pauseOnBattery', 'pauseOnHeat', 'concurrency', 'seed'],
] as readonly (keyof RunDraft)[];

/** @param suites the chosen ones: what they wish for is no change of the person's */
export function changedSettings(draft: RunDraft, suites: readonly Suite[]): number {
  const others = advancedSettings.filter((name) => JSON.stringify(draft[name]) !== JSON.stringify(freshDraft[name])).length;
  return others + Number(maxTokensFor(draft, suites) !== maxTokensFor(freshDraft, suites));
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
