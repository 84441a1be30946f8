import { describe, expect, test } from 'vitest';
import { estimateFit } from '#core/fit/estimateFit.ts';
import { type FitMachine, noCalibration } from '#core/fit/fitTypes.ts';
import { confirmLoad, isWorthConfirming, type Simulate } from '#main/services/models/confirmLoad.ts';
import { decideLoad, type LoadDecision } from '#main/services/models/decideLoad.ts';
import type { LoadOptions } from '#shared/contract/models.ts';
import { Settings } from '#shared/contract/settings.ts';
import { frozenShape } from '../../fixtures/fit/frozenTable.ts';

const gibibyte = 2 ** 30;
const mebibyte = 2 ** 20;
const shape = await frozenShape('llama-3.1-8b.Q4_K_M');

function machine(freeGib: number | null): FitMachine {
  return {
    ramBytes: 32 * gibibyte,
    ramAvailableBytes: 24 * gibibyte,
    gpu: freeGib === null ? null : { backend: 'cuda', vramBytes: 8 * gibibyte, freeBytes: freeGib * gibibyte, unified: false },
    bandwidthBytesPerSecond: null,
    calibration: noCalibration,
  };
}

function decide(on: FitMachine, options: Partial<LoadOptions> = {}, of = shape): LoadDecision {
  const settings = Settings.parse({});
  return decideLoad({ path: '/m.gguf', shape: of, weightBytes: 4.9e9 }, { options, purpose: 'chat', settings, machine: on, cores: 8 });
}

/** A dry run that says what the estimate says, and on the GPU so much more. Keeps the layers that it was asked for. */
function engine(extraGpuBytes: (gpuLayers: number) => number): { readonly simulate: Simulate; readonly asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    async simulate(backend, placement) {
      asked.push(placement.gpuLayers);
      const { buffers } = estimateFit(shape, machine(8), { ...placement, expertsInRamLayers: 0 });
      const sum = (isGpu: boolean) => {
        const of = buffers.filter(({ device }) => (device === 'gpu') === isGpu);
        const add = (pick: (buffer: (typeof of)[number]) => number): number => of.reduce((total, one) => total + pick(one), 0);
        return { weights: add((one) => one.weights), kvAndState: add((one) => one.kvAndState), compute: add((one) => one.compute) };
      };
      const gpu = sum(true);
      return { backend, placement, gpu: { ...gpu, weights: gpu.weights + extraGpuBytes(placement.gpuLayers) }, ram: sum(false) };
    },
  };
}

const layersOf = ({ request }: LoadDecision): number => request.gpuLayers;

describe('a plan held against the engine’s dry run', () => {
  test('stays as it is where both say the same, and is the engine’s then', async () => {
    const planned = decide(machine(4));
    const { simulate, asked } = engine(() => 0);
    const confirmed = await confirmLoad(planned, simulate);
    expect(confirmed.request).toEqual(planned.request);
    expect(confirmed.plan).toMatchObject({ tier: 't1', fit: { state: 'partial', bytes: planned.plan?.fit.bytes } });
    expect(confirmed.reasons).toEqual(planned.reasons);
    expect(asked).toEqual([layersOf(planned)]);
  });

  test('takes layers off the GPU where the engine needs more there', async () => {
    const planned = decide(machine(4));
    const { simulate, asked } = engine(() => 300 * mebibyte);
    const confirmed = await confirmLoad(planned, simulate);
    expect(layersOf(confirmed)).toBeLessThan(layersOf(planned));
    expect(confirmed.plan).toMatchObject({ tier: 't1', fit: { state: 'partial' } });
    expect(asked).toEqual([layersOf(planned), layersOf(confirmed)]);
  });

  test('puts more layers there where the engine needs less, and none too many', async () => {
    const planned = decide(machine(4));
    const less = engine(() => -300 * mebibyte);
    const more = await confirmLoad(planned, less.simulate);
    expect(layersOf(more)).toBeGreaterThan(layersOf(planned));
    expect(more.plan?.fit.state).toBe('partial');
    // With one layer more the engine needs far more than is free: the first plan is kept.
    const cliff = engine((gpuLayers) => (gpuLayers > layersOf(planned) ? 3 * gibibyte : -300 * mebibyte));
    const kept = await confirmLoad(planned, cliff.simulate);
    expect(layersOf(kept)).toBe(layersOf(planned));
    expect(kept.plan).toMatchObject({ tier: 't1', fit: { state: 'partial' } });
  });

  test('keeps what was asked for, and says that it does not fit', async () => {
    const planned = decide(machine(4), { gpuLayers: 33 });
    const { simulate, asked } = engine(() => 300 * mebibyte);
    const confirmed = await confirmLoad(planned, simulate);
    expect(layersOf(confirmed)).toBe(33);
    expect(confirmed.plan).toMatchObject({ tier: 't1', fit: { state: 'none' } });
    expect(asked).toEqual([33]);
  });

  test('stays a plan where there is no dry run, or an impossible one', async () => {
    const planned = decide(machine(4));
    expect(await confirmLoad(planned, async () => null)).toBe(planned);
    expect(await confirmLoad(planned, engine(() => -100 * gibibyte).simulate)).toBe(planned);
  });

  test('is worth its time where a layer depends on it, or nothing else is known', () => {
    expect(isWorthConfirming(decide(machine(4)))).toBe(true);
    const justEnough = (decide(machine(8)).plan?.fit.bytes.gpu ?? 0) / gibibyte + 0.3;
    expect(decide(machine(justEnough)).plan?.fit.state).toBe('gpu');
    expect(isWorthConfirming(decide(machine(justEnough)))).toBe(true);
    expect(isWorthConfirming(decide(machine(4), { gpuLayers: 33 }))).toBe(true);
    expect(isWorthConfirming(decide(machine(8)))).toBe(false);
    expect(isWorthConfirming(decide(machine(null)))).toBe(false);
    expect(isWorthConfirming(decide(machine(8), { gpuLayers: 0 }))).toBe(false);
    const unknown = decide(machine(null), {}, { ...shape, architecture: 'nonesuch' });
    expect(unknown.plan?.fit.isExact).toBe(false);
    expect(isWorthConfirming(unknown)).toBe(true);
  });
});
