import { describe, expect, it } from 'vitest';
import { type CalibrationLoad, calibrate, ownLossBytes, speedFactor } from '#core/fit/calibration.ts';
import { type FitCalibration, noCalibration } from '#core/fit/fitTypes.ts';
import { joinDevices } from '#core/fit/jointDevice.ts';
import { expectedSeconds, loadBaseline } from '#core/fit/loadBaseline.ts';
import { frozenShape, machineOf } from '../../fixtures/fit/frozenTable.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** 10 ms a token with little, 20 ms with 4,096 tokens in the context. */
const baseline: CalibrationLoad['baseline'] = {
  ramBytes: gibibyte,
  speed: [
    { depthTokens: 128, seconds: 0.01 },
    { depthTokens: 4096, seconds: 0.02 },
  ],
  bandwidthBytesPerSecond: 40e9,
};

/** With the bandwidth that the estimates of these loads were made with. */
function learn(loads: readonly CalibrationLoad[]): FitCalibration {
  return calibrate(loads, 40e9);
}

function onCpu(changes: Partial<CalibrationLoad> = {}): CalibrationLoad {
  return {
    artifactId: 'a-model',
    engine: 'engine 1',
    backend: 'cpu',
    device: null,
    isWholeOnGpu: false,
    gpuReservedBytes: 0,
    gpuLostBytes: null,
    residentBytes: gibibyte,
    baseline,
    answers: [],
    ...changes,
  };
}

/** @param driverMib what the GPU lost beside the engine's buffers */
function onGpu(driverMib: number, changes: Partial<CalibrationLoad> = {}): CalibrationLoad {
  const gpuReservedBytes = 6 * gibibyte;
  return onCpu({
    backend: 'cuda',
    device: 'A card',
    isWholeOnGpu: true,
    gpuReservedBytes,
    gpuLostBytes: gpuReservedBytes + driverMib * mebibyte,
    ...changes,
  });
}

describe("a driver's share of the GPU", () => {
  it('is the median of the last five loads, with three times their median deviation as spread, at least 64 MiB', () => {
    const shares = [150, 153, 151, 309, 152, 700, 700, 700];
    const learned = learn(shares.map((share) => onGpu(share)));
    expect(learned.gpuOverheadBytes).toBe(152 * mebibyte);
    expect(learned.gpuOverheadSpreadBytes).toBe(64 * mebibyte);
    expect(learn([100, 200, 300].map((share) => onGpu(share))).gpuOverheadSpreadBytes).toBe(300 * mebibyte);
  });

  it('is not learned from one load or two, nor where the driver does not tell', () => {
    expect(learn([onGpu(150), onGpu(150)]).gpuOverheadBytes).toBeNull();
    expect(learn([onGpu(150), onGpu(150), onGpu(150, { gpuLostBytes: null })])).toMatchObject({
      gpuOverheadBytes: null,
      gpuOverheadSpreadBytes: null,
    });
  });

  it('leaves out loads during which another program gave or took memory: below −64 and above 800 MiB', () => {
    expect(learn([-65, 801, 4000, -3000, 150, 160, 170].map((share) => onGpu(share))).gpuOverheadBytes).toBe(160 * mebibyte);
    expect(learn([-64, -60, -50].map((share) => onGpu(share))).gpuOverheadBytes).toBe(0);
  });

  it('is of the GPU that was used last, and of the engine of the last load', () => {
    const older = [onGpu(500), onGpu(500), onGpu(500)];
    const other = { device: 'Another card' };
    expect(learn([...[100, 110, 120].map((share) => onGpu(share, other)), ...older]).gpuOverheadBytes).toBe(110 * mebibyte);
    expect(learn([onGpu(100, other), ...older]).gpuOverheadBytes).toBeNull();
    expect(learn([onCpu({ engine: 'engine 2' }), ...older]).gpuOverheadBytes).toBeNull();
  });

  it('is of one GPU where a model was spread over two', () => {
    const device = joinDevices(['A card', 'A card']);
    expect(learn([300, 320, 340].map((share) => onGpu(share, { device }))).gpuOverheadBytes).toBe(160 * mebibyte);
  });
});

describe('what a load took of a GPU', () => {
  it('is what the driver says, unless another program has moved meanwhile', () => {
    expect(ownLossBytes(onGpu(150))).toBe(6 * gibibyte + 150 * mebibyte);
    for (const other of [-65, -7000, 801]) expect(ownLossBytes(onGpu(other))).toBeNull();
    expect(ownLossBytes(onGpu(150, { gpuLostBytes: null }))).toBeNull();
    // Two drivers on two cards.
    expect(ownLossBytes(onGpu(1200, { device: joinDevices(['A card', 'A card']) }))).not.toBeNull();
  });
});

describe("a process's own memory", () => {
  it('is what processes took more or less than the formula said, for the processor and for a GPU apart', () => {
    const more = (mib: number): Partial<CalibrationLoad> => ({ residentBytes: gibibyte + mib * mebibyte });
    const learned = learn([...[-60, -70, -50].map((mib) => onCpu(more(mib))), ...[400, 420, 410].map((mib) => onGpu(150, more(mib)))]);
    expect([learned.ramOffsetBytes, learned.gpuRamOffsetBytes]).toEqual([-60 * mebibyte, 410 * mebibyte]);
    expect(learned.loads).toBe(6);
  });

  it('is nothing to correct where it is less than models differ among themselves', () => {
    const more = (mib: number): Partial<CalibrationLoad> => ({ residentBytes: gibibyte + mib * mebibyte });
    expect(learn([31, 40, -20].map((mib) => onCpu(more(mib)))).ramOffsetBytes).toBe(0);
    expect(learn([32, 40, -20].map((mib) => onCpu(more(mib)))).ramOffsetBytes).toBe(32 * mebibyte);
  });

  it('is taken from several models where there are, two loads of each', () => {
    const of = (artifactId: string, mib: number): CalibrationLoad => onCpu({ artifactId, residentBytes: gibibyte + mib * mebibyte });
    const often = Array.from({ length: 6 }, () => of('often', -100));
    expect(learn(often).ramOffsetBytes).toBe(-100 * mebibyte);
    expect(learn([...often, of('other', 50), of('third', 60), of('third', 60)]).ramOffsetBytes).toBe(50 * mebibyte);
  });

  it('is not learned from implausible loads, from two, or where the GPU has no memory of its own', () => {
    const far = { residentBytes: 3 * gibibyte };
    expect(learn([onCpu(), onCpu(), onCpu(far), onCpu(far)]).ramOffsetBytes).toBeNull();
    const shared = [onGpu(0), onGpu(0), onGpu(0)].map((load): CalibrationLoad => ({ ...load, backend: 'metal' }));
    expect(learn(shared).gpuRamOffsetBytes).toBeNull();
  });
});

describe('the speed', () => {
  const answered = (tokensPerSecond: number) => onCpu({ answers: [{ tokensPerSecond, depthTokens: 128 }] });

  it('is corrected from one load on, by the median of its answers at their own depth', () => {
    // 10 ms expected at 128 tokens, 20 ms at 4,096: twice as fast each time, but for one answer that something slowed.
    const answers = [
      { tokensPerSecond: 200, depthTokens: 128 },
      { tokensPerSecond: 100, depthTokens: 4096 },
      { tokensPerSecond: 10, depthTokens: 128 },
    ];
    expect(learn([onCpu({ answers })]).cpuSpeedFactor).toBeCloseTo(2, 10);
    expect(learn([onGpu(150, { answers })])).toMatchObject({ cpuSpeedFactor: null, gpuSpeedFactor: expect.closeTo(2, 10) });
  });

  it('stays between a fifth and five times', () => {
    expect(learn([answered(1000)]).cpuSpeedFactor).toBe(5);
    expect(learn([answered(10)]).cpuSpeedFactor).toBe(0.2);
  });

  it('is not learned from answers that no machine gives, and one of them does not hide the others', () => {
    expect(learn([answered(100_000)]).cpuSpeedFactor).toBeNull();
    expect(learn([answered(100_000), answered(1e-9), answered(80)]).cpuSpeedFactor).toBeCloseTo(0.8, 10);
  });

  it('stays what was measured when the bandwidth is found to be another: at 10 GB/s three times as fast, at 45 two thirds', () => {
    const busy = onCpu({
      baseline: { ...baseline, bandwidthBytesPerSecond: 10e9 },
      answers: [{ tokensPerSecond: 150, depthTokens: 4096 }],
    });
    expect(calibrate([busy], 10e9).cpuSpeedFactor).toBeCloseTo(3, 10);
    expect(calibrate([busy], 45e9).cpuSpeedFactor).toBeCloseTo(3 * (10 / 45), 10);
    expect(calibrate([busy], null).cpuSpeedFactor).toBeCloseTo(3, 10);
    // A card's own bandwidth is another matter.
    const card = onGpu(150, { baseline: { ...baseline, bandwidthBytesPerSecond: null }, answers: busy.answers });
    expect(calibrate([card], 45e9).gpuSpeedFactor).toBeCloseTo(3, 10);
  });

  it('is not learned from a model so small that bandwidth does not bound it, nor from layers on both sides', () => {
    const answers = [{ tokensPerSecond: 300, depthTokens: 128 }];
    const tiny: CalibrationLoad['baseline'] = {
      ...baseline,
      speed: [
        { depthTokens: 128, seconds: 0.0001 },
        { depthTokens: 512, seconds: 0.0002 },
      ],
    };
    expect(speedFactor({ baseline: tiny, answers }, 40e9)).toBeNull();
    expect(speedFactor({ baseline: { ...baseline, speed: null }, answers }, 40e9)).toBeNull();
    expect(learn([onGpu(150, { answers, isWholeOnGpu: false })]).gpuSpeedFactor).toBeNull();
  });
});

it('nothing is learned from no load', () => {
  expect(learn([])).toEqual(noCalibration);
});

describe('a baseline', () => {
  const options = {
    contextTokens: 8192,
    kvType: 'f16',
    flashAttention: true,
    batchTokens: 128,
    gpuLayers: 0,
    expertsInRamLayers: 0,
    sequences: 1,
  } as const;

  it('is the same whatever was learned before, so that a correction is never learned from a corrected estimate', async () => {
    const shape = await frozenShape('llama-3.2-3b.Q4_K_M');
    const machine = { ...machineOf('cpu'), bandwidthBytesPerSecond: 40e9 };
    const learned = { ...noCalibration, ramOffsetBytes: 500 * mebibyte, cpuSpeedFactor: 3, loads: 9 };
    expect(loadBaseline(shape, { ...machine, calibration: learned }, options)).toEqual(loadBaseline(shape, machine, options));
  });

  it('expects a token to take longer the deeper it is, and does not know a speed without the bandwidth', async () => {
    const shape = await frozenShape('llama-3.2-3b.Q4_K_M');
    const known = loadBaseline(shape, { ...machineOf('cpu'), bandwidthBytesPerSecond: 40e9 }, options);
    const [shallow, half, deep] = [0, 4096, 8192].map((depth) => expectedSeconds(known, depth) ?? Number.NaN);
    // 28 layers x 2 x 1,024 wide x 2 bytes a token, at 0.85 of 40 GB/s.
    const perToken = (28 * 2 * 1024 * 2) / (0.85 * 40e9);
    expect((half ?? 0) - (shallow ?? 0)).toBeCloseTo(4096 * perToken, 6);
    expect((deep ?? 0) - (half ?? 0)).toBeCloseTo(4096 * perToken, 6);
    const unknown = loadBaseline(shape, { ...machineOf('cpu'), bandwidthBytesPerSecond: null }, options);
    expect(unknown).toMatchObject({ speed: null, bandwidthBytesPerSecond: null });
  });

  it('keeps the bandwidth of RAM that its speed depends on, and none where a card is read', async () => {
    const shape = await frozenShape('llama-3.2-3b.Q4_K_M');
    const cpu = { ...machineOf('cpu'), bandwidthBytesPerSecond: 40e9 };
    const gpu = {
      backend: 'metal',
      vramBytes: 16 * gibibyte,
      freeBytes: 16 * gibibyte,
      unified: true,
      bandwidthBytesPerSecond: 400e9,
    } as const;
    const onGpus = { ...options, gpuLayers: 29 };
    expect(loadBaseline(shape, cpu, options).bandwidthBytesPerSecond).toBe(40e9);
    expect(loadBaseline(shape, { ...cpu, gpu }, onGpus).bandwidthBytesPerSecond).toBe(40e9);
    expect(loadBaseline(shape, { ...cpu, gpu: { ...gpu, backend: 'cuda', unified: false } }, onGpus)).toMatchObject({
      speed: expect.anything(),
      bandwidthBytesPerSecond: null,
    });
  });
});
