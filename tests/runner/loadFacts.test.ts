import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseNvidiaUse } from '#main/runner/gpuMemoryInUse.ts';
import type { EngineShare } from '#shared/contract/fit.ts';
import type { LoadRequest, LoadResult } from '#shared/contract/runner.ts';
import { tinyLlama } from '../fixtures/gguf/tinyLlama.ts';
import { writeGguf } from '../fixtures/gguf/writeGguf.ts';
import { softwareGpu } from '../fixtures/softwareGpu.ts';
import { createSupervisor, failureOf, loadRequest, starterModel, temporaryFolder } from './runnerHarness.ts';

const model = starterModel('1M-Instruct-Q4_K_M');
const total = ({ weights, kvAndState, compute }: EngineShare): number => weights + kvAndState + compute;

async function load(changes: Partial<LoadRequest> = {}): Promise<LoadResult> {
  const generation = await createSupervisor().start('model');
  return await generation.load(loadRequest(model, changes));
}

function reservedOf(loaded: LoadResult): NonNullable<LoadResult['reserved']> {
  if (loaded.reserved === null) throw new Error('The engine told nothing of what it reserved.');
  return loaded.reserved;
}

describe('what a load on the processor reserved', () => {
  test('is told by the engine: all tensors, a cache of two layers in f16, and working space, none of it on a GPU', async () => {
    const loaded = await load();
    const { gpu, ram } = reservedOf(loaded);
    expect(total(gpu)).toBe(0);
    expect([loaded.device, loaded.gpuLostBytes]).toEqual([null, null]);
    // What the header says: 20 tensors of 795,136 bytes, padded for the device.
    expect(ram.weights).toBeGreaterThanOrEqual(795_136);
    expect(ram.weights).toBeLessThan(795_136 + 20 * 64);
    // Keys and values: 2 x 2 layers x 1,024 tokens x 2 heads x 64 x 2 bytes.
    expect(ram.kvAndState).toBe(2 * 2 * 1024 * 2 * 64 * 2);
    // At least the logits of one batch: 1,536 tokens x 128 x 4 bytes.
    expect(ram.compute).toBeGreaterThan(1536 * 128 * 4);
    expect(loaded.residentBytes).toBeGreaterThan(total(ram));
  });

  test('has a cache of the type that was asked for', async () => {
    const [plain, quantised, small] = await Promise.all([load(), load({ kvType: 'q8_0' }), load({ kvType: 'q4_0' })]);
    const bytes = [plain, quantised, small].map((loaded) => reservedOf(loaded).ram.kvAndState);
    // Bytes a block of 32: 64 in f16, 34 in q8_0, 18 in q4_0; printed to a hundredth of a MiB.
    expect((bytes[1] ?? 0) / (bytes[0] ?? 1)).toBeCloseTo(34 / 64, 2);
    expect((bytes[2] ?? 0) / (bytes[0] ?? 1)).toBeCloseTo(18 / 64, 2);
  });

  test('has more working space without flash attention', async () => {
    const [fast, plain] = await Promise.all([load({ batchTokens: 512 }), load({ batchTokens: 512, flashAttention: false })]);
    expect(reservedOf(plain).ram.compute).toBeGreaterThan(reservedOf(fast).ram.compute);
    expect(reservedOf(plain).ram.kvAndState).toBe(reservedOf(fast).ram.kvAndState);
  });
});

test('a quantised cache without flash attention is refused in words before anything is loaded', async () => {
  const generation = await createSupervisor().start('model');
  const failure = await failureOf(generation.load(loadRequest(model, { kvType: 'q8_0', flashAttention: false })));
  expect(failure).toMatchObject({
    code: 'load-failed',
    message: expect.stringContaining('needs flash attention'),
    hint: expect.any(String),
  });
  expect((await generation.load(loadRequest(model))).backend).toBe('cpu');
});

test('a quantised cache that the heads of a model do not fit is a clear error, and a plain one loads', async () => {
  const u32 = (value: number) => ({ type: 'uint32' as const, value });
  const path = join(temporaryFolder(), 'narrow.gguf');
  const heads = { 'llama.attention.head_count': u32(4), 'llama.attention.head_count_kv': u32(2), 'llama.rope.dimension_count': u32(16) };
  writeFileSync(path, writeGguf(tinyLlama({ metadata: heads })));
  const narrow = loadRequest(path, { contextTokens: 256 });
  const failure = await failureOf((await createSupervisor().start('narrow')).load({ ...narrow, kvType: 'q8_0' }));
  expect(failure).toMatchObject({ code: 'load-failed', message: expect.stringContaining('cache of this type'), hint: expect.any(String) });
  expect((await (await createSupervisor().start('narrow')).load(narrow)).reserved).not.toBeNull();
});

test('the memory that NVIDIA cards tell is added up, and unknown where one of them does not tell', () => {
  expect(parseNvidiaUse('1520\n12\n')).toBe(1532 * 2 ** 20);
  expect(parseNvidiaUse('[N/A]\n12\n')).toBeNull();
  expect(parseNvidiaUse('')).toBeNull();
  expect(parseNvidiaUse('No devices were found\n')).toBeNull();
});

const gpu = softwareGpu('what a load on a GPU reserved');

describe.skipIf(gpu === null)('what a load on a Vulkan device reserved', () => {
  const before = { ...process.env };
  beforeAll(() => void Object.assign(process.env, gpu));
  afterAll(() => {
    for (const name of Object.keys(gpu ?? {})) delete process.env[name];
    Object.assign(process.env, before);
  });

  test('is split between the device and RAM: all layers, and one of two', async () => {
    const whole = await load({ backend: 'vulkan', gpuLayers: 3 });
    const partial = await load({ backend: 'vulkan', gpuLayers: 2 });
    const none = await load();
    expect([whole.backend, whole.gpuLayers, partial.gpuLayers]).toEqual(['vulkan', 3, 2]);
    expect(whole.device).toEqual(expect.any(String));
    const [all, some, cpu] = [whole, partial, none].map(reservedOf);
    if (all === undefined || some === undefined || cpu === undefined) throw new Error('unreachable');
    // One cache of 1 MiB: all of it on the device, then the half of the layer that is there.
    expect([all.gpu.kvAndState, all.ram.kvAndState]).toEqual([2 ** 20, 0]);
    expect([some.gpu.kvAndState, some.ram.kvAndState]).toEqual([2 ** 19, 2 ** 19]);
    // The output is a copy of the embedding table, which stays in RAM.
    expect(all.gpu.weights).toBe(cpu.ram.weights);
    expect(all.ram.weights).toBeGreaterThan(0);
    expect(some.gpu.weights).toBeLessThan(all.gpu.weights);
    expect(some.gpu.weights + some.ram.weights).toBe(all.gpu.weights + all.ram.weights);
    for (const { gpu, ram } of [all, some]) for (const bytes of [gpu.compute, ram.compute]) expect(bytes).toBeGreaterThan(0);
  });
});
