import { displayName } from '../displayName.ts';
import { runTool } from '../runTool.ts';
import { type GpuCard, unreadCard } from './gpuCard.ts';

/** The GPU of an Apple chip as the registry of drivers shows it; none where it does not tell. Takes about 20 ms, never throws. */
export async function readAppleCards(): Promise<GpuCard[]> {
  return parseIoreg((await runTool('/usr/sbin/ioreg', ['-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator'], {})) ?? '');
}

/**
 * What `ioreg -r -d 1 -w 0 -c IOAccelerator` prints: a block a GPU, each with `"PerformanceStatistics" = {"Device Utilization %"=21,...}`. The memory
 * in use is that of all programs, since processor and GPU share it.
 */
export function parseIoreg(text: string): GpuCard[] {
  return text.split(/^\+-o /m).flatMap((block) => {
    const statistics = /"PerformanceStatistics" = \{([^}]*)\}/.exec(block)?.[1];
    if (statistics === undefined) return [];
    const value = (name: string): number | null => {
      const digits = new RegExp(`"${name}"=(\\d{1,15})(?!\\d)`).exec(statistics)?.[1];
      return digits === undefined ? null : Number(digits);
    };
    const load = value('Device Utilization %');
    const model = /"model" = "([^"\n]{1,200})"/.exec(block)?.[1];
    return [
      {
        ...unreadCard('apple', model === undefined ? null : displayName(model)),
        loadPercent: load === null ? null : Math.min(100, load),
        usedBytes: value('In use system memory'),
      },
    ];
  });
}
