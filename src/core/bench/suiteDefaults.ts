/** What a suite asks for by itself; absent or null where it leaves that to the plan. */
export interface SuiteWishes {
  readonly kind: 'speed' | 'labelled';
  readonly temperatures?: readonly number[] | null | undefined;
  readonly maxTokens?: number | null | undefined;
  readonly contextTokens?: number | null | undefined;
}

/**
 * What a plan starts from when nothing else is named.
 * @param suites those of the plan; the speed suite has no say
 * @returns temperatures where all labelled suites wish the same ones, and the longest answer and context in tokens that one of them wishes; null = the
 *   plan's own default
 */
export function suiteDefaults(suites: readonly SuiteWishes[]): {
  readonly temperatures: readonly number[] | null;
  readonly maxTokens: number | null;
  readonly contextTokens: number | null;
} {
  const labelled = suites.filter((suite) => suite.kind === 'labelled');
  const [first] = labelled;
  const wished = first?.temperatures ?? null;
  const agreed = labelled.every((suite) => suite.temperatures?.join() === wished?.join());
  const most = (of: (suite: SuiteWishes) => number | null | undefined): number | null =>
    Math.max(0, ...labelled.map((suite) => of(suite) ?? 0)) || null;
  return {
    temperatures: agreed ? wished : null,
    maxTokens: most((suite) => suite.maxTokens),
    contextTokens: most((suite) => suite.contextTokens),
  };
}
