import { describe, expect, it } from 'vitest';
import { fitMachineOf, type MachineReading } from '#core/fit/fitMachineOf.ts';
import { noCalibration } from '#core/fit/fitTypes.ts';

const gibibyte = 2 ** 30;
type Gpu = MachineReading['gpus'][number];
const cuda = (totalGib: number | null, freeGib: number | null, more: Partial<Gpu> = {}): Gpu => ({
  backend: 'cuda',
  vramBytes: totalGib === null ? null : totalGib * gibibyte,
  freeBytes: freeGib === null ? null : freeGib * gibibyte,
  unified: false,
  bandwidthBytesPerSecond: null,
  ...more,
});
const reading = (...gpus: readonly Gpu[]): MachineReading => ({
  memory: { totalBytes: 32 * gibibyte, availableBytes: 20 * gibibyte, bandwidthBytesPerSecond: 40e9 },
  gpus,
  calibration: noCalibration,
});

describe('the machine that estimates are for', () => {
  it('has no GPU where there is none, its memory is not known, or it is switched off', () => {
    expect(fitMachineOf(reading()).gpu).toBeNull();
    expect(fitMachineOf(reading(cuda(null, null))).gpu).toBeNull();
    expect(fitMachineOf(reading(cuda(0, 0))).gpu).toBeNull();
    expect(fitMachineOf(reading(cuda(8, 8)), { gpu: 'off' }).gpu).toBeNull();
  });

  it('sums GPUs of one backend, which share the layers', () => {
    const { gpu } = fitMachineOf(reading(cuda(24, 20), cuda(8, 6)));
    expect(gpu).toMatchObject({ vramBytes: 32 * gibibyte, freeBytes: 26 * gibibyte, deviceCount: 2 });
    expect(fitMachineOf(reading(cuda(24, 20))).gpu).not.toHaveProperty('deviceCount');
  });

  it('takes the backend with the most memory of several', () => {
    const vulkan = cuda(16, 16, { backend: 'vulkan' });
    expect(fitMachineOf(reading(cuda(8, 8), vulkan)).gpu?.backend).toBe('vulkan');
    expect(fitMachineOf(reading(cuda(12, 12), vulkan, cuda(12, 12))).gpu).toMatchObject({ backend: 'cuda', deviceCount: 2 });
  });

  it('leaves graphics built into the processor out where there is a card, and counts shared memory once', () => {
    const builtIn = cuda(16, 12, { backend: 'vulkan', unified: true });
    const card = cuda(8, 7, { backend: 'vulkan' });
    expect(fitMachineOf(reading(builtIn, card)).gpu).toMatchObject({ vramBytes: 8 * gibibyte, unified: false });
    expect(fitMachineOf(reading(builtIn, builtIn)).gpu).toMatchObject({ vramBytes: 16 * gibibyte, unified: true });
  });

  it('reads devices one after the other: the bandwidth of both together lies between theirs', () => {
    const fast = cuda(8, 8, { bandwidthBytesPerSecond: 900e9 });
    const slow = cuda(8, 8, { bandwidthBytesPerSecond: 300e9 });
    expect(fitMachineOf(reading(fast, slow)).gpu?.bandwidthBytesPerSecond).toBeCloseTo(450e9, -3);
    expect(fitMachineOf(reading(fast, cuda(8, 8))).gpu?.bandwidthBytesPerSecond).toBeNull();
  });

  it('takes the smallest limit of one buffer', () => {
    const limited = (bytes: number): Gpu => cuda(8, 8, { backend: 'vulkan', largestBufferBytes: bytes });
    expect(fitMachineOf(reading(limited(4e9), limited(2e9))).gpu?.largestBufferBytes).toBe(2e9);
  });

  it('gives back what loaded models hold, never more than there is', () => {
    const own = { ramBytes: 4 * gibibyte, gpuBytes: 3 * gibibyte };
    const machine = fitMachineOf(reading(cuda(8, 6)), own);
    expect(machine.ramAvailableBytes).toBe(24 * gibibyte);
    expect(machine.gpu?.freeBytes).toBe(8 * gibibyte);
    const shared = cuda(16, 12, { backend: 'metal', unified: true });
    expect(fitMachineOf(reading(shared), own).ramAvailableBytes).toBe(27 * gibibyte);
  });

  it('takes what is not free as nothing, not as less', () => {
    expect(fitMachineOf(reading(cuda(8, -1))).gpu?.freeBytes).toBe(0);
    expect(fitMachineOf(reading(cuda(8, null))).gpu?.freeBytes).toBe(8 * gibibyte);
  });
});
