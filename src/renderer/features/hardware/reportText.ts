import { fitsInShort } from '#core/fit/reference/fitsInShort.ts';
import { inShortRows } from '#core/fit/reference/inShortRows.ts';
import type { WhatFits } from '#core/fit/reference/whatFits.ts';
import { formatCount, formatGibibytes, missing } from '#core/units.ts';
import type { LoadObservation } from '#shared/contract/fit.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import type { Settings } from '#shared/contract/settings.ts';
import type { About, DoctorCheck, Hardware } from '#shared/contract/system.ts';
import { estimatedMeasured, gibibytesFine } from '../../fit/fitFigures.ts';
import { backendName, bandwidthWords, machineFacts } from '../../ui/machineWords.ts';
import { engineRows, furtherEngineRows } from './engineRows.ts';
import { isSpeedLeast } from './isSpeedLeast.ts';
import { errorWords, placementWords } from './loadWords.ts';

export interface ReportFacts {
  readonly about: About;
  readonly hardware: Hardware;
  readonly checks: readonly DoctorCheck[];
  readonly settings: Settings | null;
  readonly grid: WhatFits | null;
  readonly loaded: readonly LoadedModel[];
  readonly loads: readonly LoadObservation[];
}

/** All that is known of this machine in Markdown, ready for a bug report. No path and nothing that was written to a model. */
export function reportText(facts: ReportFacts): string {
  const { about, hardware, checks } = facts;
  const runtime = about.electron === null ? `Node ${about.node}` : `Electron ${about.electron}, Node ${about.node}`;
  return [
    `# Rightsize ${about.version} on this machine`,
    '',
    `${about.host}, ${about.platform}, ${runtime}`,
    '',
    '## Machine',
    '',
    ...machineFacts(hardware).map((fact) => `- ${fact.label}: ${fact.value}, ${fact.detail}`),
    ...hardware.gpus.map((gpu) => `- ${gpuLine(gpu)}`),
    `- Memory bandwidth: ${bandwidthWords(hardware.memory)}, free now ${formatGibibytes(hardware.memory.availableBytes)}`,
    `- Processor instructions: ${hardware.cpu.features.join(' ') || missing}`,
    '',
    '## Engine',
    '',
    `- Version: ${hardware.engine ?? about.engine ?? 'unknown until a model is loaded'}`,
    ...[...engineRows(hardware, facts.settings), ...furtherEngineRows(hardware, facts.settings)].map(
      ([name, value]) => `- ${name}: ${value}`,
    ),
    ...calibrationLines(hardware),
    ...shortLines(facts.grid, hardware),
    ...loadedLines(facts.loaded),
    ...loadLines(facts.loads),
    '',
    '## Checks',
    '',
    ...checks.map((check) => `- ${check.ok ? 'ok' : 'FAIL'}: ${check.id}`),
    '',
  ].join('\n');
}

function gpuLine(gpu: Hardware['gpus'][number]): string {
  const speed =
    gpu.bandwidthBytesPerSecond === null
      ? 'bandwidth unknown'
      : `${Math.round(gpu.bandwidthBytesPerSecond / 1e9)} GB/s ${gpu.bandwidthSource ?? 'of unknown source'}`;
  return `${gpu.name}: ${backendName(gpu.backend)}, ${formatGibibytes(gpu.vramBytes)}, ${formatGibibytes(gpu.freeBytes)} free, ${speed}${gpu.unified ? ', shared with the processor' : ''}`;
}

function calibrationLines({ calibration }: Hardware): readonly string[] {
  if (calibration.loads === 0) return [];
  const { gpuOverheadBytes, ramOffsetBytes, cpuSpeedFactor, gpuSpeedFactor } = calibration;
  const parts = [
    gpuOverheadBytes === null ? null : `GPU overhead ${formatGibibytes(gpuOverheadBytes)}`,
    ramOffsetBytes === null ? null : `RAM offset ${ramOffsetBytes < 0 ? '−' : '+'}${formatGibibytes(Math.abs(ramOffsetBytes))}`,
    cpuSpeedFactor === null ? null : `CPU speed × ${cpuSpeedFactor.toFixed(2)}`,
    gpuSpeedFactor === null ? null : `GPU speed × ${gpuSpeedFactor.toFixed(2)}`,
  ].filter((part) => part !== null);
  return [`- Calibration: ${parts.length === 0 ? 'too few loads yet' : parts.join(', ')}`];
}

function shortLines(grid: WhatFits | null, hardware: Hardware): readonly string[] {
  if (grid === null) return [];
  const title = `## What fits at ${formatCount(grid.contextTokens)} context, ${grid.onGpu ? 'with the GPU' : 'without a GPU'}`;
  const rows = inShortRows(fitsInShort(grid), { onGpu: grid.onGpu, isSpeedLeast: isSpeedLeast(hardware, grid) });
  return ['', title, '', ...rows.map(({ name, value, quant }) => `- ${name}: ${value}${quant === null ? '' : ` ${quant}`}`)];
}

function loadedLines(loaded: readonly LoadedModel[]): readonly string[] {
  if (loaded.length === 0) return [];
  const line = (model: LoadedModel): string => {
    const { estimate, measured } = model;
    const bytes =
      estimate !== null && measured !== null
        ? `, ${estimatedMeasured({ estimated: estimate, measured })}`
        : measured === null
          ? ''
          : `, measured ${gibibytesFine(measured.totalBytes)}`;
    const layers = model.gpuLayers === null ? '' : `, ${model.gpuLayers} of ${model.layers ?? missing} layers on GPU`;
    return `- ${model.name} ${model.quant ?? ''}${layers}, ${formatCount(model.contextTokens)} context${bytes}`;
  };
  return ['', '## Loaded now', '', ...loaded.map(line)];
}

function loadLines(loads: readonly LoadObservation[]): readonly string[] {
  if (loads.length === 0) return [];
  const line = (load: LoadObservation): string =>
    `- ${load.name}, ${placementWords(load)}, ${backendName(load.backend)}: ${estimatedMeasured(load)} (${errorWords(load)})`;
  return ['', '## Recent loads', '', ...loads.map(line)];
}
