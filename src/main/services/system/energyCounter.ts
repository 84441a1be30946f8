import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Energy that processor and memory have taken, by the counters of the hardware. */
export interface EnergyCounter {
  /** Joules since the counter was opened; null once it cannot be read any more. */
  read(): number | null;
}

interface Domain {
  readonly file: string;
  readonly rangeMicrojoules: number;
  before: number;
  taken: number;
}

/**
 * Opens the energy counters of the processor (Linux powercap: Intel, and AMD since Zen, https://docs.kernel.org/power/powercap/powercap.html,
 * checked 2026-11-21): every package, and memory where it is counted apart. Most systems let only root read them.
 * @param options.sysfs `/sys`
 * @returns null where there is no counter that may be read: macOS, Windows, most virtual machines
 */
export async function openEnergyCounter(options: {
  readonly platform: NodeJS.Platform;
  readonly sysfs: string;
}): Promise<EnergyCounter | null> {
  if (options.platform !== 'linux') return null;
  const folder = join(options.sysfs, 'class/powercap');
  const zones = await readdir(folder).catch(() => []);
  const domains = zones.filter((zone) => /^intel-rapl:\d+(?::\d+)?$/.test(zone)).flatMap((zone) => openDomain(join(folder, zone)));
  if (!domains.some((domain) => domain !== null) || domains.includes(null)) return null;
  const counted = domains.filter((domain) => domain !== null);
  return {
    read() {
      let joules = 0;
      for (const domain of counted) {
        const now = readNumber(domain.file);
        if (now === null) return null;
        // The counter begins anew at its range, about once in ten minutes of full load.
        domain.taken += now >= domain.before ? now - domain.before : now + domain.rangeMicrojoules - domain.before;
        domain.before = now;
        joules += domain.taken / 1e6;
      }
      return joules;
    },
  };
}

/** Packages and their memory; cores and graphics are parts of a package. @returns [null] for one that must be counted and cannot be read. */
function openDomain(zone: string): readonly (Domain | null)[] {
  const name = readText(join(zone, 'name')) ?? '';
  if (!/^(?:package-\d+|dram)$/.test(name)) return [];
  const file = join(zone, 'energy_uj');
  const before = readNumber(file);
  const rangeMicrojoules = readNumber(join(zone, 'max_energy_range_uj'));
  return [before === null || rangeMicrojoules === null ? null : { file, rangeMicrojoules, before, taken: 0 }];
}

function readNumber(file: string): number | null {
  const text = readText(file);
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

/** A few bytes that the kernel makes when asked: waiting for a thread would take longer than reading. */
function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
