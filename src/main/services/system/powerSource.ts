import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What feeds the machine; null where that cannot be told, as on most desktops. */
export type PowerSource = 'mains' | 'battery' | null;

/**
 * Whether the machine runs on mains or on its battery: Linux by sysfs, macOS and Windows by their own tools.
 * @param options.sysfs `/sys`
 * @returns null where nothing says. Never throws.
 */
export async function readPowerSource(options: { readonly platform: NodeJS.Platform; readonly sysfs: string }): Promise<PowerSource> {
  if (options.platform === 'linux') return powerSourceOf(await readSupplies(join(options.sysfs, 'class/power_supply')));
  try {
    const { battery } = await import('systeminformation');
    const { hasBattery, acConnected } = await battery();
    return hasBattery ? (acConnected ? 'mains' : 'battery') : null;
  } catch {
    return null;
  }
}

/** What sysfs says of one supply, as text without its line end; null where a file is not there. */
export interface PowerSupply {
  readonly type: string | null;
  readonly online: string | null;
  readonly status: string | null;
  /** `Device` = the battery of a mouse or a headset. */
  readonly scope: string | null;
}

/** Reads the machine's source of power off its supplies: a cable that is in counts more than what a battery says of itself. */
export function powerSourceOf(supplies: readonly PowerSupply[]): PowerSource {
  const own = supplies.filter((supply) => supply.scope !== 'Device');
  const cables = own.filter((supply) => supply.type === 'Mains' || supply.type === 'USB');
  const batteries = own.filter((supply) => supply.type === 'Battery');
  if (cables.some((supply) => supply.online === '1')) return 'mains';
  if (batteries.some((supply) => supply.status === 'Discharging')) return 'battery';
  if (batteries.some((supply) => supply.status === 'Charging' || supply.status === 'Full')) return 'mains';
  return null;
}

async function readSupplies(folder: string): Promise<readonly PowerSupply[]> {
  const names = await readdir(folder).catch(() => []);
  const read = async (name: string, file: string): Promise<string | null> =>
    (await readFile(join(folder, name, file), 'utf8').catch(() => null))?.trim() ?? null;
  return await Promise.all(
    names.map(async (name) => {
      const [type, online, status, scope] = await Promise.all(['type', 'online', 'status', 'scope'].map((file) => read(name, file)));
      return { type: type ?? null, online: online ?? null, status: status ?? null, scope: scope ?? null };
    }),
  );
}
