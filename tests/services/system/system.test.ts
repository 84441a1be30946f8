import { rmSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { measureBandwidth } from '#main/services/system/measureBandwidth.ts';
import { mayHaveGpu } from '#main/services/system/probeDevices.ts';
import { openDatabase } from '#main/storage/database.ts';
import { factTable } from '#main/storage/factTable.ts';
import type { HardwareLoad } from '#shared/contract/system.ts';
import { softwareGpu } from '../../fixtures/softwareGpu.ts';
import { startServices, tiny } from '../servicesHarness.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { isThere, standInTool } from './standInTool.ts';

describe('hardware', () => {
  test('says what the machine is, with unknowns as null, and throws the asked runner away', async () => {
    const { services, dataFolder, runners } = await startServices();
    const hardware = await services.system.hardware();
    expect(hardware).toMatchObject({
      cpu: { model: expect.any(String), logicalCores: expect.any(Number), features: expect.any(Array) },
      memory: { totalBytes: totalmem(), bandwidthBytesPerSecond: null, bandwidthMeasuredAt: null },
      disk: { path: dataFolder, freeBytes: expect.any(Number), totalBytes: expect.any(Number) },
      engine: expect.stringContaining('llama.cpp'),
      gpus: expect.any(Array),
    });
    expect(hardware.memory.availableBytes).toBeGreaterThan(0);
    expect(hardware.memory.availableBytes).toBeLessThanOrEqual(totalmem());
    expect(runners).toHaveLength(1);
    await new Promise((resolve) => runners[0]?.onExit(resolve));
    await services.system.hardware();
    expect(runners).toHaveLength(1);
    await Promise.all([services.system.hardware({ refresh: true }), services.system.doctor()]);
    expect(runners).toHaveLength(2);
    expect(services.system.about().engine).toBe(hardware.engine);
  });

  test('is told even when no runner starts', async () => {
    const { services } = await startServices({
      spawnRunner: () => {
        throw new Error('no process can be made');
      },
    });
    expect(await services.system.hardware()).toMatchObject({ gpus: [], engine: null });
    expect(await services.system.doctor()).toContainEqual({
      id: 'engine',
      ok: false,
      detail: expect.any(String),
      hint: expect.any(String),
    });
  });
});

describe('memory bandwidth', () => {
  test('is measured with several workers at once, remembered, and known after a restart', async () => {
    const { services, dataFolder } = await startServices();
    const { memory } = await services.system.measureBandwidth();
    expect(memory.bandwidthBytesPerSecond).toBeGreaterThan(1e8);
    expect(memory.bandwidthMeasuredAt).toEqual(expect.any(Number));
    await services.dispose();
    const again = await startServices({ data: dataFolder });
    expect((await again.services.system.hardware()).memory).toMatchObject({
      bandwidthBytesPerSecond: memory.bandwidthBytesPerSecond,
      bandwidthMeasuredAt: memory.bandwidthMeasuredAt,
    });
  });

  test('that was only ever disturbed is told as the least there is, and gives way to a larger one', async () => {
    const spawnRunner = (): never => {
      throw new Error('no engine is needed here');
    };
    const { services, dataFolder } = await startServices({ spawnRunner });
    await services.dispose();
    const write = (value: unknown): void => {
      const database = openDatabase(join(dataFolder, 'rightsize.db'));
      factTable(database).write('memory-bandwidth', value, 5);
      database.close();
    };
    write({ atLeast: 1e6 });
    const { services: again } = await startServices({ data: dataFolder, spawnRunner });
    const told = (await again.system.hardware()).memory;
    expect(told).toMatchObject({ bandwidthBytesPerSecond: 1e6, bandwidthMeasuredAt: 5, bandwidthIsLeast: true });
    expect((await again.system.measureBandwidth()).memory.bandwidthBytesPerSecond).toBeGreaterThan(1e8);
    await again.dispose();
    for (const broken of [{ atLeast: 'lots' }, null, 'fast']) {
      write(broken);
      const { services: other } = await startServices({ data: dataFolder, spawnRunner });
      expect((await other.system.hardware()).memory).toMatchObject({ bandwidthBytesPerSecond: null, bandwidthMeasuredAt: null });
      await other.dispose();
    }
  });

  test('can be stopped', async () => {
    const controller = new AbortController();
    const measuring = measureBandwidth({ workers: 2, bytes: 2 ** 27, signal: controller.signal });
    controller.abort();
    await expect(measuring).rejects.toMatchObject({ name: 'AbortError' });
    await expect(measureBandwidth({ workers: 1, bytes: 1024, signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test('load is read while somebody listens, with the memory of runners, and stops when nobody does', async () => {
  const { services } = await startServices();
  await services.models.load(tiny, {});
  const first = Promise.withResolvers<HardwareLoad>();
  const unsubscribe = services.system.subscribeLoad((load) => first.resolve(load));
  const load = await first.promise;
  unsubscribe();
  expect(load.cpuPercent).toBeGreaterThanOrEqual(0);
  expect(load.cpuPercent).toBeLessThanOrEqual(100);
  expect(load.memoryUsedBytes).toBeGreaterThan(0);
  expect(load.memoryTotalBytes).toBe(totalmem());
  expect(load.ownResidentBytes).toBeGreaterThan(0);
  expect(load.runnersResidentBytes).toBeGreaterThan(10_000_000);
});

test.skipIf(process.platform === 'win32')(
  'GPUs are read while somebody listens, and their reader ends with the last who does',
  async () => {
    const tool = standInTool(
      'nvidia-smi',
      "while :; do echo '0, 34, 5123, 19091, 24564, 61, 287.45, NVIDIA GeForce RTX 4090'; /bin/sleep 0.02; done",
    );
    const { services } = await startServices({ env: { PATH: tool.folder } });
    const read = Promise.withResolvers<HardwareLoad>();
    const unsubscribe = services.system.subscribeLoad((load) => {
      if (load.gpus.length > 0) read.resolve(load);
    });
    const leaveToo = services.system.subscribeLoad(() => undefined);
    expect((await read.promise).gpus).toContainEqual({
      name: 'NVIDIA GeForce RTX 4090',
      loadPercent: 34,
      memoryUsedBytes: 5123 * 2 ** 20,
      memoryTotalBytes: 24564 * 2 ** 20,
      temperatureCelsius: 61,
      powerWatts: 287.45,
    });
    unsubscribe();
    expect(tool.pids().filter(isThere)).toHaveLength(1);
    leaveToo();
    await expect.poll(() => tool.pids().filter(isThere)).toEqual([]);
    services.system.subscribeLoad(() => undefined);
    await expect.poll(() => tool.pids()).toHaveLength(2);
    await services.dispose();
    expect(tool.pids().filter(isThere)).toEqual([]);
  },
);

const softwareDevice = softwareGpu('a Vulkan device that the user names is found');

test.skipIf(softwareDevice === null)('a Vulkan device that the user names is found, though no file shows it', async () => {
  for (const [name, value] of Object.entries(softwareDevice ?? {})) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await mayHaveGpu(softwareDevice ?? {})).toBe(true);
  const { services } = await startServices({ env: softwareDevice ?? {} });
  const { gpus } = await services.system.hardware();
  expect(gpus).toMatchObject([
    { name: expect.stringContaining('llvmpipe'), backend: 'vulkan', unified: false, bandwidthBytesPerSecond: null },
  ]);
  expect(gpus[0]?.vramBytes).toBeGreaterThan(2 ** 28);
  expect(gpus[0]?.freeBytes).toBeLessThanOrEqual(gpus[0]?.vramBytes ?? 0);
  expect((await services.system.doctor()).find(({ id }) => id === 'gpu')).toMatchObject({
    ok: true,
    detail: expect.stringContaining('llvmpipe'),
  });
});

describe('doctor', () => {
  test('is content with a sound installation', async () => {
    const { services } = await startServices();
    const checks = await services.system.doctor();
    const failing = checks.filter((check) => !check.ok && check.id !== 'memory' && check.id !== 'disk');
    expect(failing).toEqual([]);
    expect(checks.map((check) => check.id)).toEqual([
      'node',
      'data-folder',
      'disk',
      'database',
      'engine',
      'gpu',
      'memory',
      'starter-models',
      'library',
      'hub',
      'downloads',
      'sandbox',
    ]);
    expect(checks.every((check) => check.ok === (check.hint === null))).toBe(true);
  });

  test('says what is missing and what is broken, each with a hint', async () => {
    const folder = temporaryFolder();
    const { services, ports } = await startServices({ data: join(folder, 'data') });
    const models = join(folder, 'models');
    await services.dispose();
    const other = await startServices({ data: join(folder, 'data'), paths: { ...ports.paths, bundledModels: models } });
    writeFileSync(join(folder, 'Broken.gguf'), 'GGUF and nothing more');
    await other.services.library.addFolder(folder);
    await other.services.library.whenScanned();
    const checks = new Map((await other.services.system.doctor()).map((check) => [check.id, check]));
    expect(checks.get('starter-models')).toMatchObject({ ok: false, hint: expect.any(String) });
    expect(checks.get('library')).toMatchObject({ ok: false, detail: expect.stringContaining('broken'), hint: expect.any(String) });
  });

  test('says that the data folder is gone', async () => {
    const { services, dataFolder } = await startServices();
    rmSync(dataFolder, { recursive: true });
    expect(await services.system.doctor()).toContainEqual(
      expect.objectContaining({ id: 'data-folder', ok: false, hint: expect.any(String) }),
    );
  });

  test('looks at hub and downloads without asking the hub, and shows no password', async () => {
    const { services, dataFolder } = await startServices({
      env: { HF_ENDPOINT: 'https://hub.invalid', HF_TOKEN: 'hf_secret', HTTPS_PROXY: 'http://ada:word@proxy.invalid:3128' },
    });
    services.settings.update({ downloadLayout: 'folder', downloadFolder: join(dataFolder, 'not', 'made', 'yet') });
    const found = (await services.system.doctor()).filter(({ id }) => id === 'hub' || id === 'downloads');
    expect(found).toEqual([
      {
        id: 'hub',
        ok: true,
        detail: 'https://hub.invalid, the token of HF_TOKEN, proxy http://proxy.invalid:3128; not asked',
        hint: null,
      },
      { id: 'downloads', ok: true, detail: expect.stringMatching(/made[\\/]yet, .* GB free$/), hint: null },
    ]);
  });

  test('says that the hub has no address, and that downloads lead below a file', async () => {
    const { services, dataFolder } = await startServices({ env: { HF_ENDPOINT: 'no address' } });
    writeFileSync(join(dataFolder, 'a-file'), '');
    services.settings.update({ downloadLayout: 'folder', downloadFolder: join(dataFolder, 'a-file', 'models') });
    const found = (await services.system.doctor()).filter(({ id }) => id === 'hub' || id === 'downloads');
    expect(found.map(({ ok }) => ok)).toEqual([false, false]);
    expect(found.every(({ hint }) => hint !== null)).toBe(true);
  });
});
