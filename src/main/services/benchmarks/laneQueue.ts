import type { Scenario } from '#core/bench/planRun.ts';

/** Scenarios that several lanes take from, so that questions with the same beginning follow one another on one lane. */
export interface LaneQueue {
  readonly size: number;
  /** @returns undefined when nothing is left */
  take(lane: number): Scenario | undefined;
  /** What could not be asked after all; it is the next to be taken. */
  putBack(scenario: Scenario): void;
  /** Takes all that is left, in order. */
  drain(): Scenario[];
}

/**
 * Makes a queue of scenarios, within a suite, temperature and repeat by what comes before the question.
 * @param scenarios in the order of the plan
 * @param beginningOf the text that its prompt begins with; equal texts stay together. Null = just in order
 */
export function createLaneQueue(scenarios: readonly Scenario[], beginningOf: ((scenario: Scenario) => string) | null): LaneQueue {
  const waiting = beginningOf === null ? [[...scenarios]] : groupsOf(scenarios, beginningOf);
  const taken = new Map<number, Scenario[]>();
  const returned: Scenario[] = [];
  let size = scenarios.length;

  /** A lane that has nothing left takes the next group, or the second half of the longest that another has begun. */
  function groupFor(lane: number): Scenario[] {
    const own = taken.get(lane);
    if (own !== undefined && own.length > 0) return own;
    const next = waiting.shift() ?? halfOfLongest([...taken.values()]);
    taken.set(lane, next);
    return next;
  }

  return {
    get size() {
      return size;
    },
    take(lane) {
      const scenario = returned.shift() ?? groupFor(lane).shift();
      if (scenario !== undefined) size -= 1;
      return scenario;
    },
    putBack(scenario) {
      returned.push(scenario);
      size += 1;
    },
    drain() {
      const left = [...returned, ...[...taken.values()].flat(), ...waiting.flat()];
      returned.length = 0;
      taken.clear();
      waiting.length = 0;
      size = 0;
      return left;
    },
  };
}

function groupsOf(scenarios: readonly Scenario[], beginningOf: (scenario: Scenario) => string): Scenario[][] {
  const groups = new Map<string, Scenario[]>();
  const cells = new Map<string, Scenario[][]>();
  for (const scenario of scenarios) {
    const cell = JSON.stringify([scenario.suite, scenario.temperature, scenario.repeat]);
    const key = JSON.stringify([cell, beginningOf(scenario)]);
    const known = groups.get(key);
    if (known !== undefined) {
      known.push(scenario);
      continue;
    }
    const group = [scenario];
    groups.set(key, group);
    cells.set(cell, [...(cells.get(cell) ?? []), group]);
  }
  return [...cells.values()].flat();
}

function halfOfLongest(groups: readonly Scenario[][]): Scenario[] {
  const longest = groups.reduce<Scenario[]>((best, group) => (group.length > best.length ? group : best), []);
  return longest.splice(Math.floor(longest.length / 2));
}
