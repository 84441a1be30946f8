import { type GbnfJsonBasicSchema, type Llama, LlamaGrammarEvaluationState, type LlamaModel } from 'node-llama-cpp';
import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

const maxSchemaCharacters = 65_536;
const maxSchemaDepth = 64;
/** llama.cpp refuses longer repetitions, and builds the shorter ones out in full. */
const maxRepetition = 2_000;
const countKeys = new Set(['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties']);
/**
 * The library's grammar demands four line feeds after the value, as a stop trigger for its own chat session.
 * Without them only the end of the answer is allowed after the value, which is what we want.
 */
const lineFeedTail = ' "\\n\\n\\n\\n" [\\n]*';

/**
 * A fresh evaluation state of the grammar that a JSON Schema means. One is needed for each answer.
 * @throws {RpcError} schema-invalid when the schema is too large, too deep, or means nothing to the engine.
 */
export async function createSchemaGrammar(
  schema: Readonly<Record<string, unknown>>,
  engine: { readonly llama: Llama; readonly model: LlamaModel },
): Promise<LlamaGrammarEvaluationState> {
  const problem = findSchemaProblem(schema);
  if (problem !== null) throw schemaError(problem);
  try {
    const { grammar } = await engine.llama.createGrammarForJsonSchema(schema as unknown as GbnfJsonBasicSchema);
    return new LlamaGrammarEvaluationState({
      model: engine.model,
      grammar: await engine.llama.createGrammar({ grammar: grammar.replace(lineFeedTail, '') }),
    });
  } catch (error) {
    throw schemaError(error instanceof Error ? error.message : String(error), error);
  }
}

function schemaError(reason: string, cause?: unknown): RpcError {
  return new RpcError(modelErrors.schema, `The answer cannot be constrained to this JSON Schema: ${reason.slice(0, 300)}.`, {
    hint: 'Use object, array, string, number, integer, boolean, null, enum, const, oneOf and local $defs.',
    cause,
  });
}

function findSchemaProblem(schema: Readonly<Record<string, unknown>>): string | null {
  if (JSON.stringify(schema).length > maxSchemaCharacters) return `it is longer than ${maxSchemaCharacters} characters`;
  const types = ['type', 'enum', 'const', 'oneOf', '$ref'];
  if (!types.some((key) => Object.hasOwn(schema, key))) return 'it names neither a type, enum, const, oneOf nor $ref';
  return findProblemInside(schema, 0);
}

const knownTypes = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);

function findProblemInside(value: unknown, depth: number): string | null {
  if (depth > maxSchemaDepth) return `it is more than ${maxSchemaDepth} levels deep`;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, entry] of Object.entries(value)) {
    if (countKeys.has(key) && typeof entry === 'number' && !(Number.isInteger(entry) && entry >= 0 && entry <= maxRepetition)) {
      return `${key} must be a whole number from 0 to ${maxRepetition}`;
    }
    if (key === 'type' && typeof entry === 'string' && depth === 0 && !knownTypes.has(entry)) return `there is no type named ${entry}`;
    const problem = findProblemInside(entry, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}
