/** `npm start`: the desktop app, or the serve host where there is no Electron binary. */
import { join } from 'node:path';
import { ensureBuild } from './ensureBuild.ts';
import { findOrInstallElectron } from './findElectron.ts';
import { root, runCommand } from './runCommand.ts';

const say = (line: string): void => console.error(line);

async function start(args: readonly string[]): Promise<number> {
  await ensureBuild({ say });
  const electron = await findOrInstallElectron(say);
  if (electron.path !== null) {
    // Chromium's sandbox refuses to run as root; a root session is a container or a test machine.
    const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    return (await runCommand([electron.path, ...flags, root, ...args])).code ?? 1;
  }
  say(`No Electron binary (${electron.reason}): opening Rightsize in the browser instead.`);
  return (await runCommand([process.execPath, join(root, 'src/main/hosts/serve/main.ts'), ...args])).code ?? 1;
}

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
