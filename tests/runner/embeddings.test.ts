import { getLlama } from 'node-llama-cpp';
import { beforeAll, describe, expect, test } from 'vitest';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { createRunnerSupervisor, type RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import { failureOf, greedy, loadRequest, quietLog, runnerScript, starterModel } from './runnerHarness.ts';

const path = starterModel('3M-Instruct-Q4_K_M');
let runner: RunnerGeneration;

beforeAll(async () => {
  const supervisor = createRunnerSupervisor({ spawnRunner: createNodeRunnerSpawner({ runnerScript }), log: quietLog });
  runner = await supervisor.start('3M');
  await runner.load(loadRequest(path));
  return () => supervisor.dispose();
});

const lengthOf = (vector: readonly number[]): number => Math.hypot(...vector);
const cosine = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

describe('texts become vectors', () => {
  test("that point where the binding's own do, each of length 1, and their tokens are counted", async () => {
    // Longer than one batch, and than the first context that is made.
    const texts = ['What is a token?', 'word '.repeat(600), 'Hello'];
    const { vectors, promptTokens } = await runner.embed({ texts });
    const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, progressLogs: false, maxThreads: 1 });
    const model = await llama.loadModel({ modelPath: path });
    const context = await model.createEmbeddingContext({ contextSize: 1024, threads: 1 });
    let tokens = 0;
    for (const [index, text] of texts.entries()) {
      const expected = (await context.getEmbeddingFor(model.tokenize(text, true))).vector;
      const vector = vectors[index] ?? [];
      expect(vector).toHaveLength(expected.length);
      expect(lengthOf(vector)).toBeCloseTo(1, 6);
      expect(cosine(vector, expected) / lengthOf(expected)).toBeCloseTo(1, 3);
      tokens += context.calculateInputLength(model.tokenize(text, true));
    }
    expect(promptTokens).toBe(tokens);
    await llama.dispose();
  });

  test('while the same model answers', async () => {
    const alone = await runner.generate(greedy('What is a token?'));
    const [answer, embedded] = await Promise.all([
      runner.generate(greedy('What is a token?', { prefix: 'fresh' })),
      runner.embed({ texts: ['one', 'two'] }),
    ]);
    expect(answer.text).toBe(alone.text);
    expect(embedded.vectors).toHaveLength(2);
  });

  test('but none that is longer than the context: that is said, with both numbers', async () => {
    const error = await failureOf(runner.embed({ texts: ['short', 'word '.repeat(3000)] }));
    expect(error.code).toBe('context-full');
    expect(error.message).toMatch(/^Text 2 has \d+ tokens/);
    expect((await runner.embed({ texts: ['short'] })).vectors).toHaveLength(1);
  });

  test('until the caller gives up', async () => {
    const stop = new AbortController();
    const many = runner.embed({ texts: Array.from({ length: 2000 }, () => 'word '.repeat(500)) }, { signal: stop.signal });
    stop.abort();
    expect((await failureOf(many)).code).toBe('cancelled');
    expect((await runner.embed({ texts: ['still there'] })).vectors).toHaveLength(1);
  });
});

describe('counting', () => {
  test('gives what the same question is charged, template and all; a raw prompt goes through none', async () => {
    const turns = [
      { role: 'system' as const, content: 'You are brief.' },
      { role: 'user' as const, content: 'What is a token?' },
    ];
    const answer = await runner.generate(greedy('', { turns }));
    expect(await runner.count({ turns })).toBe(answer.usage.promptTokens);
    const raw = await runner.count({ turns: [], raw: 'What is a token?' });
    expect(raw).toBeGreaterThan(2);
    expect(raw).toBeLessThan(answer.usage.promptTokens - 4);
  });
});
