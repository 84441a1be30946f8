import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { createRunnerSupervisor, type RunnerGeneration } from '#main/supervisor/runnerSupervisor.ts';
import type { TokenLogprob } from '#shared/contract/runner.ts';
import { writeCallingModel } from '../fixtures/gguf/callingModel.ts';
import { writeThinkingModel } from '../fixtures/gguf/thinkingModel.ts';
import { failureOf, greedy, loadRequest, quietLog, runnerScript } from './runnerHarness.ts';

const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'], additionalProperties: false } as const;
const tools = ['calculator', 'clock'].map((name) => ({
  name,
  description: `A ${name}.`,
  parameters: { type: 'object', properties: { precise: { type: 'boolean' } }, additionalProperties: false },
}));
const asked = { role: 'user' as const, content: 'Seven?' };

let thinking: RunnerGeneration;
let calling: RunnerGeneration;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rightsize-forced-'));
  const supervisor = createRunnerSupervisor({ spawnRunner: createNodeRunnerSpawner({ runnerScript }), log: quietLog });
  [thinking, calling] = await Promise.all([supervisor.start('thinking'), supervisor.start('calling')]);
  await thinking.load(loadRequest(writeThinkingModel(join(folder, 'thinking.gguf')), { sequences: 3 }));
  await calling.load(loadRequest(writeCallingModel(join(folder, 'calling.gguf'))));
  return async () => {
    await supervisor.dispose();
    rmSync(folder, { recursive: true, force: true });
  };
});

describe('a model that thinks', () => {
  test('thinks freely before an answer that is held to a schema', async () => {
    const result = await thinking.generate(greedy('', { turns: [asked], schema }));
    expect(result.reasoning).toBe('Let me see. Seven, then.');
    expect(Object.keys(JSON.parse(result.text))).toEqual(['ok']);
    expect(result.finishReason).toBe('stop');
  });

  test('is held to the schema at once where it was told not to think', async () => {
    const result = await thinking.generate(greedy('', { turns: [asked], schema, thinking: 'off' }));
    expect(result.reasoning).toBeNull();
    expect(Object.keys(JSON.parse(result.text))).toEqual(['ok']);
  });

  test('goes on where it was cut, in its answer or in its reasoning, and tells only what is new', async () => {
    const whole = await thinking.generate(greedy('', { turns: [asked], sampling: { temperature: 0, maxTokens: 5 } }));
    expect([whole.reasoning, whole.text, whole.finishReason]).toEqual(['Let me see. Seven, then.', 'The answer', 'length']);
    const turn = { role: 'assistant' as const, content: whole.text, reasoning: whole.reasoning ?? '' };
    const rest = await thinking.generate(greedy('', { turns: [asked, turn], continues: true, prefix: 'reuse' }));
    expect([rest.text, rest.reasoning, rest.finishReason]).toEqual([' is seven.', null, 'stop']);
    const cut = { role: 'assistant' as const, content: '', reasoning: 'Let me see.' };
    const thought = await thinking.generate(greedy('', { turns: [asked, cut], continues: true }));
    expect([thought.reasoning, thought.text]).toEqual([' Seven, then.', 'The answer is seven.']);
  });

  test('is brought to its answer by the tokens of its mark once it has thought for as long as it may, also under a schema', async () => {
    const free = await thinking.generate(greedy('', { turns: [asked], thinkingTokens: 50 }));
    expect([free.reasoning, free.text, free.reasoningTokens]).toEqual(['Let me see. Seven, then.', 'The answer is seven.', 4]);
    const short = await thinking.generate(greedy('', { turns: [asked], thinkingTokens: 2 }));
    expect([short.reasoning, short.text, short.finishReason]).toEqual(['Let me see.', 'The answer is seven.', 'stop']);
    // Its two marks, what it thought, and the line feed before the closing one.
    expect(short.reasoningTokens).toBe(4);
    const held = await thinking.generate(greedy('', { turns: [asked], thinkingTokens: 1, schema }));
    expect([held.reasoning, Object.keys(JSON.parse(held.text))]).toEqual(['', ['ok']]);
    const cut = { role: 'assistant' as const, content: '', reasoning: 'Let me see.' };
    const resumed = await thinking.generate(greedy('', { turns: [asked, cut], continues: true, thinkingTokens: 1 }));
    expect([resumed.reasoning, resumed.text]).toEqual([' Seven, then.', 'The answer is seven.']);
  });

  test('says what its biases leave, and refuses numbers that are no tokens of it, and those that end an answer', async () => {
    const [seven] = await thinking.tokenise(' Seven, then.');
    const [see] = await thinking.tokenise('Let me see.');
    const [end] = await thinking.tokenise('<|im_end|>');
    if (seven === undefined || see === undefined || end === undefined) throw new Error('The tokens are not there.');
    const wish = { turns: [asked], thinking: 'off' as const };
    const logitBias: [number, number][] = [
      [see, 100],
      [seven, -100],
    ];
    const swayed = await thinking.generate(greedy('', { ...wish, logitBias, sampling: { temperature: 0, maxTokens: 4 } }));
    expect(swayed.reasoning ?? swayed.text).toMatch(/^(Let me see\.)+$/);
    for (const token of [9_999_999, end]) {
      const error = await failureOf(thinking.generate(greedy('', { ...wish, logitBias: [[token, 1]] })));
      expect([token, error.code]).toEqual([token, 'bad-input']);
    }
  });

  test('does not go on where there is no answer to go on with', async () => {
    expect((await failureOf(thinking.generate(greedy('', { turns: [asked], continues: true })))).code).toBe('bad-input');
  });

  test('goes on under a schema from what is there of it, or says that this does not follow it', async () => {
    const begun = (content: string) => [asked, { role: 'assistant' as const, content, reasoning: 'Let me see.' }];
    const rest = await thinking.generate(greedy('', { turns: begun('{"ok": t'), continues: true, schema }));
    expect(rest.text).toMatch(/^rue\s*\}$/);
    expect((await failureOf(thinking.generate(greedy('', { turns: begun('{"no'), continues: true, schema })))).code).toBe('schema-invalid');
  });
});

describe('a model that must call a tool', () => {
  test('calls one of those it was offered, or the one that is named, with arguments after its schema', async () => {
    const any = await calling.generate(greedy('', { turns: [asked], tools, toolChoice: 'required' }));
    expect([any.toolCalls?.length, any.toolProblem, any.text]).toEqual([1, null, '']);
    const named = await calling.generate(greedy('', { turns: [asked], tools, toolChoice: { name: 'clock' } }));
    expect(named.toolCalls).toEqual([{ name: 'clock', arguments: { precise: expect.any(Boolean) } }]);
    expect(named.finishReason).toBe('stop');
  });

  test('is refused a tool that was not offered', async () => {
    const failure = await failureOf(calling.generate(greedy('', { turns: [asked], tools, toolChoice: { name: 'oven' } })));
    expect([failure.code, failure.message]).toEqual(['bad-input', expect.stringContaining('oven')]);
  });
});

test('a prompt that goes through no template is completed as it is', async () => {
  const result = await thinking.generate(greedy('', { turns: [], raw: 'The answer' }));
  expect([result.text, result.usage.promptTokens]).toEqual([' is seven.', 1]);
});

test('each token says how likely it was and what was likely in its place, as logarithms', async () => {
  const result = await thinking.generate(greedy('', { turns: [asked], logprobs: 3 }));
  expect(result.logprobs?.map(({ token }) => token)).toEqual(['The answer', ' is seven.']);
  for (const { token, logprob, top } of result.logprobs ?? []) {
    expect(top).toHaveLength(3);
    expect(top[0]).toEqual({ token, logprob });
    expect(logprob).toBeLessThanOrEqual(0);
    expect(logprob).toBeGreaterThan(top[1]?.logprob ?? 0);
  }
});

test('likelihoods are the model’s own, whatever sampling and a grammar leave of them', async () => {
  const told = async (sampling: object, more: object = {}): Promise<TokenLogprob[]> =>
    (await thinking.generate(greedy('', { turns: [asked], logprobs: 20, sampling: { temperature: 0, ...sampling }, ...more }))).logprobs ??
    [];
  const plain = await told({});
  expect(plain.every(({ logprob, top }) => logprob > -50 && top.every((one) => one.logprob > -50))).toBe(true);
  const narrow = await told({ temperature: 1, seed: 1, topK: 1, topP: 0.01 });
  expect(narrow.map(({ top }) => top.length)).toEqual(plain.map(() => 20));
  for (const [index, { logprob }] of narrow.entries()) expect(logprob).toBeCloseTo(plain[index]?.logprob ?? Number.NaN, 2);
  const [forced] = await told({ maxTokens: 1 }, { thinking: 'off', schema, continues: false });
  expect(forced?.logprob).toBeLessThan(forced?.top[0]?.logprob ?? -Infinity);
});

test('several who ask for likelihoods at once are told their own', async () => {
  const ask = async (): Promise<TokenLogprob[]> => (await thinking.generate(greedy('', { turns: [asked], logprobs: 2 }))).logprobs ?? [];
  const alone = await ask();
  for (const together of await Promise.all([ask(), ask(), ask()])) {
    expect(together.map(({ token }) => token)).toEqual(alone.map(({ token }) => token));
    for (const [index, { logprob }] of together.entries()) expect(logprob).toBeCloseTo(alone[index]?.logprob ?? Number.NaN, 2);
  }
});

test('the stop sequence that ended an answer is named', async () => {
  const stop = { temperature: 0, stop: ['nothing', 'is sev'] };
  const result = await thinking.generate(greedy('', { turns: [asked], sampling: stop }));
  expect([result.finishReason, result.stopSequence, result.text]).toEqual(['stop-sequence', 'is sev', 'The answer ']);
});

test('images are refused by a model that was loaded without a projector', async () => {
  const images = [{ mediaType: 'image/png', data: 'aGk=' }];
  const failure = await failureOf(thinking.generate(greedy('', { turns: [{ ...asked, images }] })));
  expect(failure.code).toBe('images-unsupported');
});
