import { describe, expect, it } from 'vitest';
import { estimateFit } from '#core/fit/estimateFit.ts';
import { type FitCalibration, type FitEstimate, type FitMachine, type FitOptions, noCalibration } from '#core/fit/fitTypes.ts';
import { frozenShape } from '../../fixtures/fit/frozenTable.ts';

const gibibyte = 2 ** 30;
const mebibyte = 2 ** 20;
const options: FitOptions = {
  contextTokens: 8192,
  kvType: 'f16',
  flashAttention: true,
  batchTokens: null,
  gpuLayers: null,
  expertsInRamLayers: 0,
  sequences: 1,
};
const cpu: FitMachine = { ramBytes: 32 * gibibyte, ramAvailableBytes: 28 * gibibyte, gpu: null, bandwidthBytesPerSecond: 40e9 };
const gpu: FitMachine = {
  ...cpu,
  gpu: { backend: 'cuda', vramBytes: 12 * gibibyte, freeBytes: 12 * gibibyte, unified: false, bandwidthBytesPerSecond: 400e9 },
};
const learnt = (machine: FitMachine, more: Partial<FitCalibration>): FitMachine => ({
  ...machine,
  calibration: { ...noCalibration, loads: 5, ...more },
});
const fitOn = async (machine: FitMachine, wish: Partial<FitOptions> = {}): Promise<FitEstimate> =>
  estimateFit(await frozenShape('llama-3.1-8b.Q4_K_M'), machine, { ...options, ...wish });
const widthOf = ({ range }: FitEstimate): number => range.high - range.low;

describe('what loads on this machine taught', () => {
  it('replaces the guess of what the driver keeps, on each of several GPUs', async () => {
    const before = await fitOn(gpu);
    const after = await fitOn(learnt(gpu, { gpuOverheadBytes: 180 * mebibyte }));
    expect(before.bytes.gpu - after.bytes.gpu).toBe(120 * mebibyte);
    const two = { ...gpu, gpu: gpu.gpu && { ...gpu.gpu, deviceCount: 2 } };
    const beforeTwo = await fitOn(two);
    const afterTwo = await fitOn(learnt(two, { gpuOverheadBytes: 180 * mebibyte }));
    expect(beforeTwo.bytes.gpu - afterTwo.bytes.gpu).toBe(240 * mebibyte);
  });

  it('moves what the process takes, never below what the engine reserves', async () => {
    const before = await fitOn(cpu);
    expect((await fitOn(learnt(cpu, { ramOffsetBytes: 50e6 }))).bytes.ram - before.bytes.ram).toBe(50e6);
    const less = await fitOn(learnt(cpu, { ramOffsetBytes: -900e6 }));
    expect(less.bytes.overhead).toBe(0);
    expect(less.bytes.ram).toBe(less.buffers.reduce((sum, { weights, kvAndState, compute }) => sum + weights + kvAndState + compute, 0));
  });

  it('narrows the range of bytes, and touches no buffer', async () => {
    const before = await fitOn(gpu);
    const after = await fitOn(learnt(gpu, { gpuOverheadBytes: 250 * mebibyte, ramOffsetBytes: 10e6, gpuRamOffsetBytes: 10e6 }));
    expect(widthOf(after)).toBeLessThan(widthOf(before) / 2);
    expect(after.buffers).toEqual(before.buffers);
    expect(after.bytes.weights + after.bytes.kvCache + after.bytes.compute).toBe(
      before.bytes.weights + before.bytes.kvCache + before.bytes.compute,
    );
  });

  it('corrects the speed and narrows its range from 35 to 10 percent', async () => {
    const before = (await fitOn(cpu)).tokensPerSecond;
    const after = (await fitOn(learnt(cpu, { cpuSpeedFactor: 0.8 }))).tokensPerSecond;
    expect(before?.basis).toMatch(/^estimated: /);
    expect(after?.basis).toContain('measured here');
    expect((after?.estimate ?? 0) / (before?.estimate ?? 1)).toBeCloseTo(0.8, 6);
    expect((before?.high ?? 0) / (before?.estimate ?? 1)).toBeCloseTo(1.35, 6);
    expect((after?.low ?? 0) / (after?.estimate ?? 1)).toBeCloseTo(0.9, 6);
  });

  it('needs both factors where GPU and processor share the layers', async () => {
    const half = { gpuLayers: 16 };
    const one = (await fitOn(learnt(gpu, { gpuSpeedFactor: 0.8 }), half)).tokensPerSecond;
    expect(one?.basis).toMatch(/^estimated: /);
    const both = (await fitOn(learnt(gpu, { gpuSpeedFactor: 0.8, cpuSpeedFactor: 0.8 }), half)).tokensPerSecond;
    expect(both?.basis).toContain('measured here');
    expect((both?.estimate ?? 0) / ((await fitOn(gpu, half)).tokensPerSecond?.estimate ?? 1)).toBeCloseTo(0.8, 6);
  });

  it.each([
    ['no number', { gpuOverheadBytes: Number.NaN, ramOffsetBytes: Number.NaN, cpuSpeedFactor: Number.NaN }],
    ['without end', { gpuOverheadBytes: Number.POSITIVE_INFINITY, ramOffsetBytes: Number.NEGATIVE_INFINITY, cpuSpeedFactor: 1e9 }],
    ['another program', { gpuOverheadBytes: 20 * gibibyte, ramOffsetBytes: 20 * gibibyte, cpuSpeedFactor: 0.0001 }],
    ['below nothing', { gpuOverheadBytes: -1, ramOffsetBytes: -20 * gibibyte, cpuSpeedFactor: -2, gpuSpeedFactor: 0 }],
  ])('is ignored where it cannot be true: %s', async (_, calibration) => {
    for (const machine of [cpu, gpu]) expect(await fitOn(learnt(machine, calibration))).toEqual(await fitOn(machine));
  });
});
