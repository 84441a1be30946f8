import type { LabelledItem } from './labelledItem.ts';

/** One thing to do: ask an item, measure a speed, or time the load. */
export interface Scenario {
  readonly kind: 'answer' | 'measure' | 'load';
  readonly key: string;
  readonly modelId: string;
  readonly suite: string;
  readonly itemId: string;
  readonly task: string;
  readonly temperature: number;
  /** From 1. */
  readonly repeat: number;
  readonly seed: number;
}

export interface PlanModel {
  readonly id: string;
  readonly sizeBytes: number;
}

export type PlanSuite =
  | { readonly id: string; readonly kind: 'speed' }
  | { readonly id: string; readonly kind: 'labelled'; readonly items: readonly Pick<LabelledItem, 'id' | 'task'>[] };

export interface PlanOptions {
  readonly temperatures: readonly number[];
  readonly repeats: number;
  readonly itemLimit: number | null;
  readonly seed: number;
}

export interface SpeedTest {
  readonly id: string;
  readonly promptTokens: number;
  readonly generatedTokens: number;
  /** Tokens that are in the context before the clock starts. */
  readonly depthTokens: number;
  readonly repeats: number;
}

/**
 * Named and defined as llama-bench does, with its default of five repetitions. At depth there are three: before each the context is filled anew,
 * which takes minutes where reading is slow.
 */
export const speedTests: readonly SpeedTest[] = [
  { id: 'pp512', promptTokens: 512, generatedTokens: 0, depthTokens: 0, repeats: 5 },
  { id: 'tg128', promptTokens: 0, generatedTokens: 128, depthTokens: 0, repeats: 5 },
  { id: 'tg128 @ d4096', promptTokens: 0, generatedTokens: 128, depthTokens: 4096, repeats: 3 },
];
const speedScenarios = speedTests.reduce((sum, test) => sum + test.repeats, 0);
/** The first load of a sitting. Whether the file was in the disk cache is not known: only the system could empty that. */
export const loadItemId = 'load';
/** A second load right after: the file is in the disk cache. */
export const warmLoadItemId = 'load again';
const loadItemIds: readonly string[] = [loadItemId, warmLoadItemId];
/** Of each model. */
export const scenariosOfSpeed = loadItemIds.length + speedScenarios;
const speedTask = 'speed';

/**
 * Lays the matrix out as a list of scenarios: by model (smallest first), suite, temperature, repeat, item. The same input gives the same list.
 * Greedy answers do not vary, so temperature 0 is asked once however many repeats there are. Repeats differ in seed.
 * @param matrix models, suites with their items in file order, and the plan's options
 * @returns every scenario; keys are unique and the same in a resumed run
 */
export function planRun(matrix: {
  readonly models: readonly PlanModel[];
  readonly suites: readonly PlanSuite[];
  readonly plan: PlanOptions;
}): readonly Scenario[] {
  const suites = uniqueById(matrix.suites);
  return uniqueById(matrix.models)
    .toSorted((a, b) => a.sizeBytes - b.sizeBytes || compareText(a.id, b.id))
    .flatMap((model) => suites.flatMap((suite) => planSuite(model, suite, matrix.plan)));
}

/**
 * Counts what `planRun` would lay out, without laying it out.
 * @param matrix models, suites and the plan's options, each model and suite once
 */
export function countScenarios(matrix: {
  readonly models: readonly PlanModel[];
  readonly suites: readonly PlanSuite[];
  readonly plan: PlanOptions;
}): number {
  const { models, suites, plan } = matrix;
  const askings = temperaturesOf(plan).reduce((sum, temperature) => sum + (temperature === 0 ? 1 : plan.repeats), 0);
  const perModel = suites.reduce((sum, suite) => {
    if (suite.kind === 'speed') return sum + scenariosOfSpeed;
    return sum + askings * Math.min(suite.items.length, plan.itemLimit ?? suite.items.length);
  }, 0);
  return models.length * perModel;
}

/**
 * The identity of a scenario inside its run.
 * @param scenario the parts that make it one
 */
export function scenarioKey(scenario: Pick<Scenario, 'modelId' | 'suite' | 'itemId' | 'temperature' | 'repeat'>): string {
  const { modelId, suite, itemId, temperature, repeat } = scenario;
  return JSON.stringify([modelId, suite, itemId, temperature, repeat]);
}

function planSuite(model: PlanModel, suite: PlanSuite, plan: PlanOptions): readonly Scenario[] {
  const scenario = (parts: Pick<Scenario, 'kind' | 'itemId' | 'task' | 'temperature' | 'repeat'>): Scenario => {
    const identity = { modelId: model.id, suite: suite.id, itemId: parts.itemId, temperature: parts.temperature, repeat: parts.repeat };
    return { ...parts, ...identity, key: scenarioKey(identity), seed: (plan.seed + parts.repeat - 1) % 2 ** 32 };
  };
  if (suite.kind === 'speed') {
    const loads = loadItemIds.map((itemId) => scenario({ kind: 'load', itemId, task: speedTask, temperature: 0, repeat: 1 }));
    const measures = speedTests.flatMap((test) =>
      count(test.repeats).map((repeat) => scenario({ kind: 'measure', itemId: test.id, task: speedTask, temperature: 0, repeat })),
    );
    return [...loads, ...measures];
  }
  const items = plan.itemLimit === null ? suite.items : suite.items.slice(0, plan.itemLimit);
  return temperaturesOf(plan).flatMap((temperature) =>
    count(temperature === 0 ? 1 : plan.repeats).flatMap((repeat) =>
      items.map(({ id, task }) => scenario({ kind: 'answer', itemId: id, task, temperature, repeat })),
    ),
  );
}

function temperaturesOf(plan: PlanOptions): readonly number[] {
  return [...new Set(plan.temperatures.map((temperature) => temperature + 0))].toSorted((a, b) => a - b);
}

function uniqueById<T extends { readonly id: string }>(entries: readonly T[]): readonly T[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}

function count(to: number): readonly number[] {
  return Array.from({ length: to }, (_, index) => index + 1);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
