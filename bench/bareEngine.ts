import { getLlama, type LlamaContextSequence, LlamaLogLevel } from 'node-llama-cpp';

/** What `bench/engine.ts` asks of this process. */
export type BareQuestion =
  | { readonly kind: 'load'; readonly path: string; readonly contextTokens: number; readonly threads: number; readonly batchTokens: number }
  | { readonly kind: 'run'; readonly prompt: string; readonly tokens: number; readonly temperature: number; readonly seed: number };

export interface BareTimes {
  readonly promptTokens: number;
  readonly promptMs: number;
  readonly generatedTokens: number;
  readonly generationMs: number;
}

/**
 * The yardstick: node-llama-cpp's low-level calls and nothing around them. Its clock runs inside this process and
 * leaves out rendering, tokenising, decoding and every message.
 */
let sequence: LlamaContextSequence | null = null;

async function load(question: Extract<BareQuestion, { kind: 'load' }>): Promise<void> {
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: question.threads });
  const model = await llama.loadModel({
    modelPath: question.path,
    useMmap: false,
    ignoreMemorySafetyChecks: true,
    defaultContextFlashAttention: true,
  });
  const context = await model.createContext({
    contextSize: question.contextTokens,
    batchSize: question.batchTokens,
    threads: question.threads,
    ignoreMemorySafetyChecks: true,
  });
  sequence = context.getSequence();
}

async function run(question: Extract<BareQuestion, { kind: 'run' }>): Promise<BareTimes> {
  if (sequence === null) throw new Error('load a model first');
  const tokens = sequence.model.tokenize(question.prompt, true);
  await sequence.clearHistory();
  const { temperature, seed } = question;
  const options = temperature === 0 ? { temperature } : { temperature, seed, topK: 0, topP: 1, minP: 0 };
  const startedAt = performance.now();
  let firstAt = startedAt;
  let generatedTokens = 0;
  for await (const _token of sequence.evaluate(tokens, { ...options, yieldEogToken: true })) {
    generatedTokens += 1;
    if (generatedTokens === 1) firstAt = performance.now();
    if (generatedTokens === question.tokens) break;
  }
  return { promptTokens: tokens.length, promptMs: firstAt - startedAt, generatedTokens, generationMs: performance.now() - firstAt };
}

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (question: BareQuestion) => {
  void (question.kind === 'load' ? load(question) : run(question)).then((times) => process.send?.(times ?? null));
});
