import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '#core/seededRandom.ts';
import { apiRetrieval, apiRetrievals } from './talkSuite/apiRetrieval.ts';
import { calculatorReasoning, calculatorReasonings } from './talkSuite/calculatorReasoning.ts';
import { codeExplanation, codeExplanations } from './talkSuite/codeExplanation.ts';
import { codeValidation, codeValidations } from './talkSuite/codeValidation.ts';
import { creativePiece, creativePieces } from './talkSuite/creativeWriting.ts';
import { factualQuestion, factualQuestions } from './talkSuite/factualQuestions.ts';
import { goFunction, goFunctions } from './talkSuite/goFunctions.ts';
import { mathematicalOperation, mathematicalOperations } from './talkSuite/mathematicalOperations.ts';
import type { TalkCase } from './talkSuite/talkCase.ts';

const seed = 20_261_121;

/** Eight tasks in twelve variants each, and for each task with a tool one item that needs none and one whose tool fails first. */
export function talkCases(): readonly TalkCase[] {
  // A stream of draws of its own for each task: a change in one leaves the others as they were.
  const draws = (task: number): (() => number) => seededRandom(seed + task);
  return [
    ...codeExplanations(draws(1)),
    ...mathematicalOperations(draws(2)),
    ...creativePieces(),
    ...factualQuestions(),
    ...goFunctions(),
    ...calculatorReasonings(draws(3)),
    ...codeValidations(),
    ...apiRetrievals(draws(4)),
  ];
}

/** The eight tasks once each. */
export function shortTalkCases(): readonly TalkCase[] {
  return [
    codeExplanation(),
    mathematicalOperation(),
    creativePiece(),
    factualQuestion(),
    goFunction(),
    calculatorReasoning(),
    codeValidation(),
    apiRetrieval(),
  ];
}

/** Cases as a suite's file holds them. */
export function suiteText(cases: readonly TalkCase[]): string {
  return cases.map(({ row }) => `${JSON.stringify(row)}\n`).join('');
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '..', 'resources', 'suites');
  await writeFile(join(folder, 'talk.jsonl'), suiteText(talkCases()));
  await writeFile(join(folder, 'talk-short.jsonl'), suiteText(shortTalkCases()));
}
