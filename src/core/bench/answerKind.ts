import { foldText } from './foldText.ts';

/** An answer that tried, one that said it would not, and none at all. A refusal or an empty answer is a failure of its own kind: no wrong answer was given. */
export type AnswerKind = 'answered' | 'refused' | 'empty';

/** What models of several families begin a refusal with; after promptfoo's and IFEval's lists, read 2026-11-21. */
const refusalStarts: readonly string[] = [
  'i can t assist',
  'i can t help',
  'i can t provide',
  'i can t fulfil',
  'i can t do that',
  'i can t answer',
  'i can t comply',
  'i cannot assist',
  'i cannot help',
  'i cannot provide',
  'i cannot fulfil',
  'i cannot do that',
  'i cannot answer',
  'i cannot comply',
  'i am unable to',
  'i m unable to',
  'i am not able to',
  'i m not able to',
  'i won t be able to',
  'i must decline',
  'i have to decline',
  'i will not help',
  'i won t help',
  'i m sorry but i can',
  'i am sorry but i can',
  'i m sorry i can',
  'i am sorry i can',
  'i apologize but i can',
  'i apologise but i can',
  'sorry but i can',
  'sorry i can',
  'unfortunately i can',
  'as an ai',
  'as a language model',
  'as a large language model',
];
const emptyAnswers: ReadonlySet<string> = new Set(['', 'null', '{}', '[]', '""', 'none', 'n/a']);

/**
 * Whether a model tried to answer. Told by how the answer begins, so that an answer that speaks of refusals is none.
 * @param answer the model's text, without reasoning
 */
export function answerKind(answer: string): AnswerKind {
  const text = answer.trim();
  if (emptyAnswers.has(text.toLowerCase())) return 'empty';
  const start = foldText(text.slice(0, 200));
  return refusalStarts.some((words) => start.startsWith(words)) ? 'refused' : 'answered';
}
