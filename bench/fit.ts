import { estimateFit } from '#core/fit/estimateFit.ts';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import { compare, engineRows, frozenShape, kindOf, machineOf, measuredLoads, spreadOf } from '../tests/fixtures/fit/frozenTable.ts';
import { differences, type EngineAtHand, openEngineAtHand } from './fitEngine.ts';
import { printLoads } from './fitLoads.ts';

/**
 * How far the estimate is from what the engine itself reserves, over the frozen table of tests/fixtures/fit and by its own dry run on this
 * machine, how far from the memory of real processes, what one estimate takes in time, and how far dry runs are from real loads.
 *
 * Usage: node bench/fit.ts [table] [engine] [loads] [--worst 10]; all three parts where none is named
 */
const worstShown = Number(process.argv[process.argv.indexOf('--worst') + 1] ?? 0) || 0;
const parts = ['table', 'engine', 'loads'].filter((part) => process.argv.includes(part));
const isWanted = (part: 'table' | 'engine' | 'loads'): boolean => parts.length === 0 || parts.includes(part);

console.log('| case | n | median | p95 | max | share below −2 % | to the byte |');
console.log('|---|---|---|---|---|---|---|');
if (isWanted('table')) await compareWithTable();
if (isWanted('engine') || isWanted('loads')) await compareWithEngine();

async function compareWithTable(): Promise<void> {
  const compared = await Promise.all(engineRows.map(compare));
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
}

/** A software Vulkan driver is used where there is no other; it binds 128 MiB at most, and larger tensors stay in RAM. */
async function compareWithEngine(): Promise<void> {
  process.env['GGML_VK_VISIBLE_DEVICES'] ??= '0';
  await using engine = openEngineAtHand();
  const device = await vulkanDevice(engine);
  console.log(device === null ? 'No Vulkan device: GPU left out.' : `Vulkan device: ${device}`);
  if (isWanted('engine')) await printEngine(engine, device);
  if (isWanted('loads')) await printLoads(engine, device === null ? ['cpu'] : ['cpu', 'vulkan']);
}

async function printEngine(engine: EngineAtHand, device: string | null): Promise<void> {
  await printDifferences(engine, { name: 'this machine, CPU', backend: 'cpu', layersOnGpu: () => [0] });
  if (device === null) return;
  const vulkan = { backend: 'vulkan' as const, ...(/llvmpipe/i.test(device) && { largestBufferBytes: 2 ** 27 }) };
  await printDifferences(engine, { name: 'this machine, Vulkan, full offload', ...vulkan, layersOnGpu: (layers) => [layers] });
  const partial = (layers: number): readonly number[] => [1, Math.round(layers / 2), layers - 1];
  await printDifferences(engine, { name: 'this machine, Vulkan, partial offload', ...vulkan, layersOnGpu: partial });
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
