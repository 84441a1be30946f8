import { type GbnfJsonBasicSchema, type Llama, LlamaGrammarEvaluationState, type LlamaModel } from 'node-llama-cpp';
import { schemaProblem, toEngineSchema } from '#core/schema/engineSchema.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/**
 * The library's grammar demands four line feeds after the value, as a stop trigger for its own chat session.
 * Without them only the end of the answer is allowed after the value, which is what we want.
 */
const lineFeedTail = ' "\\n\\n\\n\\n" [\\n]*';

interface GrammarEngine {
  readonly llama: Llama;
  readonly model: LlamaModel;
}

/**
 * The rules of a grammar for the values of a JSON Schema; the first is `root`.
 * @throws {RpcError} schema-invalid when the schema is too large, broken, or beyond what a grammar can do.
 */
export async function schemaRules(schema: Readonly<Record<string, unknown>>, { llama }: GrammarEngine): Promise<string> {
  const problem = schemaProblem(schema);
  if (problem !== null) throw schemaError(problem);
  try {
    // The library types its schemas by their literal shape; ours is known only at run time and has been checked.
    const { grammar } = await llama.createGrammarForJsonSchema(toEngineSchema(schema) as unknown as GbnfJsonBasicSchema);
    return grammar.replace(lineFeedTail, '');
  } catch (error) {
    throw schemaError(error instanceof Error ? error.message : String(error), error);
  }
}

/**
 * A fresh evaluation state of a grammar. One is needed for each answer.
 * @throws {RpcError} schema-invalid when the engine refuses the rules, which come from a schema
 */
export async function grammarState(rules: string, { llama, model }: GrammarEngine): Promise<LlamaGrammarEvaluationState> {
  try {
    return new LlamaGrammarEvaluationState({ model, grammar: await llama.createGrammar({ grammar: rules }) });
  } catch (error) {
    throw schemaError(error instanceof Error ? error.message : String(error), error);
  }
}

/** The same rules under other names, so that two grammars can be put into one. */
export function prefixedRules(rules: string, prefix: string): string {
  return rules.replace(/"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]|[a-zA-Z][a-zA-Z0-9-]*/g, (part) =>
    part.startsWith('"') || part.startsWith('[') ? part : `${prefix}${part}`,
  );
}

/** A text as a grammar writes it. */
export const grammarText = (text: string): string =>
  `"${text
    .replace(/[\\"]/g, (sign) => `\\${sign}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')}"`;

function schemaError(reason: string, cause?: unknown): RpcError {
  return new RpcError(modelErrors.schema, `The answer cannot be constrained to this JSON Schema: ${reason.slice(0, 300)}.`, {
    hint: 'Use object, array, string, number, integer, boolean, null, enum, const, oneOf and local $defs.',
    cause,
  });
}
