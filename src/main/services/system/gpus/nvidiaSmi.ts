import { displayName } from '../displayName.ts';
import { findTool } from '../findTool.ts';
import { runTool } from '../runTool.ts';
import type { GpuCard } from './gpuCard.ts';
import { isAsleep } from './sysfsCards.ts';

export interface ToolWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Where the kernel shows devices: `/sys`. */
  readonly sysfs: string;
}

const mebibyte = 2 ** 20;

/** The name last: it alone could hold a comma. Fields by `nvidia-smi --help-query-gpu`, checked 2026-11-21. */
export const cardQuery = [
  '--query-gpu=index,utilization.gpu,memory.used,memory.free,memory.total,temperature.gpu,power.draw,name',
  '--format=csv,noheader,nounits',
];

/** Path of nvidia-smi, which comes with NVIDIA's driver; undefined where it is not. */
export function findNvidiaSmi({ env, platform }: Pick<ToolWorld, 'env' | 'platform'>): Promise<string | undefined> {
  const usual =
    platform === 'win32'
      ? [`${env['ProgramFiles'] ?? 'C:\\Program Files'}\\NVIDIA Corporation\\NVSMI`, `${env['SystemRoot'] ?? 'C:\\Windows'}\\System32`]
      : ['/usr/bin', '/usr/lib/wsl/lib'];
  return platform === 'darwin' ? Promise.resolve(undefined) : findTool('nvidia-smi', { env, platform, usual });
}

/** Every NVIDIA card now; none where the tool is missing, fails, or all cards are asleep (asking would wake them). Never throws. */
export async function readNvidiaCards(world: ToolWorld): Promise<GpuCard[]> {
  const tool = await findNvidiaSmi(world);
  if (tool === undefined || (await isAsleep(world.sysfs, 'nvidia'))) return [];
  const text = await runTool(tool, cardQuery, { env: world.env });
  const rows = new Map(
    (text ?? '')
      .split('\n')
      .flatMap((line) => parseCardRow(line) ?? [])
      .map((row) => [row.index, row.card]),
  );
  return [...rows.entries()].toSorted(([a], [b]) => a - b).map(([, card]) => card);
}

/** One line of `cardQuery`. @returns undefined for a line that is none: an error message, a header, half a line. */
export function parseCardRow(line: string): { readonly index: number; readonly card: GpuCard } | undefined {
  const fields = line.split(',').map((field) => field.trim());
  const [index = '', load = '', used = '', free = '', total = '', temperature = '', power = '', ...name] = fields;
  if (!/^\d{1,2}$/.test(index) || name.length === 0) return undefined;
  return {
    index: Number(index),
    card: {
      vendor: 'nvidia',
      name: displayName(name.join(', ')),
      loadPercent: readNumber(load, 100),
      usedBytes: mebibytes(used),
      totalBytes: mebibytes(total),
      freeBytes: mebibytes(free),
      shared: null,
      temperatureCelsius: readNumber(temperature, 200),
      powerWatts: readNumber(power, 10_000),
    },
  };
}

export interface GpuProcess {
  readonly pid: number;
  /** As the driver tells it: a path, or nothing where it may not. */
  readonly path: string | null;
  readonly bytes: number;
}

/** Programs that compute on NVIDIA cards, with what each holds there. Empty where the driver does not tell (Windows). Never throws. */
export async function readGpuProcesses(world: ToolWorld): Promise<GpuProcess[]> {
  const tool = await findNvidiaSmi(world);
  if (tool === undefined || (await isAsleep(world.sysfs, 'nvidia'))) return [];
  const query = ['--query-compute-apps=pid,process_name,used_memory', '--format=csv,noheader,nounits'];
  return parseGpuProcesses((await runTool(tool, query, { env: world.env })) ?? '');
}

/**
 * Lines of `pid, name, MiB`. The name is the program's own to choose, commas included, so the fields are taken from both ends; a line
 * without a number for the memory (`[N/A]`) says nothing and is left out.
 */
export function parseGpuProcesses(text: string): GpuProcess[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d{1,10}),(.*),\s*(\d{1,9})\s*$/.exec(line);
    const path = match?.[2]?.trim() ?? '';
    return match === null
      ? []
      : [{ pid: Number(match[1]), path: path === '' || path.startsWith('[') ? null : path, bytes: Number(match[3]) * mebibyte }];
  });
}

/** `[N/A]`, `[Not Supported]`, `[Unknown Error]` and the like are no numbers. */
function readNumber(text: string, most: number): number | null {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return value >= 0 && value <= most ? value : null;
}

function mebibytes(text: string): number | null {
  const value = readNumber(text, 1e8);
  return value === null ? null : value * mebibyte;
}
