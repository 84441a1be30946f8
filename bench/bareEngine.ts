import { getLlama, type LlamaContextSequence, LlamaLogLevel } from 'node-llama-cpp';

/** What `bench/engine.ts` and `bench/api.ts` ask of this process. */
export type BareQuestion =
  | {
      readonly kind: 'load';
      readonly path: string;
      readonly contextTokens: number;
      readonly threads: number;
      readonly batchTokens: number;
      readonly sequences?: number;
    }
  /** One prompt for each sequence, all at once. */
  | { readonly kind: 'runMany'; readonly prompts: readonly string[]; readonly tokens: number }
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
let sequences: readonly LlamaContextSequence[] = [];

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
    sequences: question.sequences ?? 1,
    ignoreMemorySafetyChecks: true,
  });
  sequences = Array.from({ length: question.sequences ?? 1 }, () => context.getSequence());
}

async function run(
  question: Omit<Extract<BareQuestion, { kind: 'run' }>, 'kind'>,
  sequence: LlamaContextSequence | undefined = sequences[0],
): Promise<BareTimes> {
  if (sequence === undefined) throw new Error('load a model first');
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

async function runMany({ prompts, tokens }: Extract<BareQuestion, { kind: 'runMany' }>): Promise<BareTimes> {
  const startedAt = performance.now();
  const all = await Promise.all(prompts.map((prompt, index) => run({ prompt, tokens, temperature: 0, seed: 1 }, sequences[index])));
  const sum = (of: 'promptTokens' | 'generatedTokens'): number => all.reduce((total, times) => total + times[of], 0);
  return {
    promptTokens: sum('promptTokens'),
    promptMs: 0,
    generatedTokens: sum('generatedTokens'),
    generationMs: performance.now() - startedAt,
  };
}

function answer(question: BareQuestion): Promise<BareTimes | undefined> {
  switch (question.kind) {
    case 'load':
      return load(question).then(() => undefined);
    case 'run':
      return run(question);
    case 'runMany':
      return runMany(question);
  }
}

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (question: BareQuestion) => {
  void answer(question).then((times) => process.send?.(times ?? null));
});
