import type { GraphContext } from './graphContext.ts';
import { float32, type GraphTensor, int32 } from './graphTensor.ts';

/** Token ids to rows; the engine also keeps room for ready-made embeddings. */
export function embed(context: GraphContext): GraphTensor {
  const { graph, facts, settings } = context;
  const tokens = graph.input(int32, settings.tokens);
  const ready = graph.input(float32, facts.width, settings.tokens);
  const embedded = graph.getRows(context.needModelWeight('token_embd.weight'), tokens);
  graph.expand(embedded);
  graph.expand(ready);
  return facts.architecture.features.includes('scaled-embedding') ? graph.inplace(embedded) : embedded;
}

export function buildLogits(context: GraphContext, input: GraphTensor): void {
  const { graph, facts } = context;
  const { features } = facts.architecture;
  let logits = graph.mulMat(outputMatrix(context), input);
  if (features.includes('scaled-logits')) logits = graph.inplace(logits);
  if (features.includes('capped-logits')) for (let step = 0; step < 3; step += 1) logits = graph.inplace(logits);
  const bias = context.modelWeight('output.bias');
  if (bias) logits = graph.inplace(logits, bias);
  logits.isOutput = true;
  graph.expand(logits);
}

function outputMatrix(context: GraphContext): GraphTensor {
  return context.modelWeight('output.weight') ?? context.tiedOutput();
}
