/**
 * `node scripts/completeLockfile.ts`, after each `npm install`: names the binary packages of other platforms in the lockfile.
 * npm leaves out those that its registry does not hold (a mirror may hold this platform's only), and `npm ci` then refuses the
 * lockfile as incomplete. Named, they are skipped here and installed where they fit.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './runCommand.ts';

export interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const systems: Readonly<Record<string, string>> = {
  android: 'android',
  darwin: 'darwin',
  mac: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openharmony: 'openharmony',
  win: 'win32',
  win32: 'win32',
};
const processors: Readonly<Record<string, string>> = {
  arm: 'arm',
  arm64: 'arm64',
  armv7l: 'arm',
  riscv64: 'riscv64',
  wasm32: 'wasm32',
  x64: 'x64',
};

/** Optional platform packages that a lockfile asks for and does not name. */
export function missingPlatformPackages(lockfile: Lockfile): ReadonlyMap<string, LockedPackage> {
  const missing = new Map<string, LockedPackage>();
  for (const parent of Object.values(lockfile.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const place = `node_modules/${name}`;
      const isExact = /^\d+\.\d+\.\d+/.test(version);
      if (!isExact || Object.hasOwn(lockfile.packages, place)) continue;
      missing.set(place, { version, ...(parent.dev ? { dev: true } : {}), optional: true, ...platformOf(name) });
    }
  }
  return missing;
}

/** Platform packages are named for what they run on. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const parts = name.split(/[/-]/);
  const find = (table: Readonly<Record<string, string>>): string[] =>
    parts.flatMap((part) => (Object.hasOwn(table, part) ? [table[part] ?? ''] : [])).slice(0, 1);
  const [os, cpu] = [find(systems), find(processors)];
  if (os.length + cpu.length === 0) throw new Error(`${name} names no platform: install it or drop it from the lockfile's parents.`);
  return { ...(cpu.length > 0 ? { cpu } : {}), ...(os.length > 0 ? { os } : {}), ...(parts.includes('musl') ? { libc: ['musl'] } : {}) };
}

if (import.meta.main) {
  const file = join(root, 'package-lock.json');
  const lockfile = JSON.parse(readFileSync(file, 'utf8')) as Lockfile;
  const missing = missingPlatformPackages(lockfile);
  const packages = Object.fromEntries(
    Object.entries({ ...lockfile.packages, ...Object.fromEntries(missing) }).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
  writeFileSync(file, `${JSON.stringify({ ...lockfile, packages }, null, 2)}\n`);
  console.error(missing.size === 0 ? 'The lockfile was complete.' : `Named ${missing.size} packages of other platforms.`);
}
