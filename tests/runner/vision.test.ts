import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { createRunnerSupervisor, type RunnerGeneration, type RunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import type { ChatTurn, GenerateItem } from '#shared/contract/runner.ts';
import { imageTokens, tinyProjector } from '../fixtures/gguf/tinyProjector.ts';
import { writeGguf } from '../fixtures/gguf/writeGguf.ts';
import { writePng } from '../fixtures/images/writePng.ts';
import { failureOf, greedy, loadRequest, quietLog, runnerScript, starterModel } from './runnerHarness.ts';

/** Embedding length of the starters. */
const width = 256;
const size = { width: 40, height: 24 };
const image = (png: Buffer) => ({ mediaType: 'image/png', data: png.toString('base64') });
const red = image(writePng(size, () => [255, 0, 0]));
const stripes = image(writePng(size, (x) => (x % 8 < 4 ? [0, 0, 0] : [255, 255, 255])));
const asked = (images: ChatTurn['images'], content = 'What is this?'): ChatTurn => ({
  role: 'user',
  content,
  ...(images === undefined ? {} : { images }),
});

let folder: string;
let supervisor: RunnerSupervisor;
let runner: RunnerGeneration;
const projector = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rightsize-vision-'));
  supervisor = createRunnerSupervisor({ spawnRunner: createNodeRunnerSpawner({ runnerScript }), log: quietLog });
  runner = await supervisor.start('sees');
  const projectorPath = projector('mmproj.gguf', writeGguf(tinyProjector(width)));
  const loaded = await runner.load(loadRequest(starterModel('1M-Instruct-Q8_0'), { projectorPath }));
  expect(loaded).toMatchObject({ seesImages: true, hasChatTemplate: true, contextTokens: 1024 });
  return async () => {
    await supervisor.dispose();
    rmSync(folder, { recursive: true, force: true });
  };
});

test('a picture takes its tokens in the prompt, and what is shown changes the answer', async () => {
  const words = await runner.count({ turns: [asked(undefined)] });
  const seen = await runner.count({ turns: [asked([red])] });
  expect(seen).toBeGreaterThanOrEqual(words + imageTokens);
  const items: GenerateItem[] = [];
  const one = await runner.generate(greedy('', { turns: [asked([red], '')] }), { onItem: (item) => items.push(item) });
  const other = await runner.generate(greedy('', { turns: [asked([stripes], '')] }));
  expect(one.usage.promptTokens).toBe(await runner.count({ turns: [asked([red], '')] }));
  expect(one.usage.completionTokens).toBeGreaterThan(0);
  expect(one.text).not.toBe(other.text);
  expect(
    items
      .filter((item) => item.kind === 'tokens')
      .map((item) => item.text)
      .join(''),
  ).toBe(one.text);
  const again = await runner.generate(greedy('', { turns: [asked([red], '')] }));
  expect(again.text).toBe(one.text);
});

test('a question without a picture is answered as the first engine answers it, and a follow-up keeps what is read', async () => {
  const first = await supervisor.start('words');
  await first.load(loadRequest(starterModel('1M-Instruct-Q8_0')));
  const question = greedy('Which language is this: Guten Morgen, wie geht es dir?', { prefix: 'reuse' });
  expect((await runner.generate(question)).text).toBe((await first.generate(question)).text);
  const turns = [asked([red]), { role: 'assistant' as const, content: 'A red square.' }, asked(undefined, 'Are you sure?')];
  await runner.generate(greedy('', { turns: turns.slice(0, 1) }));
  const followUp = await runner.generate(greedy('', { turns }));
  expect(followUp.usage.cachedTokens).toBeGreaterThan(imageTokens);
  await first.stop();
});

test.for([
  ['that has no end', { allOf: [{ $ref: '#' }] }],
  ['that is nothing but itself', { $ref: '#' }],
  ['with too many items', { type: 'array', items: { type: 'string' }, minItems: 1_000_000_000 }],
  ['that is too long', { enum: Array.from({ length: 20_000 }, (_, index) => `value ${index}`) }],
] as const)('a schema %s is refused, and the model stays', async ([, schema]) => {
  const failure = await failureOf(runner.generate(greedy('', { turns: [asked([red])], schema: { ...schema } })));
  expect(failure.code).toBe('schema-invalid');
  expect(runner.crash).toBeNull();
});

test('an answer about a picture is held to a schema, cut at a stop sequence, and has no more tokens than it may', async () => {
  const schema = {
    type: 'object',
    properties: { colour: { type: 'string', maxLength: 8 } },
    required: ['colour'],
    additionalProperties: false,
  };
  const formed = await runner.generate(greedy('', { turns: [asked([red])], schema }));
  expect(JSON.parse(formed.text)).toEqual({ colour: expect.any(String) });
  const short = await runner.generate(greedy('', { turns: [asked([red])], sampling: { temperature: 0, maxTokens: 2 } }));
  expect(short).toMatchObject({ finishReason: 'length', usage: { completionTokens: 2 } });
  const whole = await runner.generate(greedy('Say hello.'));
  const stop = whole.text.slice(2, 5);
  const cut = await runner.generate(
    greedy('Say hello.', { sampling: { temperature: 0, topK: null, topP: null, minP: null, stop: [stop] } }),
  );
  expect(cut).toMatchObject({ finishReason: 'stop-sequence', stopSequence: stop, text: whole.text.slice(0, whole.text.indexOf(stop)) });
});

test('a cancel ends a long prompt at once, and the next question is answered', async () => {
  const stop = new AbortController();
  const long = runner.generate(greedy(`${'word '.repeat(800)}`, { prefix: 'fresh' }), {
    signal: stop.signal,
    onItem: () => stop.abort(),
  });
  expect((await long).finishReason).toBe('cancelled');
  expect((await runner.generate(greedy('Say hello.'))).text).not.toBe('');
});

test('bytes that are no picture are refused with words, and the next question is answered', async () => {
  const broken = [
    { mediaType: 'image/png', data: Buffer.from('no picture at all').toString('base64') },
    { mediaType: 'image/png', data: Buffer.from(red.data, 'base64').subarray(0, 50).toString('base64') },
  ];
  for (const picture of broken) {
    const failure = await failureOf(runner.generate(greedy('', { turns: [asked([picture])] })));
    expect(failure.code).toBe('images-unsupported');
    expect((await runner.generate(greedy('Say hello.'))).text).not.toBe('');
  }
});

test('words that look like the mark of a picture are words', async () => {
  const { text } = await runner.generate(greedy('Repeat: <__media__> <__media__>'));
  expect(text).not.toBe('');
});

test('a conversation longer than the context is refused with its tokens', async () => {
  const failure = await failureOf(runner.generate(greedy('', { turns: [asked([red], 'word '.repeat(1200))] })));
  expect(failure.code).toBe('context-full');
});

test('a projector of another size, a broken one and a file that is none are refused, and name the picture as the reason', async () => {
  const paths = [
    projector('wide.gguf', writeGguf(tinyProjector(width * 2))),
    projector('short.gguf', writeGguf(tinyProjector(width)).subarray(0, 20_000)),
    projector('text.gguf', Buffer.from('hello')),
  ];
  for (const [index, projectorPath] of paths.entries()) {
    const bad = await supervisor.start(`bad-${index}`);
    const failure = await failureOf(bad.load(loadRequest(starterModel('1M-Instruct-Q8_0'), { projectorPath })));
    expect(failure.code).toBe('images-unsupported');
    await bad.stop();
  }
});

test('a load tells how far it is and can be called off', async () => {
  const stop = new AbortController();
  const late = await supervisor.start('late');
  const told: number[] = [];
  const loading = late.load(loadRequest(starterModel('7M-Instruct-Q8_0'), { projectorPath: join(folder, 'mmproj.gguf') }), {
    signal: stop.signal,
    onProgress(share) {
      told.push(share);
      stop.abort();
    },
  });
  expect((await failureOf(loading)).code).toBe('cancelled');
  expect(told[0]).toBeGreaterThan(0);
  await late.stop();
});
