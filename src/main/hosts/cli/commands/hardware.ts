import { Command } from 'commander';
import { formatGibibytes, formatGigabytes, missing } from '#core/units.ts';
import type { Hardware } from '#shared/contract/system.ts';
import type { CommandContext } from '../commandContext.ts';

/** `hardware`: what this machine is. */
export function hardwareCommand(context: CommandContext): Command {
  return new Command('hardware').description('tell what this machine is').action(async () => {
    const { system } = await context.services();
    const known = await system.hardware();
    const hardware = known.memory.bandwidthBytesPerSecond === null ? await system.measureBandwidth({ signal: context.signal }) : known;
    context.output.document(hardware);
    if (!context.output.json) context.output.text(hardwareText(hardware));
  });
}

function hardwareText({ cpu, memory, gpus, disk, engine }: Hardware): string {
  const bandwidth = memory.bandwidthBytesPerSecond;
  const lines: [string, string][] = [
    ['CPU', `${cpu.model ?? 'unknown'}, ${cpu.physicalCores ?? missing} cores, ${cpu.logicalCores} threads`],
    ['Features', cpu.features.join(' ') || missing],
    ['Memory', `${formatGibibytes(memory.totalBytes)}, ${formatGibibytes(memory.availableBytes)} available`],
    ['Bandwidth', bandwidth === null ? missing : `${(bandwidth / 1e9).toFixed(1)} GB/s, measured`],
    ...gpus.map((gpu): [string, string] => [
      'GPU',
      `${gpu.name} (${gpu.backend}), ${formatGibibytes(gpu.vramBytes)}, ${formatGibibytes(gpu.freeBytes)} free`,
    ]),
    ...(gpus.length === 0 ? [['GPU', 'none that the engine can use'] as [string, string]] : []),
    ['Disk', `${disk.path}, ${formatGigabytes(disk.freeBytes)} free`],
    ['Engine', engine ?? missing],
  ];
  return lines.map(([name, value]) => `${name.padEnd(10)} ${value}\n`).join('');
}
