import { mergeSchemas } from './mergeSchemas.ts';

/** JSON Schema narrowed to what the engine's grammar understands. */
export type EngineSchema = Readonly<Record<string, unknown>>;

const maxSchemaCharacters = 65_536;
const maxDepth = 64;
/** llama.cpp refuses longer repetitions (2,000 rules in all, and each item with its comma is two), and builds the shorter ones out in full. */
const maxRepetition = 1_000;
const knownTypes: readonly unknown[] = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
const countKeys = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'] as const;
/** Of `allOf`: each may hold two others, and so on, so that a short schema could be endless work. */
const maxMerges = 1_000;
/** Each compares and copies up to the whole schema: a large one may have fewer. */
const maxMergedCharacters = 50_000_000;
/** Keywords that a grammar could only honour by leaving out what they forbid. */
const refusedKeys = ['not', 'if', 'patternProperties', 'dependentSchemas'] as const;
/** The engine has no word for "any value". */
const anything: EngineSchema = {
  oneOf: [...['string', 'number', 'boolean', 'null', 'array'].map((type) => ({ type })), { type: 'object', additionalProperties: true }],
};

/**
 * Translates a JSON Schema for the engine, which silently reads everything it does not know as `null`.
 * `anyOf` becomes `oneOf`, `definitions` become `$defs`, and so does the whole where it refers to itself (`#`); a missing type is taken from the
 * other keywords. What all of `allOf` say is put together. Checks that a grammar cannot make (`pattern`, `minimum`, an upper limit in the thousands, ...)
 * are left out: the answer is still to be validated.
 * @throws {Error} with the reason, when the schema is broken or asks for what a grammar cannot do.
 */
export function toEngineSchema(schema: unknown): EngineSchema {
  const defs = isRecord(schema) ? { ...asRecord(schema.definitions), ...asRecord(schema.$defs) } : {};
  const names = Object.keys(defs);
  const scope: Scope = {
    depth: 0,
    root: schema,
    defs,
    whole: { name: freeName('whole', defs), isUsed: false },
    places: new Map(),
    merges: { count: 0, most: null },
  };
  const translated = translate(schema, scope);
  const inner = names.map((name) => [name, translate(defs[name], { ...scope, depth: 1 })] as const);
  // Further places may be found on the way; a map tells them too.
  const places = [];
  for (const { name, schema: place } of scope.places.values()) places.push([name, translate(place, { ...scope, depth: 1 })] as const);
  const { name, isUsed } = scope.whole;
  const all: Readonly<Record<string, EngineSchema>> = Object.fromEntries([
    ...inner,
    ...places,
    ...(isUsed ? [[name, translated] as const] : []),
  ]);
  requireProgress(all);
  if (isUsed) return { ...referenceTo(name), $defs: all };
  return Object.keys(all).length === 0 ? translated : { ...translated, $defs: all };
}

/**
 * Why an answer cannot be held to this schema.
 * @returns null where it can
 */
export function schemaProblem(schema: Readonly<Record<string, unknown>>): string | null {
  if (JSON.stringify(schema).length > maxSchemaCharacters) return `it is longer than ${maxSchemaCharacters} characters`;
  try {
    toEngineSchema(schema);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Scope {
  readonly depth: number;
  readonly root: unknown;
  readonly defs: Readonly<Record<string, unknown>>;
  /** What the whole is called where something in it refers to it. */
  readonly whole: { readonly name: string; isUsed: boolean };
  /** Places in it that are referred to (`#/properties/a`), by their pointers. */
  readonly places: Map<string, { readonly name: string; readonly schema: unknown }>;
  /** Of `allOf`, and how many there may be: counted when there is one. */
  readonly merges: { count: number; most: number | null };
}

function translate(schema: unknown, scope: Scope): EngineSchema {
  if (scope.depth > maxDepth) throw new Error(`it is more than ${maxDepth} levels deep`);
  if (schema === true) return anything;
  if (!isRecord(schema)) throw new Error('a schema in it is no object');
  const inner = { ...scope, depth: scope.depth + 1 };
  const refused = refusedKeys.find((key) => Object.hasOwn(schema, key));
  if (refused !== undefined) throw new Error(`${refused} cannot be turned into a grammar`);

  if (schema.allOf !== undefined) return translate(mergeAll(schema, scope), inner);
  if (typeof schema.$ref === 'string') return referenceTo(definitionName(schema.$ref, scope));
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return { oneOf: nonEmptyList(choices, 'oneOf').map((choice) => translate(choice, inner)) };
  if (Object.hasOwn(schema, 'const')) return { const: literal(schema.const) };
  if (schema.enum !== undefined) return { enum: nonEmptyList(schema.enum, 'enum').map(literal) };

  const type = schema.type ?? (schema.properties !== undefined ? 'object' : schema.items !== undefined ? 'array' : undefined);
  if (type === undefined) return anything;
  if (Array.isArray(type)) return { oneOf: nonEmptyList(type, 'type').map((one) => translate({ ...schema, type: one }, inner)) };
  if (!knownTypes.includes(type)) throw new Error(`there is no type named ${String(type).slice(0, 40)}`);
  const counts = readCounts(schema);
  if (type === 'object') return { type, ...counts, ...translateObject(schema, inner) };
  if (type === 'array') {
    const items = schema.items === undefined || schema.items === true ? {} : { items: translate(schema.items, inner) };
    const prefixItems =
      schema.prefixItems === undefined
        ? {}
        : { prefixItems: nonEmptyList(schema.prefixItems, 'prefixItems').map((item) => translate(item, inner)) };
    return { type, ...counts, ...items, ...prefixItems };
  }
  return { type, ...counts };
}

/** What all of `allOf` and the schema around it say, as one. */
function mergeAll({ allOf, ...around }: Readonly<Record<string, unknown>>, scope: Scope): unknown {
  const parts = nonEmptyList(allOf, 'allOf');
  const [only] = parts;
  if (parts.length === 1 && isRecord(only) && Object.keys(around).every(isAnnotation)) return only;
  const resolved = (part: unknown, path: readonly string[]): Readonly<Record<string, unknown>> => {
    scope.merges.count += 1;
    scope.merges.most ??= Math.min(maxMerges, Math.ceil(maxMergedCharacters / JSON.stringify(scope.root).length));
    if (scope.merges.count > scope.merges.most) {
      throw new Error(`allOf puts more than ${scope.merges.most} schemas together, the most for one of its length`);
    }
    if (part === true) return {};
    if (!isRecord(part)) throw new Error('a schema in it is no object');
    const { $ref, allOf: inner, ...own } = part;
    const all = inner === undefined ? [] : nonEmptyList(inner, 'allOf').map((one) => resolved(one, path));
    if (typeof $ref === 'string') {
      if (path.includes($ref)) throw new Error(`the definition ${$ref.slice(0, 80)} is nothing but a reference to itself`);
      all.unshift(resolved(schemaAt($ref, scope), [...path, $ref]));
    }
    return all.length === 0 ? own : mergeSchemas([...all, own]);
  };
  return mergeSchemas([...parts.map((part) => resolved(part, [])), resolved(around, [])]);
}

const isAnnotation = (key: string): boolean => ['title', 'description', 'default', 'examples', '$comment', 'deprecated'].includes(key);

/** Open when nothing is said about its members, closed when its properties are named. */
function translateObject(schema: Readonly<Record<string, unknown>>, scope: Scope): EngineSchema {
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && !isRecord(properties)) throw new Error('properties is no object');
  const more = additionalProperties ?? properties === undefined;
  return {
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).flatMap(([name, value]) => (isNever(value) ? [] : [[name, translate(value, scope)]])),
          ),
        }),
    additionalProperties: typeof more === 'boolean' ? more : translate(more, scope),
  };
}

function readCounts(schema: Readonly<Record<string, unknown>>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of countKeys) {
    const count = schema[key];
    if (count === undefined) continue;
    if (key.startsWith('max') && Number.isInteger(count) && Number(count) > maxRepetition) continue;
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > maxRepetition) {
      throw new Error(`${key} must be a whole number from 0 to ${maxRepetition}`);
    }
    counts[key] = count;
  }
  return counts;
}

function definitionName(ref: string, scope: Scope): string {
  if (ref === '#') {
    scope.whole.isUsed = true;
    return scope.whole.name;
  }
  const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(ref)?.[1];
  if (name !== undefined && Object.hasOwn(scope.defs, name)) return name;
  const place = scope.places.get(ref) ?? {
    name: freeName(`place-${scope.places.size + 1}`, scope.defs),
    schema: schemaAt(ref, scope),
  };
  scope.places.set(ref, place);
  return place.name;
}

/** What a reference within the schema means: `#/$defs/a`, `#/properties/a/items`. */
function schemaAt(ref: string, { root }: Scope): unknown {
  let at: unknown = ref === '#' || ref.startsWith('#/') ? root : undefined;
  for (const step of ref.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Readonly<Record<string, unknown>>)[key] : undefined;
  }
  if (at === undefined) throw new Error(`the reference ${ref.slice(0, 80)} leads nowhere in it`);
  return at;
}

/** A member that may not be there. */
const isNever = (schema: unknown): boolean =>
  schema === false || (isRecord(schema) && isRecord(schema.not) && Object.keys(schema.not).length === 0);

const referenceTo = (name: string): EngineSchema => ({ $ref: `#/$defs/${name}` });

function freeName(wish: string, taken: Readonly<Record<string, unknown>>): string {
  let name = wish;
  while (Object.hasOwn(taken, name)) name += '-';
  return name;
}

/** A definition that leads back to itself before anything was written has no end, and the engine refuses it without saying why. */
function requireProgress(defs: Readonly<Record<string, EngineSchema>>): void {
  const known = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw new Error(`the definition ${name.slice(0, 80)} is nothing but a reference to itself`);
    if (known.has(name)) return;
    for (const next of leadsTo(defs[name] ?? {})) visit(next, [...path, name]);
    known.add(name);
  };
  for (const name of Object.keys(defs)) visit(name, []);
}

/** Definitions that a value may be without anything around it. */
function leadsTo({ $ref, oneOf }: EngineSchema): readonly string[] {
  if (typeof $ref === 'string') return [$ref.slice('#/$defs/'.length)];
  return Array.isArray(oneOf) ? (oneOf as readonly EngineSchema[]).flatMap(leadsTo) : [];
}

function literal(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Error('enum and const may hold strings, numbers, booleans and null');
}

function nonEmptyList(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw new Error(`${name} must be a list with something in it`);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
