import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './runCommand.ts';

const driverFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];

/** Mesa's Vulkan driver that computes on the processor: it stands in for a GPU. @returns its manifest; null where it is not installed */
export function findSoftwareGpu(): string | null {
  for (const folder of driverFolders) {
    const name = existsSync(folder) ? readdirSync(folder).find((entry) => /^lvp_icd\..*json$/.test(entry)) : undefined;
    if (name !== undefined) return join(folder, name);
  }
  return null;
}

/**
 * Finds the software GPU or installs it: Debian's package, as root. Without one the tests that load a model on a GPU skip and say so.
 * @returns what to say of it; null where it is there
 */
export async function findOrInstallSoftwareGpu(say: (line: string) => void): Promise<string | null> {
  if (findSoftwareGpu() !== null) return null;
  const tests = 'tests that load a model on a GPU backend';
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0)
    return `No software GPU (mesa-vulkan-drivers) is installed: ${tests} skip.`;
  say('No software GPU found: installing the package mesa-vulkan-drivers ...');
  const apt = { quiet: true, timeoutMs: 5 * 60_000, env: { DEBIAN_FRONTEND: 'noninteractive' } };
  await runCommand(['apt-get', 'update'], apt);
  const end = await runCommand(['apt-get', 'install', '-y', '--no-install-recommends', 'mesa-vulkan-drivers'], apt);
  return findSoftwareGpu() === null ? `apt-get install mesa-vulkan-drivers ended with ${end.code ?? 'no code'}: ${tests} skip.` : null;
}
