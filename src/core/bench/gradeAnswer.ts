import { gradeGo, gradePython } from './gradeCode.ts';
import { gradeConstraints } from './gradeConstraints.ts';
import type { Answered, GradedItem, GradingTools } from './gradedItem.ts';
import { gradeJsonEqual, gradeJsonFields, gradeJsonSchema } from './gradeJson.ts';
import { gradeKeyFacts } from './gradeKeyFacts.ts';
import { gradeLastJson } from './gradeLastJson.ts';
import { gradeContains, gradeEqualText, gradeNumeric, gradeRegex, gradeSameSet } from './gradeText.ts';
import { gradeToolCalls } from './gradeToolCalls.ts';
import { gradeCalculation, gradeToolOutput } from './gradeToolWork.ts';
import { isJsonList, isJsonObject } from './jsonValue.ts';
import type { Grade, Grader, ToolUse } from './labelledItem.ts';

/**
 * Judges one answer. Without a grader: equal as JSON values where the item has a schema or expects an object, otherwise equal text (one of the
 * accepted ones where there are several), each after trimming. Only the answer as it is can pass; what stripping fences and prose would have
 * saved is told apart by `format.loose` and the reason.
 * @param item expected answer, grader, labels, schema
 * @param answer the model's text, without reasoning; with its calls and what its code did where a grader looks at those
 * @param tools engines for the graders `regex`, `json-schema` and `go`, and for the schema part of `format`
 * @returns pass or fail with a reason in words; throws where a grader needs an engine, or a run of code, that was not passed in
 */
export function gradeAnswer(item: GradedItem, answer: string | Answered, tools: GradingTools = {}): Grade {
  const given = typeof answer === 'string' ? { text: answer, calls: [], execution: null } : answer;
  return gradeWith(item.grader ?? defaultGrader(item), { item, tools, answered: { ...given, text: given.text.trim() } });
}

interface Grading {
  readonly item: GradedItem;
  /** Its text trimmed. */
  readonly answered: Answered;
  readonly tools: GradingTools;
}

function gradeWith(grader: Grader, grading: Grading): Grade {
  const { item, answered, tools } = grading;
  const { text } = answered;
  switch (grader.type) {
    case 'exact':
    case 'one-of':
      return gradeEqualText(item, text, grader);
    case 'contains':
      return gradeContains(item, text, grader);
    case 'regex':
      return gradeRegex(item, text, { grader, tools });
    case 'numeric':
      return gradeNumeric(item, text, grader);
    case 'same-set':
      return gradeSameSet(item, text);
    case 'constraints':
      return gradeConstraints(text, grader);
    case 'key-facts':
      return gradeKeyFacts(text, grader);
    case 'json-schema':
      return gradeJsonSchema(item, text, tools);
    case 'json-equal':
      return gradeJsonEqual(item, text, tools);
    case 'json-fields':
      return gradeJsonFields(item, text, { grader, tools });
    case 'last-json':
      return gradeLastJson(item, text, grader);
    case 'tool-calls':
      return gradeToolCalls(answered, grader);
    case 'calculation':
      return gradeCalculation(answered, grader);
    case 'tool-output':
      return gradeToolOutput(answered, grader);
    case 'python':
      return gradePython(answered, grader);
    case 'go':
      return gradeGo(text, { grader, tools });
    case 'rubric':
      return {
        passed: false,
        grader: 'rubric',
        reason: text === '' ? 'The answer is empty.' : 'Only a judge or a person can tell.',
        format: null,
        fields: null,
      };
    case 'all':
      return gradeAll(grader.of, grading);
  }
}

/** Passes when every part does; the reasons of what failed, or of all where nothing did. */
function gradeAll(parts: readonly Grader[], grading: Grading): Grade {
  const grades = parts.map((part) => gradeWith(part, grading));
  const failed = grades.filter((grade) => !grade.passed);
  const told = failed.length > 0 ? failed : grades;
  return {
    passed: failed.length === 0,
    grader: 'all',
    reason: told.map((grade) => grade.reason).join(' '),
    format: grades.find((grade) => grade.format !== null)?.format ?? null,
    fields: grades.map((grade) => ({ name: grade.grader, passed: grade.passed })),
    tools: joinedUse(grades.flatMap((grade) => grade.tools ?? [])),
  };
}

function joinedUse(uses: readonly ToolUse[]): ToolUse | null {
  if (uses.length === 0) return null;
  return {
    rightTool: uses.every((use) => use.rightTool),
    rightArguments: uses.every((use) => use.rightArguments),
    extraCalls: Math.max(...uses.map((use) => use.extraCalls)),
    answeredWithout: uses.some((use) => use.answeredWithout),
  };
}

/**
 * The grader of an item that names none.
 * @param item the item
 */
function defaultGrader(item: GradedItem): Grader {
  if (item.schema !== null || isJsonObject(item.expected)) return { type: 'json-equal' };
  return isJsonList(item.expected) ? { type: 'one-of' } : { type: 'exact' };
}
