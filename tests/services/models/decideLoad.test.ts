import { describe, expect, test } from 'vitest';
import { type FitMachine, type FitShape, noCalibration } from '#core/fit/fitTypes.ts';
import { decideLoad, type LoadWishes } from '#main/services/models/decideLoad.ts';
import type { LoadFacts } from '#main/services/models/readLoadFacts.ts';
import { Settings } from '#shared/contract/settings.ts';
import { frozenShape } from '../../fixtures/fit/frozenTable.ts';

const settings = Settings.parse({});
const gibibyte = 2 ** 30;

/** 32 layers, trained for 131,072 tokens. */
const model: LoadFacts = await facts('llama-3.1-8b.Q4_K_M');

async function facts(name: string): Promise<LoadFacts> {
  const shape = await frozenShape(name);
  return { path: '/m.gguf', shape, weightBytes: shape.tensors.reduce((sum, { bytes, layers }) => sum + bytes * (layers?.length ?? 1), 0) };
}

/** A machine with 64 GiB of RAM, and a GPU of 24 GiB with so much of it free. */
function machine(freeGib: number | null, ramGib = 64): FitMachine {
  return {
    ramBytes: 64 * gibibyte,
    ramAvailableBytes: ramGib * gibibyte,
    gpu:
      freeGib === null
        ? null
        : { backend: 'cuda', vramBytes: 24 * gibibyte, freeBytes: freeGib * gibibyte, unified: false, bandwidthBytesPerSecond: null },
    bandwidthBytesPerSecond: null,
    calibration: noCalibration,
  };
}

const decide = (on: FitMachine, options: LoadWishes['options'] = {}, more: Partial<LoadWishes> = {}, of = model) =>
  decideLoad(of, { options, purpose: 'chat', settings, machine: on, cores: 8, ...more });

describe('decideLoad', () => {
  test('uses all cores but one and the CPU where there is no GPU, and says so', () => {
    const { request, plan, reasons } = decide(machine(null));
    expect(request).toMatchObject({ backend: 'cpu', gpuLayers: 0, threads: 7, batchTokens: 128, contextTokens: 8192, kvType: 'f16' });
    expect(plan?.fit).toMatchObject({ state: 'cpu', gpuLayers: 0, layers: 33 });
    expect(reasons.at(-1)).toBe('7 threads: one core is left for everything else.');
    expect(decide(machine(null), {}, { cores: 1 }).request.threads).toBe(1);
    expect(decide(machine(null), { threads: 2 }).request.threads).toBe(2);
    expect(decide(machine(null), {}, { settings: { ...settings, threads: 3 } }).request.threads).toBe(3);
  });

  test('puts the whole model on a GPU that holds it', () => {
    expect(decide(machine(20)).request).toMatchObject({ backend: 'cuda', gpuLayers: 33, batchTokens: 512 });
  });

  test('puts as many layers on a small GPU as fit beside the keys and values', () => {
    const { gpuLayers, backend } = decide(machine(4)).request;
    expect(backend).toBe('cuda');
    expect(gpuLayers).toBeGreaterThan(10);
    expect(gpuLayers).toBeLessThan(28);
    expect(decide(machine(4), { contextTokens: 65_536 }).request.gpuLayers).toBeLessThan(gpuLayers);
    expect(decide(machine(0.2)).request).toMatchObject({ backend: 'cpu', gpuLayers: 0 });
  });

  test('does what the user asks for, on the GPU and off it', () => {
    expect(decide(machine(1), { gpuLayers: 20 }).request).toMatchObject({ backend: 'cuda', gpuLayers: 20 });
    expect(decide(machine(1), { gpuLayers: 99 }).request.gpuLayers).toBe(33);
    expect(decide(machine(20), { gpuLayers: 0 }).request).toMatchObject({ backend: 'cpu', gpuLayers: 0 });
    expect(decide(machine(20), { kvType: 'q4_0', flashAttention: true }).request).toMatchObject({ kvType: 'q4_0', flashAttention: true });
  });

  test('counts keys and values as llama.cpp allocates them: 1 GiB for 8,192 tokens of this model', () => {
    expect(decide(machine(null)).plan?.fit.bytes.kvCache).toBe(gibibyte);
  });

  test('changes nothing that changes answers in a benchmark, however little memory is free', () => {
    const measured = decide(machine(null, 2), {}, { purpose: 'benchmark' });
    expect(measured.request).toMatchObject({ contextTokens: 8192, kvType: 'f16', flashAttention: true });
    expect(measured.plan?.fit.state).toBe('none');
  });

  test('takes the context that is wished for in a benchmark as far as it fits and the model was trained for, and never less than usual', () => {
    const wished = (ramGib: number, tokens: number, options: LoadWishes['options'] = {}) =>
      decide(machine(null, ramGib), options, { purpose: 'benchmark', wishedContextTokens: tokens }).request.contextTokens;
    expect(wished(60, 36_864)).toBe(36_864);
    expect(wished(60, 400_000)).toBe(131_072);
    expect(wished(60, 36_864, { contextTokens: 4096 })).toBe(4096);
    expect(wished(60, 1024)).toBe(8192);
    expect(wished(9, 36_864)).toBeGreaterThan(8192);
    expect(wished(9, 36_864)).toBeLessThan(36_864);
    expect(wished(2, 36_864)).toBe(8192);
    const { plan, reasons, request } = decide(machine(null, 9), {}, { purpose: 'benchmark', wishedContextTokens: 36_864 });
    expect(plan?.fit.state).toBe('cpu');
    expect(request.kvType).toBe('f16');
    expect(reasons.join(' ')).toContain('36,864 would');
  });

  test('takes a longer context than the model was trained for as it is, and says what that means', () => {
    const { request, plan, reasons } = decide(machine(null), { contextTokens: 262_144 });
    expect(request.contextTokens).toBe(262_144);
    expect(plan?.fit.bytes.kvCache).toBe(32 * gibibyte);
    expect(reasons).toContain('The model was trained for 131,072 tokens; beyond, its answers may get worse.');
  });

  test('loads what cannot be estimated all the same, in RAM unless layers are asked for, and says why nothing is known', () => {
    const { block_count: _, ...rest } = model.shape.hyperparameters;
    const strange: LoadFacts = { ...model, shape: { ...model.shape, hyperparameters: rest } satisfies FitShape };
    const { request, plan, reasons } = decide(machine(20), {}, {}, strange);
    expect(plan).toBeNull();
    expect(request).toMatchObject({ backend: 'cpu', gpuLayers: 0, contextTokens: 8192, batchTokens: 128, kvType: 'f16', threads: 7 });
    expect(reasons[0]).toBe('What it takes is not known: The header lacks "block_count".');
    expect(decide(machine(20), { gpuLayers: 12 }, {}, strange).request).toMatchObject({ backend: 'cuda', gpuLayers: 12, batchTokens: 512 });
    expect(decide(machine(null), { gpuLayers: 12 }, {}, strange).request).toMatchObject({ backend: 'cpu', gpuLayers: 0 });
  });

  test('refuses a quantised cache without flash attention, which the engine cannot make', () => {
    expect(() => decide(machine(20), { kvType: 'q8_0', flashAttention: false })).toThrow(
      expect.objectContaining({ code: 'bad-input', hint: expect.stringContaining('flash attention') }),
    );
  });
});
