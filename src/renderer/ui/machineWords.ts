import { formatGibibytes, formatGigabytes } from '#core/units.ts';
import type { Hardware } from '#shared/contract/system.ts';

export interface Fact {
  readonly kind: 'gpu' | 'processor' | 'memory' | 'disk';
  readonly label: string;
  readonly value: string;
  readonly detail: string;
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
      detail: [coreWords(hardware), bestFeature(cpu.features)].filter(Boolean).join(', '),
    },
    {
      kind: 'memory',
      label: 'Memory',
      value: formatGibibytes(memory.totalBytes),
      detail: bandwidthWords(memory.bandwidthBytesPerSecond),
    },
    {
      kind: 'disk',
      label: 'Disk',
      value: disk.freeBytes === null ? '–' : `${formatGigabytes(disk.freeBytes)} free`,
      detail: disk.totalBytes === null ? '–' : `of ${formatGigabytes(disk.totalBytes)}`,
    },
  ];
}

function gpuFact({ gpus }: Hardware): Fact {
  const gpu = gpus[0];
  if (gpu === undefined) return { kind: 'gpu', label: 'GPU', value: 'No GPU found', detail: 'Models run on the processor' };
  const parts = [
    gpu.vramBytes === null ? null : formatGibibytes(gpu.vramBytes),
    backendName(gpu.backend),
    gpu.unified ? 'shared with the processor' : null,
  ];
  return {
    kind: 'gpu',
    label: gpus.length > 1 ? `GPU, 1 of ${gpus.length}` : 'GPU',
    value: gpu.name,
    detail: parts.filter(Boolean).join(', '),
  };
}

/** @returns "6 cores, 12 threads". */
export function coreWords({ cpu }: Hardware): string {
  const threads = cpu.logicalCores === 1 ? '1 thread' : `${cpu.logicalCores} threads`;
  if (cpu.physicalCores === null) return threads;
  const cores = cpu.physicalCores === 1 ? '1 core' : `${cpu.physicalCores} cores`;
  return cpu.physicalCores === cpu.logicalCores ? cores : `${cores}, ${threads}`;
}

export function bandwidthWords(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? 'speed not measured' : `${Math.round(bytesPerSecond / 1e9)} GB/s measured`;
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
