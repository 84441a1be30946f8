import { expect, test } from 'vitest';
import { type GpuCard, unreadCard } from '#main/services/system/gpus/gpuCard.ts';
import { createGpuCards } from '#main/services/system/gpus/gpuCards.ts';
import { createGpuFacts } from '#main/services/system/gpus/gpuFacts.ts';
import type { DeviceReport } from '#main/services/system/probeDevices.ts';
import type { GpuDevice } from '#shared/contract/runner.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { standInTool } from './standInTool.ts';

const gibibyte = 2 ** 30;
const name = 'NVIDIA GeForce RTX 4090';
const device: GpuDevice = {
  name,
  backend: 'vulkan',
  vramBytes: 24 * gibibyte,
  freeBytes: 24 * gibibyte,
  unified: false,
  bandwidthBytesPerSecond: null,
  bandwidthSource: null,
};

/** Facts over a system whose card has less free at every reading, and an engine that answers as told. */
function factsOf(answers: (() => Promise<DeviceReport>)[]) {
  const asked = { engine: 0, system: 0 };
  const read = async (): Promise<readonly GpuCard[]> => {
    asked.system++;
    return [{ ...unreadCard('nvidia', name), totalBytes: 24 * gibibyte, freeBytes: (20 - asked.system) * gibibyte }];
  };
  const facts = createGpuFacts({
    probe: () => answers[asked.engine++]?.() ?? Promise.reject(new Error('asked too often')),
    cards: { read, start: () => undefined, latest: read, stop: async () => undefined },
    memory: async () => ({ availableBytes: 8 * gibibyte, bandwidthBytesPerSecond: null }),
    platform: 'linux',
    log: { error: () => undefined, warn: () => undefined, info: () => undefined },
  });
  return { facts, asked };
}

const report = async (): Promise<DeviceReport> => ({ devices: [device], cpuFeatures: [], engine: 'test' });

test('the engine is asked once, what is free anew each time', async () => {
  const { facts, asked } = factsOf([report, report]);
  expect(await facts.devices()).toMatchObject([{ freeBytes: 19 * gibibyte, bandwidthSource: 'published' }]);
  expect(await facts.devices()).toMatchObject([{ freeBytes: 18 * gibibyte }]);
  expect(asked.engine).toBe(1);
  facts.forget();
  expect(await facts.devices()).toMatchObject([{ freeBytes: 17 * gibibyte }]);
  expect(asked.engine).toBe(2);
});

test('an engine that does not start has no devices, and is asked again', async () => {
  const fails = async (): Promise<DeviceReport> => Promise.reject(new RpcError('runner-crashed', 'The engine ended.'));
  const { facts, asked } = factsOf([fails, report]);
  expect(await facts.devices()).toEqual([]);
  expect(asked.system).toBe(0);
  expect(await facts.devices()).toHaveLength(1);
});

test('live readings never ask the engine, and name a card as the engine does once it has been asked', async () => {
  const { facts, asked } = factsOf([report]);
  expect(await facts.live.read()).toEqual([]);
  expect(asked.engine).toBe(0);
  await facts.devices();
  expect(await facts.live.read()).toMatchObject([{ name, memoryTotalBytes: 24 * gibibyte, loadPercent: null }]);
});

test.skipIf(process.platform === 'win32')('those who ask at once share one answer of the system', async () => {
  const tool = standInTool('nvidia-smi', `echo '0, 34, 5123, 19091, 24564, 61, 287.45, ${name}'`);
  const cards = createGpuCards({ env: { PATH: tool.folder }, platform: 'linux', sysfs: tool.folder, now: Date.now });
  const answers = await Promise.all([cards.read(), cards.read(), cards.read()]);
  expect(answers.map((answer) => answer.length)).toEqual([1, 1, 1]);
  expect(tool.calls()).toHaveLength(1);
  await cards.read();
  expect(tool.calls()).toHaveLength(2);
});
