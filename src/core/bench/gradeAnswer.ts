import { gradeConstraints } from './gradeConstraints.ts';
import type { GradedItem, GradingTools } from './gradedItem.ts';
import { gradeJsonEqual, gradeJsonFields, gradeJsonSchema } from './gradeJson.ts';
import { gradeKeyFacts } from './gradeKeyFacts.ts';
import { gradeContains, gradeEqualText, gradeNumeric, gradeRegex, gradeSameSet } from './gradeText.ts';
import { isJsonList, isJsonObject } from './jsonValue.ts';
import type { Grade, Grader } from './labelledItem.ts';

/**
 * Judges one answer. Without a grader: equal as JSON values where the item has a schema or expects an object, otherwise equal text (one of the
 * accepted ones where there are several), each after trimming. Only the answer as it is can pass; what stripping fences and prose would have
 * saved is told apart by `format.loose` and the reason.
 * @param item expected answer, grader, labels, schema
 * @param answer the model's text, without reasoning
 * @param tools engines for the graders `regex` and `json-schema`, and for the schema part of `format`
 * @returns pass or fail with a reason in words; throws where a grader needs an engine that was not passed in
 */
export function gradeAnswer(item: GradedItem, answer: string, tools: GradingTools = {}): Grade {
  const grader = item.grader ?? defaultGrader(item);
  const text = answer.trim();
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
  }
}

/**
 * The grader of an item that names none.
 * @param item the item
 */
function defaultGrader(item: GradedItem): Grader {
  if (item.schema !== null || isJsonObject(item.expected)) return { type: 'json-equal' };
  return isJsonList(item.expected) ? { type: 'one-of' } : { type: 'exact' };
}
