import { isJsonList, isJsonObject, readJson } from '../jsonValue.ts';
import { criterionLimit } from './judgeQuestion.ts';

export type CriterionVerdict = 'met' | 'not-met' | 'cannot-tell' | 'void';

export interface JudgedCriterion {
  readonly criterion: string;
  /** `void`: the words it gave as evidence do not stand in the answer. */
  readonly met: CriterionVerdict;
  readonly evidence: string;
}

export interface ChecklistReading {
  /** Share of the criteria that are met; null where the judge did not do as it was told, or left most of them open. */
  readonly score: number | null;
  readonly criteria: readonly JudgedCriterion[];
  readonly note: string;
}

const noteLimit = 500;
/** Nobody changes their mind more often. */
const readingLimit = 100;

/**
 * Reads what a judge said of an answer. A criterion is met only with words that stand in the answer; what is not met may have none, because what is
 * missing cannot be quoted. Everything else is void: the judge made it up.
 * @param text the judge's answer
 * @param checked.criteria as they were asked
 * @param checked.answer what was judged
 */
export function readChecklist(text: string, checked: { readonly criteria: readonly string[]; readonly answer: string }): ChecklistReading {
  const asked = checked.criteria.slice(0, criterionLimit);
  const value = lastJson(text);
  const given = isJsonObject(value) && isJsonList(value['criteria']) ? value['criteria'] : null;
  const note = isJsonObject(value) && typeof value['note'] === 'string' ? value['note'].slice(0, noteLimit) : '';
  if (given === null || given.length !== asked.length) {
    return { score: null, criteria: [], note: 'The judge gave no verdict that can be read.' };
  }
  const answer = squeezed(checked.answer);
  const criteria = asked.map((criterion, index): JudgedCriterion => {
    const entry = given[index];
    const evidence = isJsonObject(entry) && typeof entry['evidence'] === 'string' ? entry['evidence'] : '';
    const verdict = isJsonObject(entry) ? entry['verdict'] : null;
    return { criterion, met: verdictOf(verdict, { evidence: squeezed(evidence), answer }), evidence };
  });
  const decided = criteria.filter(({ met }) => met === 'met' || met === 'not-met');
  const isOpen = decided.length * 2 <= criteria.length;
  return { score: isOpen ? null : decided.filter(({ met }) => met === 'met').length / criteria.length, criteria, note };
}

function verdictOf(verdict: unknown, words: { readonly evidence: string; readonly answer: string }): CriterionVerdict {
  const isThere = words.evidence !== '' && words.answer.includes(words.evidence);
  switch (verdict) {
    case 'met':
      return isThere ? 'met' : 'void';
    case 'not-met':
      return isThere || words.evidence === '' ? 'not-met' : 'void';
    case 'cannot-tell':
      return 'cannot-tell';
    default:
      return 'void';
  }
}

export interface PreferenceReading {
  /** Null where the judge did not do as it was told. */
  readonly better: 'first' | 'second' | 'tie' | null;
  readonly note: string;
}

/**
 * Reads which of two answers a judge prefers.
 * @param text the judge's answer
 */
export function readPreference(text: string): PreferenceReading {
  const value = lastJson(text);
  if (!isJsonObject(value)) return { better: null, note: 'The judge gave no verdict that can be read.' };
  const note = typeof value['note'] === 'string' ? value['note'].slice(0, noteLimit) : '';
  const choices: Readonly<Record<string, PreferenceReading['better']>> = { A: 'first', B: 'second', tie: 'tie' };
  const { better } = value;
  return { better: typeof better === 'string' && Object.hasOwn(choices, better) ? (choices[better] ?? null) : null, note };
}

/**
 * What two askings in opposite order come to: a win only where both agree.
 * @param asOrdered reading with the answer in question first
 * @param reversed reading with it second
 * @returns 1, 0 or 0.5 for the answer in question, whether the judge was consistent; null where either could not be read
 */
export function bothOrders(
  asOrdered: PreferenceReading,
  reversed: PreferenceReading,
): { readonly score: number; readonly isConsistent: boolean } | null {
  if (asOrdered.better === null || reversed.better === null) return null;
  const mirrored = ({ first: 'second', second: 'first', tie: 'tie' } as const)[reversed.better];
  if (asOrdered.better !== mirrored) return { score: 0.5, isConsistent: false };
  return { score: { first: 1, second: 0, tie: 0.5 }[asOrdered.better], isConsistent: true };
}

/** The last JSON object of a text: a judge that thinks aloud, or changes its mind, is taken at its last word. */
function lastJson(text: string): unknown {
  const whole = readJson(text.trim());
  if (whole.ok) return whole.value;
  let at = text.lastIndexOf('\n{');
  for (let readings = 0; at >= 0 && readings < readingLimit; readings += 1) {
    const reading = readJson(
      text
        .slice(at)
        .replace(/```\s*$/, '')
        .trim(),
    );
    if (reading.ok) return reading.value;
    at = at === 0 ? -1 : text.lastIndexOf('\n{', at - 1);
  }
  return null;
}

/** Line breaks, runs of spaces and typographic quotes are no difference in words. */
function squeezed(text: string): string {
  return text.replace(/[“”„]/g, '"').replace(/[‘’]/g, "'").replace(/\s+/g, ' ').trim();
}
