type Schema = Readonly<Record<string, unknown>>;

/** What says nothing of a value, and what no grammar checks: the last word stands. */
const freeKeys: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$comment',
  '$id',
  '$schema',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'uniqueItems',
  'propertyNames',
  '$defs',
  'definitions',
]);

/**
 * One schema for values that fit all of several, as far as that can be said without trying them: members of objects are put together, counts narrowed.
 * @throws {Error} where they say different things of the same
 */
export function mergeSchemas(schemas: readonly Schema[]): Schema {
  const merged = new Map<string, unknown>();
  for (const [key, value] of schemas.flatMap(Object.entries<unknown>)) {
    merged.set(key, merged.has(key) ? mergeValue(key, merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

function mergeValue(key: string, before: unknown, after: unknown): unknown {
  if (freeKeys.has(key) || JSON.stringify(before) === JSON.stringify(after)) return after;
  if (key === 'properties' && isObject(before) && isObject(after)) return mergeProperties(before, after);
  if (key === 'required' && Array.isArray(before) && Array.isArray(after)) return [...new Set([...before, ...after])];
  if (key === 'type' && [before, after].every((type) => type === 'number' || type === 'integer')) return 'integer';
  if (key === 'additionalProperties' && (before === false || after === false)) return false;
  if (key === 'additionalProperties' && (before === true || after === true)) return before === true ? after : before;
  if (typeof before === 'number' && typeof after === 'number' && /^min/.test(key)) return Math.max(before, after);
  if (typeof before === 'number' && typeof after === 'number' && /^max/.test(key)) return Math.min(before, after);
  throw new Error(`allOf says two things of ${key}, which cannot be turned into a grammar`);
}

function mergeProperties(before: Schema, after: Schema): Schema {
  const both = Object.keys(after).filter((name) => Object.hasOwn(before, name));
  return { ...before, ...after, ...Object.fromEntries(both.map((name) => [name, { allOf: [before[name], after[name]] }])) };
}

const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);
