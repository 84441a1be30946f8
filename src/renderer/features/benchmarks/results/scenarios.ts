import type { Sample } from '#shared/contract/benchmarkSamples.ts';

/** One item of a suite with everything the models answered to it. */
export interface Scenario {
  readonly itemId: string;
  readonly title: string;
  readonly byModel: ReadonlyMap<string, readonly Sample[]>;
}

/** `open`: only a judge or a person can tell, and none has. `skip`: asked for, but it could not run here. `none`: never asked. */
export type Outcome = 'pass' | 'some' | 'fail' | 'open' | 'skip' | 'none';

/**
 * Groups samples by item, in the order they arrive.
 * @param options.temperature only samples of this temperature; null = all.
 */
export function scenariosOf(samples: readonly Sample[], options: { readonly temperature: number | null }): readonly Scenario[] {
  const items = new Map<string, { input: string; byModel: Map<string, Sample[]> }>();
  for (const sample of samples) {
    if (sample.state === 'measured' && !isOpen(sample)) continue;
    if (options.temperature !== null && sample.temperature !== options.temperature) continue;
    const item = items.get(sample.itemId) ?? { input: sample.input, byModel: new Map<string, Sample[]>() };
    items.set(sample.itemId, item);
    const list = item.byModel.get(sample.modelId);
    if (list === undefined) item.byModel.set(sample.modelId, [sample]);
    else list.push(sample);
  }
  const titles = titlesOf(new Map([...items].map(([itemId, { input }]) => [itemId, input])));
  return [...items]
    .map(([itemId, { byModel }]) => ({ itemId, title: titles.get(itemId) ?? itemId, byModel }))
    .sort((a, b) => (a.itemId < b.itemId ? -1 : a.itemId > b.itemId ? 1 : 0));
}

/** Whether every, some or no run of a model passed. Skipped ones do not count; an error is no pass. */
export function outcomeOf(samples: readonly Sample[] | undefined): Outcome {
  const counted = (samples ?? []).filter((sample) => sample.state !== 'skipped' && !isOpen(sample));
  if (counted.length === 0) return (samples ?? []).length === 0 ? 'none' : (samples ?? []).some(isOpen) ? 'open' : 'skip';
  const passed = counted.filter((sample) => sample.state === 'passed').length;
  return passed === counted.length ? 'pass' : passed === 0 ? 'fail' : 'some';
}

/** Answered, but not graded: that is left to a judge or a person. */
export function isOpen(sample: Sample): boolean {
  return sample.state === 'measured' && sample.grade !== null;
}

/** The sample to read first: a failing one where there is one. */
export function firstToRead(samples: readonly Sample[]): Sample | undefined {
  return samples.find((sample) => sample.state === 'failed' || sample.state === 'error') ?? samples[0];
}

/** ", run 2 of 3" where an item was asked more than once at a temperature; nothing where it was asked once. */
export function runWords(sample: Sample, samples: readonly Sample[]): string {
  const alike = samples.filter((one) => one.temperature === sample.temperature).length;
  return alike > 1 ? `, run ${sample.repeat} of ${alike}` : '';
}

/** As much of a line as a list has room for. */
const beginning = 28;

/**
 * What tells the items of a suite apart at a glance: the first line that begins like no other item's. Instructions are the same in many items, and
 * come before the question or after it. Where no line does, the last one.
 */
function titlesOf(inputs: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const lines = new Map<string, readonly string[]>();
  const counts = new Map<string, number>();
  for (const [itemId, input] of inputs) {
    const own = input
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
    lines.set(itemId, own);
    for (const start of new Set(own.map((line) => line.slice(0, beginning)))) counts.set(start, (counts.get(start) ?? 0) + 1);
  }
  return new Map(
    [...lines].map(([itemId, own]) => [
      itemId,
      own.find((line) => counts.get(line.slice(0, beginning)) === 1 && /\p{L}{2}|\d/u.test(line)) ?? own.at(-1) ?? itemId,
    ]),
  );
}

/** "2 of 24 such grades overruled" for the samples of a suite. @returns null while none was */
export function overruledWords(samples: readonly Sample[], grader: string): string | null {
  const graded = samples.filter((sample) => sample.grade?.grader === grader);
  const overruled = graded.filter((sample) => sample.overrule != null).length;
  return overruled === 0 ? null : `${overruled} of ${graded.length} such grades overruled so far`;
}
