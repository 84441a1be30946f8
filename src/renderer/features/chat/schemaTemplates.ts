import type { AnswerShape } from '#shared/contract/chat.ts';

export type AnswerSchema = NonNullable<AnswerShape['schema']>;

/** To begin with: what small models are mostly asked for. */
export const schemaTemplates: readonly { readonly name: string; readonly schema: AnswerSchema }[] = [
  {
    name: 'Yes or no, with a reason',
    schema: {
      type: 'object',
      properties: { answer: { type: 'string', enum: ['yes', 'no'] }, reason: { type: 'string' } },
      required: ['answer', 'reason'],
    },
  },
  {
    name: 'One of these labels',
    schema: {
      type: 'object',
      properties: { label: { type: 'string', enum: ['positive', 'negative', 'neutral'] } },
      required: ['label'],
    },
  },
  {
    name: 'Fields out of a text',
    schema: {
      type: 'object',
      properties: { name: { type: 'string' }, date: { type: 'string' }, amount: { type: 'number' } },
      required: ['name', 'date', 'amount'],
    },
  },
  {
    name: 'A list',
    schema: { type: 'object', properties: { items: { type: 'array', items: { type: 'string' } } }, required: ['items'] },
  },
];

const types: ReadonlySet<unknown> = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);

/**
 * Reads a JSON Schema as it was typed. What the engine makes of it is the service's to say; this finds slips of the hand.
 * @returns the schema, or a sentence that says what is wrong
 */
export function readSchema(text: string): { readonly schema: AnswerSchema } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return { problem: `This is no JSON: ${thrown instanceof Error ? thrown.message : 'it cannot be read'}` };
  }
  if (!isObject(value)) return { problem: 'A schema is an object, in braces.' };
  const problem = problemIn(value, 'The schema', 0);
  return problem === null ? { schema: value as AnswerSchema } : { problem };
}

function problemIn(schema: Readonly<Record<string, unknown>>, where: string, depth: number): string | null {
  if (depth > 30) return 'It is nested too deep.';
  const { type, properties, required, items } = schema;
  const listed = Array.isArray(type) ? type : type === undefined ? [] : [type];
  const unknown = listed.find((one) => !types.has(one));
  if (unknown !== undefined) return `${where} has the type ${JSON.stringify(unknown)}, which JSON Schema does not know.`;
  if (schema['enum'] !== undefined && (!Array.isArray(schema['enum']) || schema['enum'].length === 0))
    return `${where}: "enum" must list at least one value.`;
  if (properties !== undefined && !isObject(properties)) return `${where}: "properties" must be an object.`;
  if (required !== undefined && !(Array.isArray(required) && required.every((one) => typeof one === 'string')))
    return `${where}: "required" must be a list of names.`;
  const named = isObject(properties) ? properties : {};
  const missing = Array.isArray(required) && properties !== undefined ? required.find((name) => !(String(name) in named)) : undefined;
  if (missing !== undefined) return `${where} requires "${String(missing)}", which is not among its properties.`;
  for (const [name, inner] of Object.entries(named)) {
    if (!isObject(inner)) return `"${name}" must be a schema, in braces.`;
    const problem = problemIn(inner, `"${name}"`, depth + 1);
    if (problem !== null) return problem;
  }
  return isObject(items) ? problemIn(items, `Each item of ${where === 'The schema' ? 'the list' : where}`, depth + 1) : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
