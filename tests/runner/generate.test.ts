import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { createRunnerSupervisor, type RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import type { GenerateItem } from '#shared/contract/runner.ts';
import { editGguf } from '../fixtures/gguf/editGguf.ts';
import { failureOf, greedy, loadRequest, quietLog, runnerScript, starterModel, startLoaded, temporaryFolder } from './runnerHarness.ts';

/** An answer of many tokens that no model can end early. */
const longSchema = { type: 'array', items: { type: 'integer' }, minItems: 400, maxItems: 400 } as const;
const anySampling = { temperature: 2.5, topK: null, topP: null, minP: null, maxTokens: 60 } as const;

let runner: RunnerGeneration;

beforeAll(async () => {
  const supervisor = createRunnerSupervisor({ spawnRunner: createNodeRunnerSpawner({ runnerScript }), log: quietLog });
  runner = await supervisor.start('7M');
  await runner.load(loadRequest(starterModel('7M-Instruct-Q8_0'), { contextTokens: 2048 }));
  return () => supervisor.dispose();
});

interface Item {
  readonly system: string | null;
  readonly input: string;
  readonly expected: string;
}
function suite(name: string): Item[] {
  const text = readFileSync(fileURLToPath(new URL(`../../resources/suites/${name}.jsonl`, import.meta.url)), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Item);
}
function turnsOf(item: Item): { role: 'system' | 'user'; content: string }[] {
  return [
    ...(item.system === null ? [] : [{ role: 'system' as const, content: item.system }]),
    { role: 'user' as const, content: item.input },
  ];
}

describe('greedy answers', () => {
  test('are right as often as the model is known to be', async () => {
    const items = suite('langid').slice(0, 40);
    let right = 0;
    for (const item of items) {
      const { text } = await runner.generate(greedy('', { turns: turnsOf(item) }));
      if (text.trim() === item.expected) right += 1;
    }
    // The whole set gives 94 %; rounding differs a little between processors.
    expect(right / items.length).toBeGreaterThan(0.8);
  });

  test('are the same with a kept prefix, a fresh context and after other prompts', async () => {
    const items = suite('summary').slice(0, 8);
    const first = [];
    for (const item of items) first.push(await runner.generate(greedy('', { turns: turnsOf(item) })));
    for (const [index, item] of items.entries()) {
      const again = await runner.generate(greedy('', { turns: turnsOf(item), prefix: index % 2 === 0 ? 'fixed' : 'fresh' }));
      expect(again.text).toBe(first[index]?.text);
      expect(again.promptSha256).toBe(first[index]?.promptSha256);
    }
  });
});

describe('a seed', () => {
  test('gives the same answer again, another seed another one', async () => {
    const ask = (seed: number) => runner.generate(greedy('Tell me about local models.', { sampling: { ...anySampling, seed } }));
    const first = await ask(7);
    expect((await ask(7)).text).toBe(first.text);
    const others = [await ask(8), await ask(9), await ask(10)];
    expect(others.some((other) => other.text !== first.text)).toBe(true);
    expect(first.seed).toBe(7);
  });

  test('left out is drawn and reported, so that the answer can be had again', async () => {
    const sampling = { ...anySampling, seed: null };
    const first = await runner.generate(greedy('Tell me about local models.', { sampling }));
    const second = await runner.generate(greedy('Tell me about local models.', { sampling }));
    expect(second.seed).not.toBe(first.seed);
    const again = await runner.generate(
      greedy('Tell me about local models.', { sampling: { ...anySampling, seed: first.seed }, prefix: 'fresh' }),
    );
    const once = await runner.generate(
      greedy('Tell me about local models.', { sampling: { ...anySampling, seed: first.seed }, prefix: 'fresh' }),
    );
    expect(again.text).toBe(once.text);
  });
});

describe('an answer', () => {
  test('comes in merged frames that add up to the text and its counts', async () => {
    const items: GenerateItem[] = [];
    const result = await runner.generate(greedy('Count.', { schema: longSchema, sampling: { ...anySampling, seed: 1, maxTokens: 300 } }), {
      onItem: (item) => items.push(item),
    });
    const frames = items.filter((item) => item.kind === 'tokens');
    expect(frames.map((frame) => frame.text).join('')).toBe(result.text);
    expect(result.finishReason).toBe('length');
    expect(result.usage.completionTokens).toBe(300);
    expect(result.interTokenMs).toHaveLength(299);
    const gaps = frames.slice(1).map((frame, index) => frame.atMs - (frames[index]?.atMs ?? 0));
    // The last frame closes the answer and waits for nothing.
    for (const gap of gaps.slice(0, -1)) expect(gap).toBeGreaterThanOrEqual(15.5);
  });

  test('stops before a stop sequence that crosses token borders', async () => {
    const whole = await runner.generate(greedy('Hello, who are you?'));
    expect(whole.finishReason).toBe('stop');
    const middle = Math.floor(whole.text.length / 2);
    const stop = whole.text.slice(middle, middle + 7);
    const result = await runner.generate(
      greedy('Hello, who are you?', { sampling: { ...anySampling, temperature: 0, maxTokens: 120, stop: [stop] } }),
    );
    expect(result.finishReason).toBe('stop-sequence');
    expect(result.text).toBe(whole.text.slice(0, whole.text.indexOf(stop)));
  });

  test('follows its JSON Schema whatever the model would rather say', async () => {
    const schema = {
      type: 'object',
      properties: {
        team: { enum: ['billing', 'technical'] },
        urgent: { type: 'boolean' },
        tags: { type: 'array', items: { type: 'string', maxLength: 12 }, maxItems: 2 },
      },
    };
    for (const seed of [1, 2, 3]) {
      const result = await runner.generate(greedy('My invoice is wrong.', { schema, sampling: { ...anySampling, seed, maxTokens: 400 } }));
      expect(result.finishReason).toBe('stop');
      const value = JSON.parse(result.text) as { team: string; urgent: boolean; tags: string[] };
      expect(['billing', 'technical']).toContain(value.team);
      expect(typeof value.urgent).toBe('boolean');
      expect(value.tags.length).toBeLessThanOrEqual(2);
    }
  });

  test.for([
    ['a type that does not exist', { type: 'colour' }],
    ['what a grammar cannot forbid', { not: { type: 'string' } }],
    ['more levels than are allowed', nested(200)],
    ['a length nobody can build', { type: 'string', minLength: 1_000_000_000 }],
    ['an enum that is no list', { enum: 'red' }],
    ['properties that are no schemas', { type: 'object', properties: { a: 5 } }],
  ] as const)('to a schema with %s fails with schema-invalid and the model stays', async ([, schema]) => {
    const failure = await failureOf(runner.generate(greedy('Hello', { schema: schema as Record<string, unknown> })));
    expect(failure.code).toBe('schema-invalid');
    expect((await runner.generate(greedy('Hello'))).text.length).toBeGreaterThan(0);
  });

  test('counts every prompt token once, cached or not', async () => {
    const turns = turnsOf(suite('summary')[0] as Item);
    const fresh = await runner.generate(greedy('', { turns, prefix: 'fresh' }));
    expect(fresh.usage.cachedTokens).toBe(0);
    const again = await runner.generate(greedy('', { turns, prefix: 'reuse' }));
    expect(again.usage.promptTokens).toBe(fresh.usage.promptTokens);
    expect(again.usage.cachedTokens).toBe(fresh.usage.promptTokens - 1);
    expect(again.timings.promptTokensPerSecond).toBeNull();
    expect(fresh.timings.promptTokensPerSecond).toBeGreaterThan(0);
  });

  test('to the next turn of a conversation evaluates only what is new', async () => {
    const question = { role: 'user' as const, content: 'Hello, who are you?' };
    const first = await runner.generate(greedy('', { turns: [question], prefix: 'fresh' }));
    const second = await runner.generate(
      greedy('', { turns: [question, { role: 'assistant', content: first.text }, { role: 'user', content: 'Thanks.' }], prefix: 'reuse' }),
    );
    expect(second.usage.cachedTokens).toBeGreaterThanOrEqual(first.usage.promptTokens);
  });

  test('to sampling that is not valid is refused and the model stays', async () => {
    const failure = await failureOf(runner.generate(greedy('Hello', { sampling: { temperature: Number.NaN } })));
    expect(failure.code).toBe('bad-input');
    expect((await runner.generate(greedy('Hello'))).finishReason).toBe('stop');
  });

  test('with every sampler on works', async () => {
    const sampling = { temperature: 0.8, topK: 20, topP: 0.9, minP: 0.05, repeatPenalty: 1.2, seed: 3, maxTokens: 40 };
    const result = await runner.generate(greedy('Tell me about local models.', { sampling, prefix: 'fresh' }));
    expect(result.text.length).toBeGreaterThan(0);
    expect((await runner.generate(greedy('Tell me about local models.', { sampling, prefix: 'fresh' }))).text).toBe(result.text);
  });
});

describe('cancelling', () => {
  test('in the middle of a prompt ends it between two chunks, and the model answers again', async () => {
    const controller = new AbortController();
    const cancelled = await runner.generate(greedy('word '.repeat(1_800)), {
      signal: controller.signal,
      onItem: (item) => item.kind === 'prompt' && controller.abort(),
    });
    expect(cancelled.finishReason).toBe('cancelled');
    expect(cancelled.usage.completionTokens).toBe(0);
    expect(cancelled.contextUsedTokens).toBeLessThan(cancelled.usage.promptTokens);
    expect((await runner.generate(greedy('Hello, who are you?'))).finishReason).toBe('stop');
  });

  test('in the middle of an answer keeps what there is, and the model answers again', async () => {
    const controller = new AbortController();
    let shown = '';
    const cancelled = await runner.generate(greedy('Count.', { schema: longSchema, sampling: { ...anySampling, maxTokens: null } }), {
      signal: controller.signal,
      onItem: (item) => {
        if (item.kind === 'tokens') shown += item.text;
        controller.abort();
      },
    });
    expect(cancelled.finishReason).toBe('cancelled');
    expect(cancelled.text.length).toBeGreaterThan(0);
    expect(cancelled.text.startsWith(shown)).toBe(true);
    expect((await runner.generate(greedy('Hello, who are you?'))).finishReason).toBe('stop');
  });
});

describe('a full context', () => {
  test('ends the answer with context-full and forgets nothing silently', async () => {
    const result = await runner.generate(
      greedy('word '.repeat(1_700), { schema: longSchema, sampling: { ...anySampling, maxTokens: null } }),
    );
    expect(result.finishReason).toBe('context-full');
    expect(result.contextUsedTokens).toBe(result.contextTokens - 1);
  });

  test('refuses a conversation that does not fit', async () => {
    const failure = await failureOf(runner.generate(greedy('word '.repeat(4_000))));
    expect(failure.code).toBe('context-full');
    expect(failure.data).toMatchObject({ roomTokens: 2047 });
  });

  test('drops the oldest turns but never the system prompt nor the last question when asked to', async () => {
    const older = Array.from({ length: 6 }, (_, index) => [
      { role: 'user' as const, content: `Question ${index}: ${'word '.repeat(500)}` },
      { role: 'assistant' as const, content: 'Fine.' },
    ]).flat();
    const last = { role: 'user' as const, content: 'Hello, who are you?' };
    const system = { role: 'system' as const, content: 'Be concise.' };
    const result = await runner.generate(greedy('', { turns: [system, ...older, last], overflow: 'drop-oldest' }));
    expect(result.droppedTurns).toBeGreaterThan(0);
    expect(result.droppedTurns % 2).toBe(0);
    const kept = await runner.generate(greedy('', { turns: [system, ...older.slice(result.droppedTurns), last] }));
    expect(kept.promptSha256).toBe(result.promptSha256);
    expect(kept.usage.promptTokens).toBe(result.usage.promptTokens);
  });

  test('refuses even so when the last question alone is too long', async () => {
    const turns = [
      { role: 'user' as const, content: 'Hi' },
      { role: 'assistant' as const, content: 'Hello.' },
      { role: 'user' as const, content: 'word '.repeat(4_000) },
    ];
    expect((await failureOf(runner.generate(greedy('', { turns, overflow: 'drop-oldest' })))).code).toBe('context-full');
  });
});

describe('a measurement', () => {
  test('evaluates exactly the tokens asked for', async () => {
    const prompt = await runner.measure({ promptTokens: 256, generatedTokens: 0, warmUp: true });
    const generation = await runner.measure({ promptTokens: 0, generatedTokens: 32, depthTokens: 128 });
    expect(prompt.tokensPerSecond * (prompt.elapsedMs / 1000)).toBeCloseTo(256, 6);
    expect(generation.tokensPerSecond * (generation.elapsedMs / 1000)).toBeCloseTo(32, 6);
    expect(prompt.residentBytes).toBeGreaterThan(10_000_000);
  });

  test('computes logits for each generated token and for no prompt token', async () => {
    const child = fork(fileURLToPath(new URL('./scripts/meterMeasure.ts', import.meta.url)), [starterModel('1M-Instruct-Q8_0')], {
      execArgv: [],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [counted] = await once(child, 'message');
    expect(counted).toEqual({ usedInputTokens: 200, usedOutputTokens: 17 });
  });

  test('that does not fit fails with context-full', async () => {
    expect((await failureOf(runner.measure({ promptTokens: 4_096, generatedTokens: 0 }))).code).toBe('context-full');
  });

  test('leaves an empty context behind', async () => {
    await runner.measure({ promptTokens: 64, generatedTokens: 0 });
    expect((await runner.generate(greedy('Hello', { prefix: 'reuse' }))).usage.cachedTokens).toBe(0);
  });
});

describe('memory', () => {
  test('has a peak that is no less than what is held now', async () => {
    const memory = await runner.memory();
    expect(memory.peakResidentBytes).toBeGreaterThanOrEqual(memory.residentBytes);
    expect(memory.vramBytes).toBeNull();
  });
});

describe('the template of the file', () => {
  const source = starterModel('1M-Instruct-Q4_K_M');
  const withTemplate = (template: string | null): string =>
    editGguf(source, join(temporaryFolder(), 'model.gguf'), {
      'tokenizer.chat_template': template === null ? null : { type: 'string', value: template },
    });

  test('that opens the reasoning itself makes the answer begin as reasoning', async () => {
    const generation = await startLoaded(withTemplate('{{ messages[0].content }}<think>\n'));
    const result = await generation.generate(greedy('Hello', { sampling: { ...anySampling, seed: 1, maxTokens: 10 } }));
    expect(result.text).toBe('');
    expect(result.reasoning?.length).toBeGreaterThan(0);
  });

  test('that never ends fails the answer, not the runner', async () => {
    const generation = await startLoaded(withTemplate('{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}'));
    expect((await failureOf(generation.generate(greedy('Hello')))).code).toBe('chat-template-failed');
    expect((await generation.measure({ promptTokens: 16, generatedTokens: 4 })).tokensPerSecond).toBeGreaterThan(0);
  });

  test('that is missing is said, and ChatML takes its place', async () => {
    const path = withTemplate(null);
    const generation = await startLoaded(path);
    const result = await generation.generate(greedy('Hello'));
    const asked = await runner.generate(greedy('Hello'));
    expect(result.promptSha256).toBe(asked.promptSha256);
    expect(result.finishReason).toBe('stop');
  });

  test('that gives the beginning-of-sequence token does not get a second one', async () => {
    const metadata = { 'tokenizer.ggml.add_bos_token': null, 'tokenizer.ggml.bos_token_id': { type: 'uint32', value: 1 } } as const;
    const folder = temporaryFolder();
    const plain = editGguf(source, join(folder, 'plain.gguf'), {
      ...metadata,
      'tokenizer.chat_template': { type: 'string', value: '{{ messages[0].content }}' },
    });
    const doubled = editGguf(source, join(folder, 'doubled.gguf'), {
      ...metadata,
      'tokenizer.chat_template': { type: 'string', value: '{{ bos_token }}{{ messages[0].content }}' },
    });
    const counts = [];
    for (const path of [plain, doubled]) {
      const generation = await startLoaded(path);
      counts.push((await generation.generate(greedy('Hello', { prefix: 'fresh' }))).usage.promptTokens);
    }
    expect(counts[1]).toBeGreaterThanOrEqual(counts[0] ?? 0);
    expect((counts[1] ?? 0) - (counts[0] ?? 0)).toBeLessThanOrEqual(1);
  });
});

function nested(depth: number): Record<string, unknown> {
  let schema: Record<string, unknown> = { type: 'string' };
  for (let level = 0; level < depth; level++) schema = { type: 'array', items: schema };
  return schema;
}
