import { fitMachineOf } from '#core/fit/fitMachineOf.ts';
import type { FitCalibration } from '#core/fit/fitTypes.ts';
import { gpuMarginBytes, marginBytes } from '#core/fit/overhead.ts';
import { formatCount, formatGibibytes } from '#core/units.ts';
import type { Settings } from '#shared/contract/settings.ts';
import type { Hardware } from '#shared/contract/system.ts';
import { backendName, largestGpu } from '../../ui/machineWords.ts';

export type EngineRow = readonly [name: string, value: string];

/** What runs the models here, and how it loads them unless told otherwise. */
export function engineRows(hardware: Hardware, settings: Settings | null): readonly EngineRow[] {
  const gpu = usedGpu(hardware, settings);
  return [
    ['Backend', backendName(gpu?.backend ?? 'cpu')],
    ['Flash attention', 'on'],
    ['KV cache', 'f16'],
    gpu?.vramBytes == null || gpu.unified
      ? ['Keep free in RAM', fine(marginBytes(hardware.memory.totalBytes))]
      : ['Keep free on GPU', fine(gpuMarginBytes(fitMachineOf(hardware)))],
  ];
}

/** The rest of it, for a report. */
export function furtherEngineRows(hardware: Hardware, settings: Settings | null): readonly EngineRow[] {
  const { physicalCores, logicalCores } = hardware.cpu;
  const threads = settings?.threads ?? Math.max(1, (physicalCores ?? logicalCores) - 1);
  return [
    ['Threads', `${threads} of ${logicalCores}${settings?.threads == null ? ', chosen by Rightsize' : ''}`],
    ['Context', settings?.contextTokens == null ? 'the model’s own, at most 8,192' : formatCount(settings.contextTokens)],
    ['Learned from', learnedWords(hardware.calibration)],
  ];
}

function usedGpu(hardware: Hardware, settings: Settings | null): Hardware['gpus'][number] | null {
  return settings?.gpu === 'off' ? null : largestGpu(hardware);
}

/** @returns such as `12 loads here`, `no load yet` */
export function learnedWords({ loads }: FitCalibration): string {
  return loads === 0 ? 'no load yet' : loads === 1 ? '1 load here' : `${formatCount(loads)} loads here`;
}

function fine(bytes: number): string {
  return bytes < 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(2)} GiB` : formatGibibytes(bytes);
}
