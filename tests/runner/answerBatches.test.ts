import { type BatchItem, getLlama, type LlamaContext, LlamaLogLevel, type Token } from 'node-llama-cpp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAnswerBatches, shareOut } from '#main/runner/answerBatches.ts';
import { starterModel } from './runnerHarness.ts';

/** Asks for the token after its last one. */
const itemOf = (tokens: number): BatchItem => ({
  tokens: Array.from({ length: tokens }, () => 1 as Token),
  logits: Array.from({ length: tokens }, (_, index) => (index === tokens - 1 ? true : undefined)),
  evaluationPriority: 5,
});

describe('a batch', () => {
  it('is shared out evenly, and what short ones leave goes to the long ones', () => {
    const amounts = (sizes: readonly number[], size: number): readonly number[] =>
      sizes.map((_, index) => {
        const items = sizes.map(itemOf);
        return shareOut(items, size).find(({ item }) => item === items[index])?.processAmount ?? Number.NaN;
      });
    expect(amounts([1, 500, 1], 128)).toEqual([1, 126, 1]);
    expect(amounts([500, 500], 128)).toEqual([64, 64]);
    expect(amounts([500, 20, 500], 128)).toEqual([54, 20, 54]);
    expect(amounts([1, 1, 1], 2).reduce((sum, amount) => sum + amount, 0)).toBe(2);
  });

  it('waits a little for answers that have not asked yet, and never for good', () => {
    const batches = createAnswerBatches();
    using _one = batches.join();
    const choose = batches.options.itemPrioritizationStrategy;
    if (typeof choose !== 'function') throw new Error('expected a function');
    const items = [itemOf(1)];
    expect(choose({ items, size: 128 })).toHaveLength(1);
    {
      using _other = batches.join();
      expect(choose({ items, size: 128 })).toEqual([]);
      expect(choose({ items: [...items, itemOf(1)], size: 128 })).toHaveLength(2);
      let looks = 1;
      while (choose({ items, size: 128 }).length === 0 && looks < 10_000) looks += 1;
      expect(looks).toBeLessThan(100);
    }
    expect(choose({ items, size: 128 })).toHaveLength(1);
  });
});

describe('answers of one context', () => {
  let context: LlamaContext;
  let sequences: ReturnType<LlamaContext['getSequence']>[] = [];
  const batches = createAnswerBatches();
  /** How many sequences each step evaluated. */
  let steps: number[] = [];
  /** How many of them asked for a token. */
  let asking: number[] = [];

  beforeAll(async () => {
    const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: 1 });
    const model = await llama.loadModel({ modelPath: starterModel('1M-Instruct-Q8_0'), useMmap: false });
    const choose = batches.options.itemPrioritizationStrategy;
    if (typeof choose !== 'function') throw new Error('expected a function');
    context = await model.createContext({
      contextSize: 256,
      sequences: 3,
      batchSize: 16,
      threads: 1,
      batching: {
        ...batches.options,
        itemPrioritizationStrategy: (asked) => {
          const chosen = choose(asked);
          if (chosen.length > 0) {
            steps.push(chosen.length);
            asking.push(chosen.filter(({ item }) => item.logits.at(-1) === true).length);
          }
          return chosen;
        },
      },
    });
    sequences = Array.from({ length: 3 }, () => context.getSequence());
  });
  beforeEach(async () => {
    for (const sequence of sequences) await sequence.clearHistory();
    steps = [];
    asking = [];
  });
  afterAll(async () => {
    await context.model.dispose();
  });

  async function answer(sequence: ReturnType<LlamaContext['getSequence']>, count: number): Promise<void> {
    using _answering = batches.join();
    const asked = sequence.evaluate(context.model.tokenize('Hello there', true), { temperature: 0, yieldEogToken: true });
    for (let made = 0; made < count; made++) await asked.next();
    await asked.return();
  }

  it('make their tokens in the same steps', async () => {
    for (const count of [1, 2, 3]) {
      for (const sequence of sequences) await sequence.clearHistory();
      steps = [];
      await Promise.all(sequences.slice(0, count).map((sequence) => answer(sequence, 40)));
      const together = steps.filter((size) => size === count).length;
      expect({ count, together: together >= 36, steps: steps.length <= 48 }).toEqual({ count, together: true, steps: true });
    }
  });

  it('stay together while the prompt of another is read', async () => {
    const [first, second, third] = sequences;
    if (first === undefined || second === undefined || third === undefined) throw new Error('expected three sequences');
    const prompt = Array.from({ length: 240 }, () => context.model.tokens.bos ?? (1 as Token));
    await Promise.all([answer(first, 40), answer(second, 40), third.evaluateWithoutGeneratingNewTokens(prompt)]);
    const together = asking.filter((count) => count === 2).length;
    expect({ together: together >= 36, asking }).toEqual({ together: true, asking });
  });
});
