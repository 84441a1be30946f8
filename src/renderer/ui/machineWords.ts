import { plannedGpus } from '#core/fit/fitMachineOf.ts';
import { formatCount, formatGibibytes, formatGigabytes } from '#core/units.ts';
import type { Hardware } from '#shared/contract/system.ts';

export interface Fact {
  readonly kind: 'gpu' | 'processor' | 'memory' | 'disk';
  readonly label: string;
  readonly value: string;
  /** Where there is little room. */
  readonly short?: string;
  readonly detail: string;
  /** Where a figure of the detail is from. */
  readonly source?: string;
}

/** @returns the four facts of a machine in words. Unknown stays an en dash. */
export function machineFacts(hardware: Hardware): readonly Fact[] {
  const { cpu, memory, disk } = hardware;
  return [
    gpuFact(hardware),
    {
      kind: 'processor',
      label: 'Processor',
      value: cpu.model ?? '–',
      ...(cpu.model === null ? {} : { short: shortName(cpu.model) }),
      detail: [coreWords(hardware), bestFeature(cpu.features)].filter(Boolean).join(', '),
    },
    {
      kind: 'memory',
      label: 'Memory',
      value: formatGibibytes(memory.totalBytes),
      detail: bandwidthWords(memory),
    },
    {
      kind: 'disk',
      label: 'Disk',
      value: disk.freeBytes === null ? '–' : `${diskSize(disk.freeBytes)} free`,
      detail: disk.totalBytes === null ? '–' : `of ${diskSize(disk.totalBytes)}`,
    },
  ];
}

/** A disk is no matter of tenths. @returns such as `98 GB`, `3.2 GB` */
function diskSize(bytes: number): string {
  return bytes < 9.95e9 ? formatGigabytes(bytes) : `${formatCount(bytes / 1e9)} GB`;
}

function gpuFact(hardware: Hardware): Fact {
  const gpu = largestGpu(hardware);
  if (gpu === null) return { kind: 'gpu', label: 'GPU', value: 'No GPU found', detail: 'Models run on the processor' };
  const parts = [
    gpu.vramBytes === null ? null : formatGibibytes(gpu.vramBytes),
    gpu.bandwidthBytesPerSecond === null ? null : `${Math.round(gpu.bandwidthBytesPerSecond / 1e9)} GB/s`,
    backendName(gpu.backend),
    gpu.unified ? 'shared memory' : null,
    ...hardware.gpus.filter((other) => other !== gpu).map((other) => `also ${shortName(other.name)}, ${formatGibibytes(other.vramBytes)}`),
  ];
  const { bandwidthSource } = gpu;
  return {
    kind: 'gpu',
    label: hardware.gpus.length > 1 ? `GPU, 1 of ${hardware.gpus.length}` : 'GPU',
    value: gpu.name,
    short: shortName(gpu.name),
    detail: parts.filter(Boolean).join(', '),
    ...(bandwidthSource === null
      ? {}
      : { source: `Bandwidth as ${bandwidthSource === 'published' ? 'its maker publishes it' : 'measured here'}.` }),
  };
}

/** Of the GPUs that models are planned for the one with the most memory; where none tells its memory, the first. @returns null where there is none */
export function largestGpu({ gpus }: Hardware): Hardware['gpus'][number] | null {
  return plannedGpus(gpus).toSorted((a, b) => b.vramBytes - a.vramBytes)[0] ?? gpus[0] ?? null;
}

const makers = /^(?:NVIDIA|AMD|Intel)(?:\(R\))?\s+/i;

/** What a driver says of itself behind the name of a card. */
const driverRemark = /(?<=\S)\s+\([^()]*\)$/;

/**
 * The name of a GPU or processor without what its driver adds, and without its maker where the rest names it alone: by a number.
 * @returns such as `GeForce RTX 3060`, `Ryzen 5 5600X`; `AMD Radeon Graphics` of `AMD Radeon Graphics (RADV RENOIR)`
 */
export function shortName(name: string): string {
  const card = name.replace(driverRemark, '');
  const rest = card.replace(makers, '');
  return /\d/.test(rest) ? rest : card;
}

/** @returns "6 cores, 12 threads". */
export function coreWords({ cpu }: Hardware): string {
  const threads = cpu.logicalCores === 1 ? '1 thread' : `${cpu.logicalCores} threads`;
  if (cpu.physicalCores === null) return threads;
  const cores = cpu.physicalCores === 1 ? '1 core' : `${cpu.physicalCores} cores`;
  return cpu.physicalCores === cpu.logicalCores ? cores : `${cores}, ${threads}`;
}

/** @returns such as `41 GB/s measured`; `at least 9 GB/s` where other programs were busy meanwhile */
export function bandwidthWords({ bandwidthBytesPerSecond, bandwidthIsLeast }: Hardware['memory']): string {
  if (bandwidthBytesPerSecond === null) return 'speed not measured';
  const rate = `${Math.round(bandwidthBytesPerSecond / 1e9)} GB/s`;
  return bandwidthIsLeast === true ? `at least ${rate}` : `${rate} measured`;
}

export function backendName(backend: string): string {
  const names: Readonly<Record<string, string>> = { cpu: 'Processor', cuda: 'CUDA', vulkan: 'Vulkan', metal: 'Metal' };
  return names[backend] ?? backend;
}

const featureNames: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/amx/i, 'AMX'],
  [/avx[-_ ]?512/i, 'AVX-512'],
  [/avx2/i, 'AVX2'],
  [/^avx$/i, 'AVX'],
  [/sve/i, 'SVE'],
  [/neon|asimd/i, 'NEON'],
];

function bestFeature(features: readonly string[]): string | null {
  return featureNames.find(([pattern]) => features.some((feature) => pattern.test(feature)))?.[1] ?? null;
}
