import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { writeHungryModel } from '../../fixtures/gguf/hungryModel.ts';
import { softwareGpu } from '../../fixtures/softwareGpu.ts';
import { importTireless, startServices } from '../servicesHarness.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const gpu = softwareGpu('loads that are planned for a GPU');

/** The whole app on a machine whose one GPU is Mesa's: 2 GiB, on the processor. */
async function startOnGpu() {
  for (const [name, value] of Object.entries(gpu ?? {})) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  return await startServices({ env: gpu ?? {} });
}

describe.skipIf(gpu === null)('on a GPU', () => {
  test('what is planned is loaded, takes what the dry run said to the byte, and is remembered', async () => {
    const { services } = await startOnGpu();
    const id = await importTireless(services);
    const whole = await services.models.plan(id, { contextTokens: 1024 });
    expect(whole).toMatchObject({ backend: 'vulkan', options: { gpuLayers: 9 }, fit: { state: 'gpu' } });
    expect(whole.reasons[0]).toBe('All 9 layers fit on the GPU.');
    const loaded = await services.models.load(id, { contextTokens: 1024, gpuLayers: 5 });
    expect(loaded).toMatchObject({ backend: 'vulkan', gpuLayers: 5, layers: 9, reasons: [expect.stringMatching(/^5 of 9 layers/)] });
    const [observed] = services.fit.observations({ artifactId: id, limit: 1 });
    const { backend, placement, measured } = observed ?? {};
    if (backend === undefined || placement === undefined) throw new Error('The load was not noted.');
    const { engine } = await services.fit.simulate({ artifactId: id }, { backend, placement });
    expect(measured).toMatchObject({ gpu: engine?.gpu, ram: engine?.ram });
    expect(loaded.memory?.gpu?.weightsBytes).toBe(engine?.gpu.weights);
    expect(loaded.memory?.weightsBytes).toBeGreaterThan(engine?.gpu.weights ?? Number.POSITIVE_INFINITY);
    expect(loaded.estimate).toMatchObject(observed?.estimated ?? {});
    expect(loaded.measured?.totalBytes).toBe(measured?.totalBytes);
    // Switched off, it is planned for the processor.
    services.settings.update({ gpu: 'off' });
    expect(await services.models.plan(id, {})).toMatchObject({ backend: 'cpu', options: { gpuLayers: 0 } });
  });

  test('of a model that is too large for it as many layers are planned as fit, and the dry run has the last word', async () => {
    const { services } = await startOnGpu();
    const [artifact] = await services.library.importPath(writeHungryModel(join(temporaryFolder(), 'Hungry.gguf'), 'Hungry'));
    const plan = await services.models.plan(artifact?.id ?? '', { contextTokens: 8192, kvType: 'f16' });
    expect(plan).toMatchObject({ backend: 'vulkan', fit: { state: 'partial', layers: 17 } });
    expect(plan.options.gpuLayers).toBeGreaterThan(4);
    expect(plan.options.gpuLayers).toBeLessThan(16);
    expect(plan.next).toMatchObject({ words: 'Load with the cache in 8 bits' });
    expect(services.models.loaded()).toEqual([]);
  });
});
