import { getLlama, LlamaChatSession, type LlamaContextSequence, LlamaLogLevel } from 'node-llama-cpp';
import { fixedChunkEnds } from '#main/runner/prefill.ts';

const leastBeginning = 16;

/** What `bench/matrix.ts` asks of this process. */
export type PeerQuestion =
  | { readonly kind: 'load'; readonly path: string; readonly contextTokens: number }
  | { readonly kind: 'fresh' | 'session'; readonly items: readonly PeerItem[]; readonly maxTokens: number };

export interface PeerItem {
  readonly system: string | null;
  readonly input: string;
}

export interface PeerAnswer {
  readonly elapsedMs: number;
  readonly outputs: readonly string[];
}

/**
 * The two ways that our matrix is held against, in node-llama-cpp's own calls, one thread, without messages, grading or a journal: one fresh
 * request after the other on the low-level path, and a new chat session an item.
 */
let sequence: LlamaContextSequence | null = null;

async function load({ path, contextTokens }: Extract<PeerQuestion, { kind: 'load' }>): Promise<void> {
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: 1 });
  const model = await llama.loadModel({
    modelPath: path,
    useMmap: false,
    ignoreMemorySafetyChecks: true,
    defaultContextFlashAttention: true,
  });
  const context = await model.createContext({ contextSize: contextTokens, batchSize: 128, threads: 1, ignoreMemorySafetyChecks: true });
  sequence = context.getSequence();
}

async function answerFresh({ system, input }: PeerItem, maxTokens: number): Promise<string> {
  if (sequence === null) throw new Error('load a model first');
  const head = system === null ? '' : `<|im_start|>system\n${system}<|im_end|>\n`;
  const { model } = sequence;
  await sequence.clearHistory();
  const tokens = model.tokenize(`${head}<|im_start|>user\n${input}<|im_end|>\n<|im_start|>assistant\n`, true);
  // In the very parts that ours evaluates it in: another split of the prompt may tip a near tie.
  const beginning = model.tokenize(`${head}<|im_start|>user\n`, true).length;
  let at = 0;
  for (const end of fixedChunkEnds(tokens.length, beginning < leastBeginning ? 0 : beginning)) {
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, end));
    at = end;
  }
  const made = [];
  for await (const token of sequence.evaluate(tokens.slice(at), { temperature: 0 })) {
    made.push(token);
    if (made.length === maxTokens) break;
  }
  return model.detokenize(made);
}

async function answerInSession({ system, input }: PeerItem, maxTokens: number): Promise<string> {
  if (sequence === null) throw new Error('load a model first');
  await sequence.clearHistory();
  const session = new LlamaChatSession({ contextSequence: sequence, ...(system === null ? {} : { systemPrompt: system }) });
  const text = await session.prompt(input, { temperature: 0, maxTokens });
  session.dispose({ disposeSequence: false });
  return text;
}

async function answerAll({ kind, items, maxTokens }: Exclude<PeerQuestion, { kind: 'load' }>): Promise<PeerAnswer> {
  const outputs: string[] = [];
  const startedAt = performance.now();
  for (const item of items) outputs.push(await (kind === 'fresh' ? answerFresh : answerInSession)(item, maxTokens));
  return { elapsedMs: performance.now() - startedAt, outputs };
}

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (question: PeerQuestion) => {
  void (question.kind === 'load' ? load(question) : answerAll(question)).then((answer) => process.send?.(answer ?? null));
});
