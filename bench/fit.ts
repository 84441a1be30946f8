import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { estimateFit } from '#core/fit/estimateFit.ts';
import type { FitMachine, FitShape } from '#core/fit/fitTypes.ts';
import {
  compare,
  engineRows,
  frozenShape,
  kindOf,
  machineOf,
  measuredLoads,
  readShape,
  spreadOf,
} from '../tests/fixtures/fit/frozenTable.ts';
import { smallShape, writeSmallModel } from '../tests/fixtures/fit/smallModel.ts';
import { type Backend, differences, type EngineAtHand, openEngineAtHand, type RealLoad, realLoad } from './fitEngine.ts';

/**
 * How far the estimate is from what the engine itself reserves, over the frozen table of tests/fixtures/fit and by its own dry run on this
 * machine, how far from the memory of real processes, what one estimate takes in time, and how far dry runs are from real loads.
 *
 * Usage: node bench/fit.ts [--worst 10] [--no-engine]
 */
const worstShown = Number(process.argv[process.argv.indexOf('--worst') + 1] ?? 0) || 0;
const compared = await Promise.all(engineRows.map(compare));

console.log('| case | n | median | p95 | max | share below −2 % | to the byte |');
console.log('|---|---|---|---|---|---|---|');
for (const kind of ['full offload', 'partial offload or experts in RAM', 'CPU'] as const) {
  print(
    kind,
    compared.filter(({ row }) => kindOf(row) === kind).map(({ error }) => error),
  );
}
for (const backend of ['cuda', 'metal'] as const) {
  print(
    `${backend} alone`,
    compared.filter(({ row }) => row.backend === backend).map(({ error }) => error),
  );
}

const loads = measuredLoads();
const processErrors = await Promise.all(
  loads.map(async (load) => {
    const { contextTokens, batchTokens, kvType, flashAttention, sequences } = load;
    const options = { contextTokens, batchTokens, kvType, flashAttention, sequences, gpuLayers: 0, expertsInRamLayers: 0 };
    const { bytes } = estimateFit(await frozenShape(`${load.model}.Q4_K_M`), machineOf('cpu'), options);
    return { error: bytes.ram / load.residentBytes - 1, flashAttention };
  }),
);
print(
  'memory of a process, CPU, flash attention',
  processErrors.filter(({ flashAttention }) => flashAttention).map(({ error }) => error),
);
print(
  'memory of a process, CPU, without',
  processErrors.filter(({ flashAttention }) => !flashAttention).map(({ error }) => error),
);

if (worstShown > 0) {
  const worst = compared.toSorted((a, b) => Math.abs(b.error) - Math.abs(a.error)).slice(0, worstShown);
  for (const { row, error } of worst) {
    const { bytes: _, ...configuration } = row;
    console.log(`${(error * 100).toFixed(3)} % ${JSON.stringify(configuration)}`);
  }
}
await printTimes();
if (!process.argv.includes('--no-engine')) await compareWithEngine();

/** A software Vulkan driver is used where there is no other; it binds 128 MiB at most, and larger tensors stay in RAM. */
async function compareWithEngine(): Promise<void> {
  process.env['GGML_VK_VISIBLE_DEVICES'] ??= '0';
  await using engine = openEngineAtHand();
  await printDifferences(engine, { name: 'this machine, CPU', backend: 'cpu', layersOnGpu: () => [0] });
  const device = await vulkanDevice(engine);
  console.log(device === null ? 'No Vulkan device: GPU left out.' : `Vulkan device: ${device}`);
  if (device !== null) {
    const vulkan = { backend: 'vulkan' as const, ...(/llvmpipe/i.test(device) && { largestBufferBytes: 2 ** 27 }) };
    await printDifferences(engine, { name: 'this machine, Vulkan, full offload', ...vulkan, layersOnGpu: (layers) => [layers] });
    const partial = (layers: number): readonly number[] => [1, Math.round(layers / 2), layers - 1];
    await printDifferences(engine, { name: 'this machine, Vulkan, partial offload', ...vulkan, layersOnGpu: partial });
  }
  await printLoads(engine, device === null ? ['cpu'] : ['cpu', 'vulkan']);
}

async function printDifferences(engine: EngineAtHand, of: Parameters<typeof differences>[1] & { readonly name: string }): Promise<void> {
  const { found, refused } = await differences(engine, of);
  for (const [words, isFlash] of [
    ['flash attention', true],
    ['without', false],
  ] as const) {
    const errors = found.filter(({ flashAttention }) => flashAttention === isFlash).map(({ error }) => error);
    print(`${of.name}, ${words}`, errors);
  }
  if (refused.length > 0) console.log(`refused by the engine: ${refused.length}, such as ${refused[0]}`);
  const worst = found.toSorted((a, b) => Math.abs(b.error) - Math.abs(a.error)).slice(0, worstShown);
  for (const { what, error } of worst) console.log(`${(error * 100).toFixed(3)} % ${what}`);
}

async function vulkanDevice(engine: EngineAtHand): Promise<string | null> {
  const runner = await engine.fresh();
  const { devices } = await runner.devices();
  await runner.stop();
  return devices.find(({ backend }) => backend === 'vulkan')?.name ?? null;
}

/** Starter models, and first layers of larger ones with weights of zeros. */
async function printLoads(engine: EngineAtHand, backends: readonly Backend[]): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'rightsize-fit-'));
  const loads: RealLoad[] = [];
  try {
    for (const { path, shape } of await loadableModels(scratch)) {
      const layers = Number(shape.hyperparameters.block_count) + 1;
      for (const backend of backends) {
        for (const gpuLayers of backend === 'cpu' ? [0] : [layers, Math.floor(layers / 2), 0]) {
          const placement = {
            contextTokens: 1500,
            kvType: 'f16',
            flashAttention: true,
            batchTokens: 128,
            sequences: 1,
            gpuLayers,
          } as const;
          for (const changes of [{}, { contextTokens: 700, kvType: 'q8_0' }, { flashAttention: false, batchTokens: 100 }] as const) {
            loads.push(await realLoad(engine, { path, shape, backend, placement: { ...placement, ...changes } }));
          }
        }
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const off = loads.map(({ gpuBytesOff, ramBytesOff }) =>
    gpuBytesOff === null || ramBytesOff === null ? null : Math.abs(gpuBytesOff) + Math.abs(ramBytesOff),
  );
  const known = off.filter((bytes) => bytes !== null);
  console.log(
    `dry runs beside real loads: ${known.filter((bytes) => bytes === 0).length} of ${loads.length} equal to the byte, largest difference ${Math.max(...known)} bytes, ${off.length - known.length} unknown`,
  );
}

async function loadableModels(scratch: string): Promise<readonly { readonly path: string; readonly shape: FitShape }[]> {
  const starters = fileURLToPath(new URL('../resources/models/', import.meta.url));
  const paths = readdirSync(starters).filter((name) => name.endsWith('.gguf'));
  const shipped = paths.map(async (name) => ({ path: starters + name, shape: await readShape(starters + name) }));
  const firstLayers: readonly (readonly [string, number])[] = [
    ['llama-3.2-1b.Q4_K_M', 2],
    ['qwen3-0.6b.Q4_0', 3],
    ['h-gemma3-1b.Q5_K_M', 7],
    ['lfm2-1.2b.Q4_0', 3],
    ['phi-4-mini.Q4_K_M', 1],
    ['smollm2-360m.Q8_0', 4],
    ['granite-4.0-h-tiny.Q4_0', 6],
  ];
  const cut = firstLayers.map(async ([file, layers]) => {
    const shape = smallShape(await frozenShape(file), layers);
    const path = join(scratch, `${file}.gguf`);
    writeSmallModel(path, shape);
    return { path, shape };
  });
  return await Promise.all([...shipped, ...cut]);
}

function print(name: string, errors: readonly number[]): void {
  const { median, p95, max, lowShare } = spreadOf(errors);
  const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)} %`;
  const exact = errors.filter((error) => error === 0).length / errors.length;
  console.log(
    `| ${name} | ${errors.length} | ${percent(median)} | ${percent(p95)} | ${percent(max)} | ${percent(lowShare, 1)} | ${percent(exact, 0)} |`,
  );
}

/**
 * Processor time, so that other programs do not count; with the search for layers and context. A model is met for the first time (its shape is a new
 * object, so nothing is kept from before), then its context is moved as a slider does.
 */
async function printTimes(): Promise<void> {
  const gibibyte = 2 ** 30;
  const ram = { ramBytes: 32 * gibibyte, ramAvailableBytes: 28 * gibibyte, bandwidthBytesPerSecond: 40e9 };
  const laptop: FitMachine = { ...ram, gpu: null };
  const gpu: FitMachine = { ...ram, gpu: { backend: 'cuda', vramBytes: 8 * gibibyte, freeBytes: 7.5 * gibibyte, unified: false } };
  const options = { kvType: 'f16', flashAttention: true, batchTokens: null, gpuLayers: null, expertsInRamLayers: 0, sequences: 1 } as const;
  const times: { readonly state: string; readonly first: number; readonly moved: number }[] = [];
  for (const file of new Set(engineRows.map((row) => row.file))) {
    const shape = await frozenShape(file);
    for (const machine of [laptop, gpu]) {
      const first = (): unknown => estimateFit({ ...shape }, machine, { ...options, contextTokens: 8192 });
      const moved = (index: number): unknown => estimateFit(shape, machine, { ...options, contextTokens: 512 + 192 * index });
      for (let index = 0; index < 20; index += 1) first();
      const { state } = estimateFit(shape, machine, { ...options, contextTokens: 8192 });
      times.push({ state, first: millisecondsOf(first), moved: millisecondsOf(moved) });
    }
  }
  for (const state of ['gpu', 'cpu', 'partial', 'none'] as const) {
    const found = times.filter((time) => time.state === state);
    for (const kind of ['first', 'moved'] as const)
      printTime(
        `${state}, ${kind}`,
        found.map((time) => time[kind]).sort((a, b) => a - b),
      );
  }
}

/** Of one call, from forty. */
function millisecondsOf(run: (index: number) => unknown): number {
  const start = process.cpuUsage();
  for (let index = 0; index < 40; index += 1) run(index);
  const used = process.cpuUsage(start);
  return (used.user + used.system) / 40_000;
}

function printTime(name: string, sorted: readonly number[]): void {
  const at = (share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(2);
  if (sorted.length > 0) console.log(`${name}: median ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms a case (n ${sorted.length})`);
}
