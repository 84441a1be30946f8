import type { GraphContext } from './graphContext.ts';
import { float32, type GraphTensor, int32 } from './graphTensor.ts';

export interface Embedded {
  readonly rows: GraphTensor;
  /** Rows with what an image adds to the first layers behind them; null without such layers. */
  readonly wide: GraphTensor | null;
}

/** Token ids to rows; the engine also keeps room for ready-made embeddings. */
export function embed(context: GraphContext): Embedded {
  const { graph, facts, settings } = context;
  const tokens = graph.input(int32, settings.tokens);
  const wideWidth = facts.width * (1 + (facts.number('n_deepstack_layers') ?? 0));
  const ready = graph.input(float32, wideWidth, settings.tokens);
  const embedded = graph.getRows(context.needModelWeight('token_embd.weight'), tokens);
  const wide = wideWidth > facts.width ? graph.result([wideWidth, settings.tokens, 1, 1], [embedded]) : null;
  graph.expand(wide ?? embedded);
  graph.expand(ready);
  const rows = wide ? graph.view(wide, [facts.width, settings.tokens, 1, 1], [wide.b1, wide.b2, wide.b3]) : embedded;
  return { rows: facts.architecture.features.includes('scaled-embedding') ? graph.inplace(rows) : rows, wide };
}

export function buildLogits(context: GraphContext, input: GraphTensor): void {
  const { graph, facts } = context;
  const { features } = facts.architecture;
  let logits = graph.mulMat(outputMatrix(context), input);
  if (features.includes('scaled-logits')) logits = graph.inplace(logits);
  if (features.includes('capped-logits') || facts.number('final_logit_softcapping'))
    for (let step = 0; step < 3; step += 1) logits = graph.inplace(logits);
  const bias = context.modelWeight('output.bias');
  if (bias) logits = graph.inplace(logits, bias);
  logits.isOutput = true;
  graph.expand(logits);
}

function outputMatrix(context: GraphContext): GraphTensor {
  return context.modelWeight('output.weight') ?? context.tiedOutput();
}
