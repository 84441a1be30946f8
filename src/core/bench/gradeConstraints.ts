import type { Grade, Grader } from './labelledItem.ts';
import { looseForms } from './looseForms.ts';
import { type CheckResult, checkText } from './textChecks.ts';

type ConstraintsGrader = Extract<Grader, { readonly type: 'constraints' }>;

/** Every check holds for the answer as it is. What held after fences, first and last line were taken off is told as the loose form. */
export function gradeConstraints(text: string, { checks }: ConstraintsGrader): Grade {
  const results = checks.map((check) => checkText(text, check));
  const wrong = results.filter((result) => !result.passed);
  const passed = wrong.length === 0 && text !== '';
  const loose = looseForms(text).some((form) => form !== '' && checks.every((check) => checkText(form, check).passed));
  let reason = `All ${checks.length} checks hold.`;
  if (text === '') reason = 'The answer is empty.';
  else if (wrong.length > 0)
    reason = `${checks.length - wrong.length} of ${checks.length} checks hold; wrong: ${wrong.map((result) => result.reason).join('; ')}.`;
  else if (checks.length === 1) reason = `The one check holds: ${results[0]?.reason ?? ''}.`;
  return {
    passed,
    grader: 'constraints',
    reason,
    format: { strict: passed, loose },
    fields: named(results),
  };
}

/** A kind of check that stands there twice is told apart by its number. */
function named(results: readonly CheckResult[]): Grade['fields'] {
  const seen = new Map<string, number>();
  return results.map(({ name, passed }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { name: count === 1 ? name : `${name} ${count}`, passed };
  });
}
