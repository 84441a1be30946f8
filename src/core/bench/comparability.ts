/** What of a run decides whether its numbers may be held against another run's. */
export interface RunFacts {
  readonly plan: {
    readonly temperatures: readonly number[];
    readonly repeats: number;
    readonly maxTokens: number;
    readonly seed: number;
    readonly constrained: boolean;
    readonly itemLimit: number | null;
    readonly thinking?: string | undefined;
    readonly kvType?: string | null | undefined;
    readonly contextTokens?: number | null | undefined;
    readonly turns?: number | undefined;
    readonly answerSeconds?: number | undefined;
  };
  readonly suites: readonly { readonly id: string; readonly sha256: string }[];
  readonly models: readonly (ModelConditions & { readonly modelId: string; readonly sha256: string | null })[];
  readonly cpu: string | null;
  readonly power: string | null;
  readonly thermal: string | null;
}

interface ModelConditions {
  readonly engine: string | null;
  readonly backend: string | null;
  readonly threads: number | null;
  readonly contextTokens: number | null;
  readonly device?: string | null | undefined;
  readonly kvType?: string | null | undefined;
}

export interface ComparabilityPart {
  readonly name: string;
  readonly value: string;
}

/** Decision 014. Greedy answers may differ in near ties where prompts are cut otherwise. */
const prefixPolicy = 'in fixed chunks of 128 tokens, with a cut where questions stop being the same';

/**
 * The conditions of a run by name, in words: questions, sampling, files, engine and machine. A template lies in the model's file, so the file's hash
 * stands for it too; system prompts lie in the suite. Two runs with the same parts asked the same in the same way.
 * @param run as it was made
 * @returns parts in a fixed order; what is not known says so
 */
export function comparabilityParts(run: RunFacts): readonly ComparabilityPart[] {
  const { plan, suites, models } = run;
  const of = (value: (model: RunFacts['models'][number]) => string | number | null | undefined): string =>
    distinct(models.map((model) => value(model)));
  const limits = [
    `${plan.maxTokens} tokens`,
    ...(plan.turns === undefined ? [] : [`${plan.turns} turns`]),
    ...(plan.answerSeconds === undefined ? [] : [`${plan.answerSeconds} s`]),
  ];
  return [
    { name: 'suites', value: suites.map((suite) => `${suite.id} ${suite.sha256.slice(0, 12)}`).join(', ') },
    { name: 'items', value: plan.itemLimit === null ? 'all' : `the first ${plan.itemLimit} of each suite` },
    { name: 'sampling', value: `temperature ${plan.temperatures.join(', ')}; ${askings(plan)}; seed ${plan.seed}` },
    { name: 'prompts', value: prefixPolicy },
    { name: 'limits', value: limits.join(' / ') },
    { name: 'format', value: plan.constrained ? 'constrained to the schema' : 'native' },
    { name: 'thinking', value: plan.thinking ?? 'default' },
    { name: 'models', value: models.map((model) => `${model.modelId} ${model.sha256?.slice(0, 12) ?? 'unknown'}`).join(', ') },
    { name: 'keys and values', value: of((model) => model.kvType ?? plan.kvType ?? 'as for a chat') },
    { name: 'context', value: of((model) => model.contextTokens) },
    { name: 'engine', value: of((model) => model.engine) },
    { name: 'backend', value: of((model) => model.backend) },
    { name: 'device', value: of((model) => model.device ?? (model.backend === 'cpu' ? run.cpu : null)) },
    { name: 'threads', value: of((model) => model.threads) },
    { name: 'power', value: run.power ?? 'unknown' },
    { name: 'heat', value: run.thermal ?? 'unknown' },
  ];
}

/**
 * What two runs did not do alike.
 * @param now parts of the run
 * @param before parts of the one it is held against
 * @returns such as `engine: a then, b now`
 */
export function differingConditions(now: readonly ComparabilityPart[], before: readonly ComparabilityPart[]): readonly string[] {
  const earlier = new Map(before.map((part) => [part.name, part.value]));
  return now.flatMap(({ name, value }) => {
    const then = earlier.get(name);
    return then === undefined || then === value ? [] : [`${name}: ${then} then, ${value} now`];
  });
}

/** Temperature 0 is asked once however many repeats there are. */
function askings({ temperatures, repeats }: RunFacts['plan']): string {
  const isOnce = repeats === 1 || temperatures.every((temperature) => temperature === 0);
  return isOnce ? 'every question once' : `every question ${repeats} times${temperatures.includes(0) ? ', at 0 once' : ''}`;
}

function distinct(values: readonly (string | number | null | undefined)[]): string {
  const known = [...new Set(values.map((value) => (value == null ? 'unknown' : String(value))))];
  return known.length === 0 ? 'unknown' : known.join(', ');
}
