import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The place that is nearest to where the machine slows itself down. */
export interface ThermalState {
  readonly celsius: number;
  /** Where the machine begins to slow itself down, by its own word or, where it says nothing, what processors commonly take. */
  readonly limitCelsius: number;
}

/** Used for a processor that names no limit: most begin to slow down between 95 and 105 °C. */
const commonLimitCelsius = 95;
/** Below this a limit is no limit of a processor: some zones name 0, or the temperature of a fan's first step. */
const leastLimitCelsius = 60;
/** A machine that has just cooled below its limit is back there a minute later. */
const cooledByCelsius = 10;

/**
 * How hot the machine is: Linux by its thermal zones, macOS and Windows where they tell.
 * @param options.sysfs `/sys`
 * @returns null where nothing says. Never throws.
 */
export async function readThermalState(options: {
  readonly platform: NodeJS.Platform;
  readonly sysfs: string;
}): Promise<ThermalState | null> {
  if (options.platform === 'linux') return hottest(await readZones(join(options.sysfs, 'class/thermal')));
  try {
    const { cpuTemperature } = await import('systeminformation');
    const { max, main } = await cpuTemperature();
    const celsius = max ?? main;
    return typeof celsius === 'number' && celsius > 0 ? { celsius, limitCelsius: commonLimitCelsius } : null;
  } catch {
    return null;
  }
}

/** A thermal zone of Linux, in degrees Celsius. */
export interface ThermalZone {
  readonly type: string;
  readonly celsius: number;
  readonly trips: readonly { readonly type: string; readonly celsius: number }[];
}

/** The zone nearest to its limit; zones that name none count only where they are the processor's. */
export function hottest(zones: readonly ThermalZone[]): ThermalState | null {
  let nearest: ThermalState | null = null;
  for (const zone of zones) {
    const limitCelsius = limitOf(zone);
    if (limitCelsius === null || zone.celsius <= 0) continue;
    if (nearest === null || zone.celsius - limitCelsius > nearest.celsius - nearest.limitCelsius) {
      nearest = { celsius: zone.celsius, limitCelsius };
    }
  }
  return nearest;
}

/** Whether the machine has reached the limit: what is measured now is the heat's doing. */
export const isTooHot = ({ celsius, limitCelsius }: ThermalState): boolean => celsius >= limitCelsius;

/** Whether it has cooled so far that work may go on. */
export const hasCooled = ({ celsius, limitCelsius }: ThermalState): boolean => celsius <= limitCelsius - cooledByCelsius;

/** @returns words for the conditions of a run, or null where nothing is known. */
export function thermalWords(state: ThermalState | null): string | null {
  return state === null ? null : `${Math.round(state.celsius)} °C, slows down at ${Math.round(state.limitCelsius)} °C`;
}

function limitOf({ type, trips }: ThermalZone): number | null {
  const slowing = trips.filter((trip) => (trip.type === 'passive' || trip.type === 'hot') && trip.celsius >= leastLimitCelsius);
  if (slowing.length > 0) return Math.min(...slowing.map((trip) => trip.celsius));
  return /cpu|x86_pkg|core|soc/i.test(type) ? commonLimitCelsius : null;
}

async function readZones(folder: string): Promise<readonly ThermalZone[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith('thermal_zone'));
  const zones = await Promise.all(names.map((name) => readZone(join(folder, name))));
  return zones.filter((zone) => zone !== null);
}

async function readZone(folder: string): Promise<ThermalZone | null> {
  const files = await readdir(folder).catch(() => []);
  const [type, temperature] = await Promise.all([readText(folder, 'type'), readText(folder, 'temp')]);
  if (type === null || temperature === null) return null;
  const trips = await Promise.all(
    files
      .filter((file) => /^trip_point_\d+_type$/.test(file))
      .map(async (file) => {
        const [kind, limit] = await Promise.all([readText(folder, file), readText(folder, file.replace('_type', '_temp'))]);
        return { type: kind ?? '', celsius: Number(limit) / 1000 };
      }),
  );
  return { type, celsius: Number(temperature) / 1000, trips };
}

async function readText(folder: string, file: string): Promise<string | null> {
  return (await readFile(join(folder, file), 'utf8').catch(() => null))?.trim() ?? null;
}
