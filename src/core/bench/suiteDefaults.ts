/** What a suite asks for by itself; absent or null where it leaves that to the plan. */
export interface SuiteWishes {
  readonly kind: 'speed' | 'labelled';
  readonly temperatures?: readonly number[] | null | undefined;
  readonly maxTokens?: number | null | undefined;
}

/**
 * What a plan starts from when nothing else is named.
 * @param suites those of the plan; the speed suite has no say
 * @returns temperatures where all labelled suites wish the same ones, and the longest answer that one of them wishes; null = the plan's own default
 */
export function suiteDefaults(suites: readonly SuiteWishes[]): {
  readonly temperatures: readonly number[] | null;
  readonly maxTokens: number | null;
} {
  const labelled = suites.filter((suite) => suite.kind === 'labelled');
  const [first] = labelled;
  const wished = first?.temperatures ?? null;
  const agreed = labelled.every((suite) => suite.temperatures?.join() === wished?.join());
  const longest = Math.max(0, ...labelled.map((suite) => suite.maxTokens ?? 0));
  return { temperatures: agreed ? wished : null, maxTokens: longest === 0 ? null : longest };
}
