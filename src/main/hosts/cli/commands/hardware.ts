import { Command } from 'commander';
import { fitMachineOf } from '#core/fit/fitMachineOf.ts';
import { fitsInShort, usualQuant } from '#core/fit/reference/fitsInShort.ts';
import { inShortRows } from '#core/fit/reference/inShortRows.ts';
import { whatFits } from '#core/fit/reference/whatFits.ts';
import { formatCount, formatGibibytes, formatGigabytes, missing } from '#core/units.ts';
import type { SystemService } from '#main/services/system/systemService.ts';
import type { Hardware } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { openStandaloneSystem } from '../standaloneSystem.ts';

/** `hardware`: what this machine is. It needs no data folder, only remembers in it. */
export function hardwareCommand(context: CommandContext): Command {
  return new Command('hardware').description('tell what this machine is').action(async () => {
    const hardware = await readHardware(context);
    context.output.document(hardware);
    if (!context.output.json) context.output.text(hardwareText(hardware));
  });
}

async function readHardware(context: CommandContext): Promise<Hardware> {
  try {
    return await measured((await context.services()).system, context.signal);
  } catch (error) {
    if (!(error instanceof RpcError) || context.signal.aborted) throw error;
    context.output.note(`not remembered: ${error.message}`);
    const { system, close } = openStandaloneSystem(context.ports);
    try {
      return await measured(system, context.signal);
    } finally {
      await close();
    }
  }
}

async function measured(system: SystemService, signal: AbortSignal): Promise<Hardware> {
  const known = await system.hardware();
  const { bandwidthBytesPerSecond, bandwidthIsLeast } = known.memory;
  return bandwidthBytesPerSecond === null || bandwidthIsLeast === true ? await system.measureBandwidth({ signal }) : known;
}

const usualContextTokens = 8192;

function hardwareText(hardware: Hardware): string {
  const { cpu, memory, gpus, disk, engine } = hardware;
  const lines: [string, string][] = [
    ['CPU', `${cpu.model ?? 'unknown'}, ${cpu.physicalCores ?? missing} cores, ${cpu.logicalCores} threads`],
    ['Features', cpu.features.join(' ') || missing],
    ['Memory', `${formatGibibytes(memory.totalBytes)}, ${formatGibibytes(memory.availableBytes)} available`],
    ['Bandwidth', memoryBandwidthText(memory) ?? missing],
    ...gpus.map((gpu): [string, string] => ['GPU', gpuText(gpu)]),
    ...(gpus.length === 0 ? [['GPU', 'none that the engine can use'] as [string, string]] : []),
    ['Disk', `${disk.path}, ${formatGigabytes(disk.freeBytes)} free`],
    ['Engine', engine ?? missing],
    ['Fits', fitsText(hardware)],
  ];
  return lines.map(([name, value]) => `${name.padEnd(10)} ${value}\n`).join('');
}

/** The sizes that this machine takes, in one line. */
function fitsText(hardware: Hardware): string {
  const grid = whatFits(fitMachineOf(hardware), { contextTokens: usualContextTokens, withGpu: true });
  const isSpeedLeast = !grid.onGpu && hardware.memory.bandwidthIsLeast === true;
  const rows = inShortRows(fitsInShort(grid), { onGpu: grid.onGpu, isSpeedLeast });
  const facts = rows.map(
    ({ name, value, quant }) => `${name.charAt(0).toLowerCase()}${name.slice(1)} ${value}${quant === null ? '' : ` ${quant}`}`,
  );
  return `at ${usualQuant} and ${formatCount(grid.contextTokens)} context: ${facts.join('; ')}`;
}

function gpuText(gpu: Hardware['gpus'][number]): string {
  const parts = [
    `${gpu.name} (${gpu.backend})`,
    `${formatGibibytes(gpu.vramBytes)}${gpu.unified ? ' of the memory' : ''}`,
    `${formatGibibytes(gpu.freeBytes)} free`,
    bandwidthText(gpu.bandwidthBytesPerSecond, gpu.bandwidthSource),
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function memoryBandwidthText({ bandwidthBytesPerSecond, bandwidthIsLeast }: Hardware['memory']): string | null {
  const text = bandwidthText(bandwidthBytesPerSecond, 'measured');
  return text !== null && bandwidthIsLeast === true ? `at least ${text} while other programs were busy` : text;
}

function bandwidthText(bytesPerSecond: number | null, source: 'measured' | 'published' | null): string | null {
  return bytesPerSecond === null || source === null ? null : `${(bytesPerSecond / 1e9).toFixed(1)} GB/s, ${source}`;
}
