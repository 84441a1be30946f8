import { InvalidArgumentError } from 'commander';
import { fitMachineOf } from '#core/fit/fitMachineOf.ts';
import type { FitMachine } from '#core/fit/fitTypes.ts';
import type { SystemService } from '#main/services/system/systemService.ts';
import { systemErrors } from '#shared/contract/system.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { CommandContext } from '../commandContext.ts';
import { openStandaloneSystem } from '../standaloneSystem.ts';

export const fitDevices = ['cuda', 'metal', 'vulkan', 'cpu'] as const;

export interface MachineOptions {
  readonly device?: (typeof fitDevices)[number];
  readonly ram?: number;
  readonly vram?: number;
}

const units: ReadonlyMap<string, number> = new Map([
  ['b', 1],
  ['', 1],
  ['kb', 1e3],
  ['mb', 1e6],
  ['gb', 1e9],
  ['tb', 1e12],
  ['kib', 2 ** 10],
  ['mib', 2 ** 20],
  ['gib', 2 ** 30],
  ['tib', 2 ** 40],
  ['k', 2 ** 10],
  ['m', 2 ** 20],
  ['g', 2 ** 30],
  ['t', 2 ** 40],
]);

/** No machine has less: a bare number as small was meant in other units. */
const leastMemoryBytes = 2 ** 20;

/** `16GiB`, `12 GB`, `8G`, plain bytes. What it throws becomes a usage error that names the option. */
export function memorySize(text: string): number {
  const [, digits = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = units.get(unit.toLowerCase());
  const bytes = Math.round(Number(digits) * (factor ?? Number.NaN));
  if (digits === '' || !Number.isSafeInteger(bytes) || bytes < leastMemoryBytes)
    throw new InvalidArgumentError('It takes a size of memory, such as 16GiB.');
  return bytes;
}

/** What macOS lets the GPU use of a machine's memory: `recommendedMaxWorkingSetSize`, two thirds up to 36 GiB and three quarters above. */
function metalShare(ramBytes: number): number {
  return ramBytes <= 36 * 2 ** 30 ? 2 / 3 : 3 / 4;
}

/** The machine that was described, or this one where nothing was said. A size that is stated counts as free. */
export async function readFitMachine(context: CommandContext, options: MachineOptions): Promise<FitMachine> {
  if (options.device === 'cpu' && options.vram !== undefined) {
    throw new RpcError(systemErrors.usage, 'With --device cpu there is no GPU memory to state.', { hint: 'Leave out --vram or --device.' });
  }
  const isComplete =
    options.ram !== undefined && (options.device === 'cpu' || options.device === 'metal' || (options.device && options.vram));
  const own = isComplete ? null : await readOwnMachine(context);
  const ramBytes = options.ram ?? own?.ramBytes ?? 0;
  return {
    ramBytes,
    ramAvailableBytes: options.ram ?? own?.ramAvailableBytes ?? 0,
    gpu: gpuOf(options, { own, ramBytes }),
    bandwidthBytesPerSecond: own && options.ram === undefined ? own.bandwidthBytesPerSecond : null,
  };
}

function gpuOf(options: MachineOptions, of: { readonly own: FitMachine | null; readonly ramBytes: number }): FitMachine['gpu'] {
  const own = of.own?.gpu ?? null;
  const backend = options.device ?? own?.backend ?? (options.vram === undefined ? 'cpu' : 'cuda');
  if (backend === 'cpu') return null;
  const isOwn = own?.backend === backend && options.vram === undefined;
  if (isOwn) return own;
  if (backend === 'metal') {
    const bytes = options.vram ?? of.ramBytes * metalShare(of.ramBytes);
    return { backend, vramBytes: bytes, freeBytes: bytes, unified: true };
  }
  if (options.vram === undefined) {
    throw new RpcError(systemErrors.usage, `How much memory the ${backend} device has is not known.`, {
      hint: 'Say it with --vram, such as --vram 12GiB.',
    });
  }
  return { backend, vramBytes: options.vram, freeBytes: options.vram, unified: false };
}

/** Without the data folder where another instance holds it. */
async function readOwnMachine(context: CommandContext): Promise<FitMachine> {
  try {
    return await measured((await context.services()).system, context.signal);
  } catch (error) {
    if (!(error instanceof RpcError) || context.signal.aborted) throw error;
    const { system, close } = openStandaloneSystem(context.ports);
    try {
      return await measured(system, context.signal);
    } finally {
      await close();
    }
  }
}

async function measured(system: SystemService, signal: AbortSignal): Promise<FitMachine> {
  const known = await system.hardware();
  return fitMachineOf(known.memory.bandwidthBytesPerSecond === null ? await system.measureBandwidth({ signal }) : known);
}
