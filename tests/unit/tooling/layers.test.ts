import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

/** A file, what it may not import, and what it may. */
const layers: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    'src/core/bench/probe.ts',
    ['node:fs', 'zod', 'electron', '#shared/log.ts', '../../main/services/hostPorts.ts'],
    ['./plan.ts', '#core/units.ts'],
  ],
  [
    'src/shared/contract/probe.ts',
    ['node:fs', 'electron', 'ws', '#main/services/hostPorts.ts'],
    ['zod', '#core/units.ts', '../rpc/frames.ts'],
  ],
  [
    'src/main/storage/probe.ts',
    ['#main/services/hostPorts.ts', 'electron', 'node-llama-cpp'],
    ['node:sqlite', '#shared/log.ts', './database.ts'],
  ],
  [
    'src/main/supervisor/probe.ts',
    ['electron', 'node-llama-cpp', '#main/services/hostPorts.ts', '#main/runner/entry.js'],
    ['#shared/log.ts', 'node:events'],
  ],
  [
    'src/main/services/chat/probe.ts',
    ['electron', 'node-llama-cpp', 'node:sqlite', '#main/hosts/createLog.ts', '../../hosts/createLog.ts'],
    ['#main/storage/database.ts', '#main/supervisor/runnerProcess.ts', 'systeminformation', 'node:fs'],
  ],
  [
    'src/main/runner/probe.ts',
    ['electron', '#main/services/hostPorts.ts', '#main/storage/database.ts', '../services/hostPorts.ts'],
    ['node-llama-cpp', '#core/units.ts', './entry.js'],
  ],
  [
    'src/main/hosts/serve/probe.ts',
    ['electron', '../electron/window.ts', '#main/hosts/cli/main.js', 'node-llama-cpp'],
    ['../createLog.ts', '#main/services/hostPorts.ts', 'ws'],
  ],
  [
    'src/main/hosts/cli/probe.ts',
    ['electron', '../electron/window.ts', 'node-llama-cpp'],
    ['../createLog.ts', '#main/services/hostPorts.ts'],
  ],
  ['src/main/hosts/electron/probe.ts', ['../serve/startServer.ts', '../cli/main.js', 'node-llama-cpp'], ['electron', '../pageFiles.ts']],
  ['src/sandbox/probe.js', ['node:fs', 'zod', 'pyodide', '#core/units.ts', '../core/units.ts'], ['./capMemory.js', '/pyodide.mjs']],
  ['src/preload/probe.ts', ['node:fs', 'zod', '#shared/log.ts'], ['electron']],
  [
    'src/renderer/stores/probe.ts',
    ['node:fs', 'electron', '#main/services/hostPorts.ts'],
    ['react', '#core/units.ts', '#shared/contract/chat.ts'],
  ],
  [
    'src/renderer/features/chat/probe.tsx',
    ['../library/LibraryScreen.tsx', '../../features/library/LibraryScreen.tsx', 'node:fs', '#main/services/hostPorts.ts'],
    ['../../ui/Button.tsx', '../../stores/chat.ts', './Composer.tsx'],
  ],
];

/** Every import of the table as a file of its own, under the checkout's rules. @returns lines of an import are refused, by file. */
function lintProbes(folder: string): ReadonlyMap<string, ReadonlySet<number>> {
  copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'));
  for (const [file, foreign, own] of layers) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), [...foreign, ...own].map((specifier) => `import '${specifier}';\n`).join(''));
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const flags = ['lint', '--only=style/noRestrictedImports', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=github', '.'];
  const { stdout } = spawnSync(process.execPath, [biome, ...flags], { cwd: folder, encoding: 'utf8' });
  const refused = new Map<string, Set<number>>();
  for (const [, file = '', line] of stdout.matchAll(/file=([^,]+),line=(\d+)/g)) {
    const name = relative(folder, file);
    refused.set(name, (refused.get(name) ?? new Set()).add(Number(line)));
  }
  return refused;
}

let folder: string;
let refused: ReadonlyMap<string, ReadonlySet<number>>;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'rightsize-layers-')));
  refused = lintProbes(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the layers', () => {
  it.each(layers)('hold in %s', (file, foreign, own) => {
    const lines = refused.get(file) ?? new Set();
    const refusedNames = [...foreign, ...own].filter((_specifier, index) => lines.has(index + 1));
    expect(refusedNames).toEqual(foreign);
  });
});
