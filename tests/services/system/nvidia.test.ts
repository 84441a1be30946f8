import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findTool } from '#main/services/system/findTool.ts';
import { parseCardRow, parseGpuProcesses, readGpuProcesses, readNvidiaCards } from '#main/services/system/gpus/nvidiaSmi.ts';
import { createNvidiaWatch, type NvidiaWatch } from '#main/services/system/gpus/watchNvidia.ts';
import { runTool } from '#main/services/system/runTool.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { isThere, type StandInTool, standInTool } from './standInTool.ts';

const mebibyte = 2 ** 20;
const row = '0, 34, 5123, 19091, 24564, 61, 287.45, NVIDIA GeForce RTX 4090';
const secondRow = '1, 0, 12, 24200, 24564, 38, 21.10, NVIDIA GeForce RTX 4090';
const card = {
  vendor: 'nvidia',
  name: 'NVIDIA GeForce RTX 4090',
  loadPercent: 34,
  usedBytes: 5123 * mebibyte,
  freeBytes: 19091 * mebibyte,
  totalBytes: 24564 * mebibyte,
  shared: null,
  temperatureCelsius: 61,
  powerWatts: 287.45,
};
const hour = 3_600_000;

describe('what nvidia-smi prints', () => {
  test('is a card a line', () => {
    expect(parseCardRow(row)).toEqual({ index: 0, card });
    expect(parseCardRow(`${secondRow}\r`)).toMatchObject({ index: 1, card: { loadPercent: 0, usedBytes: 12 * mebibyte } });
  });

  test.each(['[N/A]', '[Not Supported]', '[Unknown Error]', '[Insufficient Permissions]', '[GPU requires reset]', '', '-1', 'NaN', '1e3'])(
    'is unknown where it says %j',
    (word) => {
      const told = parseCardRow(`0, ${Array.from({ length: 6 }, () => word).join(', ')}, NVIDIA Graphics Device`)?.card;
      expect(told).toEqual({
        ...card,
        name: 'NVIDIA Graphics Device',
        loadPercent: null,
        usedBytes: null,
        freeBytes: null,
        totalBytes: null,
        temperatureCelsius: null,
        powerWatts: null,
      });
    },
  );

  test.each([
    'No devices were found',
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
    'Failed to initialize NVML: Driver/library version mismatch',
    'Field "power.draw" is not a valid field to query.',
    '0, 34, 5123',
    '',
    'x, 1, 1, 1, 1, 1, 1, GPU',
    ','.repeat(10_000),
  ])('is no card: %j', (line) => {
    expect(parseCardRow(line)).toBeUndefined();
  });

  test('names a card in one short line whatever stands there', () => {
    expect(parseCardRow(`0, 1, 1, 1, 1, 1, 1, Card\u001b[31m, \u202eodd\u0007 ${'x'.repeat(500)}`)?.card.name).toMatch(
      /^Card \[31m, odd x{1,45}…$/,
    );
  });

  test('is programs with memory, whatever they call themselves, and nothing where the driver does not tell', () => {
    const text = [
      '4242, /opt/llm/bin/llama-server, 5120',
      '77, C:\\a, b\\game, 2.exe, 300',
      '78, /usr/bin/browser, [N/A]',
      '79, [Not Found], 10',
      'noise',
      '',
    ];
    expect(parseGpuProcesses(text.join('\n'))).toEqual([
      { pid: 4242, path: '/opt/llm/bin/llama-server', bytes: 5120 * mebibyte },
      { pid: 77, path: 'C:\\a, b\\game, 2.exe', bytes: 300 * mebibyte },
      { pid: 79, path: null, bytes: 10 * mebibyte },
    ]);
  });
});

test.skipIf(process.platform === 'win32')('a tool is looked up in absolute folders of this machine only', async () => {
  const { folder } = standInTool('nvidia-smi', 'exit 0');
  const find = (path: string, usual: readonly string[] = []) => findTool('nvidia-smi', { env: { PATH: path }, platform: 'linux', usual });
  expect(await find(`relative:.::/nowhere:${folder}`)).toBe(join(folder, 'nvidia-smi'));
  expect(await find('', [folder])).toBe(join(folder, 'nvidia-smi'));
  for (const path of ['', '.', relative(process.cwd(), folder), `/${folder}`]) expect(await find(path)).toBeUndefined();
});

describe.skipIf(process.platform === 'win32')('nvidia-smi asked once', () => {
  test('tells every card', async () => {
    const tool = standInTool('nvidia-smi', `echo '${secondRow}'; echo '${row}'`);
    expect(await readNvidiaCards(worldOf(tool))).toMatchObject([card, { usedBytes: 12 * mebibyte }]);
    expect(tool.calls()).toEqual([expect.stringContaining('--query-gpu=index,')]);
  });

  test('tells none where it fails, hangs, floods or is no program', async () => {
    const tools = ["echo 'No devices were found'; exit 6", `echo '${row}'; exit 9`, 'kill -9 $$', 'exec /usr/bin/yes garbage'];
    for (const script of tools) expect(await readNvidiaCards(worldOf(standInTool('nvidia-smi', script)))).toEqual([]);
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'nvidia-smi'), '#!/nowhere/at/all\n');
    chmodSync(join(folder, 'nvidia-smi'), 0o755);
    expect(await readNvidiaCards({ env: { PATH: folder }, platform: 'linux', sysfs: folder })).toEqual([]);
    const hanging = standInTool('nvidia-smi', 'exec /bin/sleep 1000');
    expect(await runTool(join(hanging.folder, 'nvidia-smi'), [], { env: {}, timeoutMs: 50 })).toBeNull();
  });

  test('is given no secret', async () => {
    const tool = standInTool('nvidia-smi', 'echo "1, $HF_TOKEN$HTTPS_PROXY-, 5"');
    const env = { PATH: tool.folder, HF_TOKEN: 'hf_secret', HTTPS_PROXY: 'http://ada:word@proxy.invalid' };
    expect(await readGpuProcesses({ env, platform: 'linux', sysfs: tool.folder })).toEqual([{ pid: 1, path: '-', bytes: 5 * mebibyte }]);
  });

  test('is not asked while every card sleeps: that would wake them', async () => {
    const tool = standInTool('nvidia-smi', `echo '${row}'`);
    const power = join(tool.folder, 'bus/pci/drivers/nvidia/0000:01:00.0/power');
    mkdirSync(power, { recursive: true });
    writeFileSync(join(power, 'runtime_status'), 'suspended\n');
    expect(await readNvidiaCards(worldOf(tool))).toEqual([]);
    expect(tool.calls()).toEqual([]);
    writeFileSync(join(power, 'runtime_status'), 'active\n');
    expect(await readNvidiaCards(worldOf(tool))).toHaveLength(1);
  });
});

describe.skipIf(process.platform === 'win32')('nvidia-smi kept running', () => {
  test('is asked as often as told: ten times a second while a benchmark answers', async () => {
    const tool = standInTool('nvidia-smi', `echo '${row}'; /bin/sleep 5`);
    const watch = createNvidiaWatch({ ...worldOf(tool), now: Date.now, everyMs: 100 });
    watch.start();
    await expect.poll(() => watch.cards()).toHaveLength(1);
    await watch.stop();
    expect(tool.calls()).toEqual([expect.stringMatching(/ -lms 100$/)]);
  });

  test('reads every card through one process that ends with the watch', async () => {
    const tool = standInTool('nvidia-smi', `while :; do echo '${row}'; echo '${secondRow}'; /bin/sleep 0.02; done`);
    const watch = watchOf(tool);
    expect(watch.cards()).toEqual([]);
    watch.start();
    await expect.poll(() => watch.cards()).toHaveLength(2);
    expect(watch.cards()[0]).toEqual(card);
    await watch.stop();
    expect(watch.cards()).toEqual([]);
    expect(tool.calls()).toEqual([expect.stringMatching(/^--query-gpu=.* -lms 1000$/)]);
    expect(tool.pids().filter(isThere)).toEqual([]);
  });

  test('that goes silent is told as unknown, ended, and tried again', async () => {
    const tool = standInTool('nvidia-smi', `echo '${row}'; exec /bin/sleep 1000`);
    const clock = { ms: 1000 };
    const watch = watchOf(tool, { now: () => clock.ms, pausesMs: [1] });
    watch.start();
    await expect.poll(() => watch.cards()).toEqual([card]);
    const [first = 0] = tool.pids();
    clock.ms += 5000;
    expect(watch.cards()).toEqual([
      { ...card, loadPercent: null, usedBytes: null, freeBytes: null, temperatureCelsius: null, powerWatts: null },
    ]);
    expect(isThere(first)).toBe(true);
    clock.ms += 30_000;
    watch.cards();
    await expect.poll(() => isThere(first)).toBe(false);
    await expect.poll(() => tool.pids()).toHaveLength(2);
    await expect.poll(() => watch.cards()).toEqual([card]);
    await watch.stop();
    expect(tool.pids().filter(isThere)).toEqual([]);
  });

  test('that ends is tried again after ever longer pauses, not in a loop', async () => {
    const tool = standInTool('nvidia-smi', "echo 'No devices were found'; exit 6");
    const watch = watchOf(tool, { pausesMs: [1, 1, hour] });
    watch.start();
    await expect.poll(() => tool.pids()).toHaveLength(3);
    await expect.poll(() => tool.pids().some(isThere)).toBe(false);
    expect(watch.cards()).toEqual([]);
    await watch.stop();
    expect(tool.pids()).toHaveLength(3);
  });

  test('that prints nothing but rubbish is ended', async () => {
    const tool = standInTool('nvidia-smi', 'exec /usr/bin/yes garbage');
    const watch = watchOf(tool);
    watch.start();
    await expect.poll(() => tool.pids().length === 1 && !tool.pids().some(isThere)).toBe(true);
    expect(watch.cards()).toEqual([]);
  });

  test('that cannot be started harms nothing', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'nvidia-smi'), '#!/nowhere/at/all\n');
    chmodSync(join(folder, 'nvidia-smi'), 0o755);
    const watch = createNvidiaWatch({ env: { PATH: folder }, platform: 'linux', sysfs: folder, now: Date.now, pausesMs: [hour] });
    watch.start();
    expect(watch.cards()).toEqual([]);
    await watch.stop();
  });

  test('that is stopped before it began does not begin', async () => {
    const tool = standInTool('nvidia-smi', 'exec /bin/sleep 1000');
    const watch = watchOf(tool);
    watch.start();
    await watch.stop();
    watch.start();
    await expect.poll(() => tool.pids()).toHaveLength(1);
    await watch.stop();
    expect(tool.pids().filter(isThere)).toEqual([]);
    expect(tool.pids()).toHaveLength(1);
  });
});

function worldOf(tool: StandInTool) {
  return { env: { PATH: tool.folder }, platform: 'linux', sysfs: tool.folder } as const;
}

function watchOf(tool: StandInTool, options: { readonly now?: () => number; readonly pausesMs?: readonly number[] } = {}): NvidiaWatch {
  const watch = createNvidiaWatch({ ...worldOf(tool), now: Date.now, pausesMs: [hour], ...options });
  onTestFinished(() => watch.stop());
  return watch;
}
