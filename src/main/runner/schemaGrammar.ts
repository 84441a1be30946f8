import { type GbnfJsonBasicSchema, type Llama, LlamaGrammarEvaluationState, type LlamaModel } from 'node-llama-cpp';
import { schemaProblem, toEngineSchema } from '#core/schema/engineSchema.ts';
import { modelErrors } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

/**
 * The library's grammar demands four line feeds after the value, as a stop trigger for its own chat session.
 * Without them only the end of the answer is allowed after the value, which is what we want.
 */
const lineFeedTail = ' "\\n\\n\\n\\n" [\\n]*';

/**
 * A fresh evaluation state of the grammar that a JSON Schema means. One is needed for each answer.
 * @throws {RpcError} schema-invalid when the schema is too large, broken, or beyond what a grammar can do.
 */
export async function createSchemaGrammar(
  schema: Readonly<Record<string, unknown>>,
  engine: { readonly llama: Llama; readonly model: LlamaModel },
): Promise<LlamaGrammarEvaluationState> {
  const problem = schemaProblem(schema);
  if (problem !== null) throw schemaError(problem);
  try {
    // The library types its schemas by their literal shape; ours is known only at run time and has been checked.
    const { grammar } = await engine.llama.createGrammarForJsonSchema(toEngineSchema(schema) as unknown as GbnfJsonBasicSchema);
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
