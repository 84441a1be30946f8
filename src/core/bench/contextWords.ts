import { formatCount } from '../units.ts';
import { type SuiteWishes, suiteDefaults } from './suiteDefaults.ts';

/**
 * The context that a run's models were loaded with, in tokens and words. Where a suite chose it, all suites were timed with it: a longer one may put
 * fewer layers on a GPU.
 * @param run as it was made
 * @returns null where no model was loaded here
 */
export function contextWords(run: {
  readonly plan: { readonly contextTokens: number | null };
  readonly suites: readonly (SuiteWishes & { readonly name: string })[];
  readonly models: readonly { readonly contextTokens: number | null }[];
}): string | null {
  const sizes = run.models.map((model) => model.contextTokens).filter((tokens) => tokens !== null);
  if (sizes.length === 0) return null;
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const size = least === most ? formatCount(most) : `${formatCount(least)} to ${formatCount(most)} by model`;
  const isWished = run.plan.contextTokens === null && suiteDefaults(run.suites).contextTokens !== null;
  if (!isWished) return size;
  const wishing = run.suites.filter((suite) => suite.kind === 'labelled' && suite.contextTokens != null).map((suite) => suite.name);
  const others = run.suites.length > wishing.length ? '; all timed with it' : '';
  return `${size} for ${wishing.join(' and ')}${others}`;
}
