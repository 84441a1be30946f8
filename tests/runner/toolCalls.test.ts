import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { createRunnerSupervisor, type RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import type { LoadResult } from '#shared/contract/runner.ts';
import { writeCallingModel } from '../fixtures/gguf/callingModel.ts';
import { failureOf, greedy, loadRequest, quietLog, runnerScript, starterModel } from './runnerHarness.ts';

const tools = [
  {
    name: 'calculator',
    description: 'Calculates.',
    parameters: { type: 'object', properties: { operation: { type: 'string' }, a: { type: 'number' }, b: { type: 'number' } } },
  },
];
const call = { name: 'calculator', arguments: { operation: 'multiply', a: 125, b: 47 } };
const question = { role: 'user' as const, content: 'What is 125 times 47?' };

let runner: RunnerGeneration;
let loaded: LoadResult;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rightsize-calls-'));
  const supervisor = createRunnerSupervisor({ spawnRunner: createNodeRunnerSpawner({ runnerScript }), log: quietLog });
  runner = await supervisor.start('calling');
  loaded = await runner.load(loadRequest(writeCallingModel(join(folder, 'calling.gguf')), { contextTokens: 4096 }));
  return async () => {
    await supervisor.dispose();
    rmSync(folder, { recursive: true, force: true });
  };
});

describe('a model that was offered tools', () => {
  test('is known to understand them', () => {
    expect(loaded).toMatchObject({ hasChatTemplate: true, knowsTools: true, knowsThinking: false });
  });

  test('calls one, its marks seen though they are hidden in plain text', async () => {
    const result = await runner.generate(greedy('', { turns: [question], tools }));
    expect(result).toMatchObject({ text: '', toolCalls: [call], toolProblem: null, finishReason: 'stop', usage: { completionTokens: 5 } });
    expect(result.timings.ttfaMs).toBe(result.timings.ttftMs);
  });

  test('answers when the tool has told it', async () => {
    const turns = [
      question,
      { role: 'assistant' as const, content: '', toolCalls: [call] },
      { role: 'tool' as const, content: '5875', toolName: 'calculator' },
    ];
    expect(await runner.generate(greedy('', { turns, tools }))).toMatchObject({ text: 'It is 5875.', toolCalls: [], toolProblem: null });
  });

  test('answers without calls where a schema binds it', async () => {
    const schema = { type: 'object', properties: { sum: { type: 'integer' } } } as const;
    const result = await runner.generate(greedy('', { turns: [question], tools, schema }));
    expect(result.toolCalls).toBeUndefined();
    expect(result.text).toMatch(/^\{/);
  });
});

test('a model that was offered none answers as before, without a word of calls', async () => {
  const result = await runner.generate(greedy('', { turns: [question] }));
  expect(result).toMatchObject({ text: 'I cannot know.' });
  expect(result).not.toHaveProperty('toolCalls');
});

test('a model with a template of its own for tools uses it for those alone', async () => {
  const supervisor = createRunnerSupervisor({ spawnRunner: createNodeRunnerSpawner({ runnerScript }), log: quietLog });
  const folder = mkdtempSync(join(tmpdir(), 'rightsize-calls-'));
  try {
    const path = writeCallingModel(join(folder, 'calling.gguf'), {
      plainTemplate: '{% for m in messages %}{{ m.content }}{% endfor %}<|plain|>',
    });
    const both = await supervisor.start('both');
    expect(await both.load(loadRequest(path, { contextTokens: 4096 }))).toMatchObject({ knowsTools: true });
    expect(await both.generate(greedy('', { turns: [question], tools }))).toMatchObject({ toolCalls: [call] });
    const plain = await both.generate(greedy('', { turns: [question] }));
    expect(plain).toMatchObject({ text: 'I cannot know.' });
    expect(plain.promptSha256).toBe(createHash('sha256').update(`${question.content}<|plain|>`).digest('hex'));
  } finally {
    await supervisor.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a model whose template knows no tools refuses to be offered some', async () => {
  const supervisor = createRunnerSupervisor({ spawnRunner: createNodeRunnerSpawner({ runnerScript }), log: quietLog });
  try {
    const starter = await supervisor.start('starter');
    expect(await starter.load(loadRequest(starterModel('1M-Instruct-Q4_K_M')))).toMatchObject({ knowsTools: false, knowsThinking: false });
    const failure = await failureOf(starter.generate(greedy('Hi', { tools })));
    expect(failure.code).toBe('tools-unsupported');
    expect((await starter.generate(greedy('Hi'))).text.length).toBeGreaterThan(0);
  } finally {
    await supervisor.dispose();
  }
});
