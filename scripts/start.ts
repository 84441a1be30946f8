/** `npm start`: the desktop app, or the serve host where there is no Electron binary. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ensureBuild } from './ensureBuild.ts';
import { findOrInstallElectron } from './findElectron.ts';
import { root } from './runCommand.ts';

const say = (line: string): void => console.error(line);

async function start(args: readonly string[]): Promise<void> {
  await ensureBuild({ say });
  const electron = await findOrInstallElectron(say);
  if (electron.path !== null) return startDesktop(electron.path, args);
  say(`No Electron binary, and none could be downloaded (${electron.reason}): opening Rightsize in the browser instead.`);
  await import('../src/main/hosts/serve/main.js');
}

async function startDesktop(electron: string, args: readonly string[]): Promise<void> {
  // Chromium's sandbox refuses to run as root; a root session is a container or a test machine.
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(electron, [...flags, root, ...args], { cwd: root, stdio: 'inherit' });
  // Ctrl+C reaches the app by itself; other signals come to this process only.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}

try {
  await start(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
