import type { ItemRow } from './itemRows.ts';
import { isJsonList, isJsonObject } from './jsonValue.ts';
import type { JsonValue } from './labelledItem.ts';

type JsonObject = { readonly [key: string]: JsonValue };

/**
 * A record of another tool's data set as one of ours: OpenAI evals (`input` as messages, `ideal`) and Inspect (`target`, `choices`). Ours is left as it is.
 * @param record one line
 * @param name id for a record that has none
 * @returns the record in our own words, or why it cannot be said in them
 */
export function foreignItem(record: JsonObject, name: string): ItemRow['content'] {
  const isForeign = record['expected'] === undefined && (record['ideal'] !== undefined || record['target'] !== undefined);
  const asked = Array.isArray(record['input']) ? readMessages(record['input'] as readonly JsonValue[]) : null;
  if (!isForeign && asked === null) return { ok: true, value: record };
  if (asked !== null && !asked.ok) return asked;
  const { ideal, target, choices, ...kept } = record;
  const expected = record['expected'] ?? ideal ?? target ?? null;
  const labels = isJsonList(choices) && choices.every((choice) => typeof choice === 'string') ? choices : null;
  return {
    ok: true,
    value: {
      ...kept,
      id: record['id'] ?? name,
      ...(asked === null ? {} : { system: record['system'] ?? asked.system, input: asked.input }),
      expected,
      ...(labels === null || record['labels'] !== undefined ? {} : { labels }),
    },
  };
}

export type MessagesReading =
  | { readonly ok: true; readonly system: string | null; readonly input: string }
  | { readonly ok: false; readonly message: string };

/**
 * A conversation as system prompt and question. What was said in between (examples, earlier turns) cannot be asked as one item.
 * @param messages `{role, content}`, as chat models take them
 */
export function readMessages(messages: readonly JsonValue[]): MessagesReading {
  const systems: string[] = [];
  const questions: string[] = [];
  for (const message of messages) {
    const content = isJsonObject(message) ? message['content'] : undefined;
    const role = isJsonObject(message) ? message['role'] : undefined;
    if (typeof content !== 'string' || typeof role !== 'string')
      return { ok: false, message: 'A message of "input" is not {role, content} in text.' };
    if (role === 'system' || role === 'developer') systems.push(content);
    else if (role === 'user') questions.push(content);
    else
      return {
        ok: false,
        message: `The conversation of "input" holds a turn of ${JSON.stringify(role.slice(0, 40))}; only system and user can be asked.`,
      };
  }
  const [question, ...more] = questions;
  if (question === undefined) return { ok: false, message: 'The conversation of "input" asks nothing.' };
  if (more.length > 0) return { ok: false, message: `The conversation of "input" has ${questions.length} questions; one can be asked.` };
  return { ok: true, system: systems.length === 0 ? null : systems.join('\n\n'), input: question };
}
