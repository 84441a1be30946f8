import { foldText, hasWords } from './foldText.ts';
import type { Grade, Grader } from './labelledItem.ts';
import { quoted } from './quoted.ts';

type KeyFactsGrader = Extract<Grader, { readonly type: 'key-facts' }>;

/** Enough key facts are named, each in one of its spellings, and none of the known mistakes is. */
export function gradeKeyFacts(text: string, grader: KeyFactsGrader): Grade {
  const { facts, never = [] } = grader;
  const atLeast = grader.atLeast ?? facts.length;
  const folded = foldText(text);
  const names = (words: string): boolean => hasWords({ text: folded, words: foldText(words) });
  const fields = facts.map((spellings) => ({ name: spellings[0] ?? '', passed: spellings.some(names) }));
  const missing = fields.filter((field) => !field.passed).map((field) => quoted(field.name));
  const mistakes = never.filter(names).map(quoted);
  const count = facts.length - missing.length;
  const passed = count >= atLeast && mistakes.length === 0;
  const asked = atLeast === facts.length ? '' : `, asked for ${atLeast}`;
  const lacking = missing.length > 0 ? `; missing: ${missing.join(', ')}` : '';
  const wrong = mistakes.length > 0 ? ` It says ${mistakes.join(', ')}, which is wrong.` : '';
  const reason = text === '' ? 'The answer is empty.' : `${count} of ${facts.length} key facts are named${asked}${lacking}.${wrong}`;
  return { passed, grader: 'key-facts', reason, format: null, fields };
}
