import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { nodeProgram, root, runCommand } from './runCommand.ts';

const stampFile = join(root, 'out', 'build-stamp.txt');
const outputs = ['out/main/main.js', 'out/main/runner.js', 'out/preload/index.cjs', 'out/renderer/index.html'];

/**
 * Builds main, preload and page unless the build matches the sources.
 * @throws {Error} with the builder's output when it fails.
 */
export async function ensureBuild(options: { readonly say?: (line: string) => void } = {}): Promise<void> {
  const stamp = sourceStamp();
  if (isFresh(stamp)) return;
  options.say?.('Building the app (once after each change) ...');
  for (const command of [nodeProgram('electron-vite/bin/electron-vite.js', 'build'), nodeScript('checkBundle.ts')]) {
    const end = await runCommand(command, { quiet: true });
    if (end.code !== 0) throw new Error(`The build failed:\n${end.output}`);
  }
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(stampFile, stamp);
}

function nodeScript(name: string): [string, ...string[]] {
  return [process.execPath, join(root, 'scripts', name)];
}

function isFresh(stamp: string): boolean {
  if (!outputs.every((file) => existsSync(join(root, file)))) return false;
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
}

/** Names, sizes and times of all that goes into a build. */
function sourceStamp(): string {
  const files = ['electron.vite.config.ts', 'package.json', 'package-lock.json'];
  for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) files.push(relative(root, join(entry.parentPath, entry.name)));
  }
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    const facts = statSync(join(root, file));
    hash.update(`${file} ${facts.size} ${facts.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

if (import.meta.main) {
  try {
    await ensureBuild({ say: (line) => console.error(line) });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
