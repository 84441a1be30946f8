import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeProgram, root, runCommand } from './runCommand.ts';

const electronFolder = join(root, 'node_modules', 'electron');
const failureFile = join(root, 'node_modules', '.cache', 'rightsize', 'electron-install-failed.json');
const retryAfterMs = 24 * 3600 * 1000;

/** Where Electron's program lies, or null when only its package is installed. */
export function findElectron(): string | null {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const pathFile = join(electronFolder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : null;
  const candidate = override ? join(override, name ?? 'electron') : name === null ? null : join(electronFolder, 'dist', name);
  return candidate !== null && existsSync(candidate) ? candidate : null;
}

/**
 * Finds Electron's program or tries once to download it (since Electron 42 it does not come with `npm ci`).
 * A failed try is remembered for a day, so that a machine without a way to it starts at once.
 * @returns the program, or why there is none.
 */
export async function findOrInstallElectron(say: (line: string) => void): Promise<{ path: string } | { path: null; reason: string }> {
  const found = findElectron();
  if (found !== null) return { path: found };
  const known = rememberedFailure();
  if (known !== null) return { path: null, reason: known };
  say('Getting the Electron binary (once) ...');
  const end = await runCommand(nodeProgram('electron/install.js'), { quiet: true, timeoutMs: 180_000 });
  const installed = findElectron();
  if (installed !== null) return { path: installed };
  const reason =
    firstError(end.output) ?? (end.code === null ? 'the download took too long' : `install-electron ended with code ${end.code}`);
  remember(reason);
  return { path: null, reason };
}

function firstError(output: string): string | null {
  const line = output.split('\n').find((text) => /error|refused|ENOTFOUND|ECONN|status/i.test(text));
  return line === undefined
    ? null
    : line
        .trim()
        .replace(/^\w*Error: /, '')
        .slice(0, 160);
}

function rememberedFailure(): string | null {
  if (!existsSync(failureFile)) return null;
  try {
    const facts = JSON.parse(readFileSync(failureFile, 'utf8')) as { at?: unknown; reason?: unknown };
    const isRecent = typeof facts.at === 'number' && Date.now() - facts.at < retryAfterMs;
    return isRecent ? String(facts.reason) : null;
  } catch {
    return null;
  }
}

function remember(reason: string): void {
  mkdirSync(join(failureFile, '..'), { recursive: true });
  writeFileSync(failureFile, JSON.stringify({ at: Date.now(), reason }));
}
