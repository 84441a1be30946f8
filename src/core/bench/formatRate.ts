import type { SuiteResult } from './runRecords.ts';

/**
 * Share of a model's answers that had the asked-for form, over all suites that ask for one: by answers, since suites differ in size.
 * @param suites of one model
 * @param form as it stands, or after stripping fences and prose
 * @returns null where no form was asked for
 */
export function formatRate(
  suites: readonly Pick<SuiteResult, 'interval' | 'formatAnswers' | 'formatStrict' | 'formatLoose'>[],
  form: 'formatStrict' | 'formatLoose',
): number | null {
  let held = 0;
  let asked = 0;
  for (const suite of suites) {
    const share = suite[form];
    if (share === null) continue;
    const answers = suite.formatAnswers ?? suite.interval.n;
    held += share * answers;
    asked += answers;
  }
  return asked === 0 ? null : held / asked;
}
