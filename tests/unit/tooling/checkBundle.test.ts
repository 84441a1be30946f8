import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBundle } from '../../../scripts/checkBundle.ts';

let out: string;
const good: Readonly<Record<string, string>> = {
  'main/main.js': "import { app } from 'electron'; import { a } from './chunks/a.js'; app.quit(a);",
  'main/runner.js': "import { a } from './chunks/a.js'; const engine = await import('node-llama-cpp'); export { a, engine };",
  'main/chunks/a.js': "import { join } from 'node:path'; export const a = join('electron', './main.js');",
  'preload/index.cjs': "'use strict'; const electron = require('electron'); electron.contextBridge;",
  'renderer/index.html': '<!doctype html><script type="module" crossorigin src="./assets/index.js"></script>',
  'renderer/assets/index.js': "import('./other.js'); document.title = 'electron node:fs';",
  'renderer/assets/other.js': 'export {};',
};

function write(changes: Readonly<Record<string, string>> = {}): void {
  for (const [name, text] of Object.entries({ ...good, ...changes })) {
    mkdirSync(dirname(join(out, name)), { recursive: true });
    writeFileSync(join(out, name), text);
  }
}

beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'rightsize-bundle-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

describe('checkBundle', () => {
  it('has nothing against a build that keeps to its layers, whatever its texts mention', () => {
    write();
    expect(checkBundle(out)).toEqual([]);
  });

  it.each([
    [
      'the runner imports electron through a chunk',
      { 'main/chunks/a.js': "import 'electron'; export const a = 1;" },
      /runner\.js reaches electron/,
    ],
    ['the runner requires electron', { 'main/runner.js': "const { app } = require('electron'); app;" }, /runner\.js reaches electron/],
    [
      'the runner reaches the app by a dynamic import',
      { 'main/chunks/a.js': "export const a = () => import('../main.js');" },
      /reaches main\/main\.js/,
    ],
    ['the runner opens the database', { 'main/runner.js': "import { DatabaseSync } from 'node:sqlite'; DatabaseSync;" }, /node:sqlite/],
    ['the app calls the engine itself', { 'main/main.js': "export * from 'node-llama-cpp';" }, /main\.js reaches node-llama-cpp/],
    ['the preload is an ES module', { 'preload/index.mjs': 'export {};' }, /one file index\.cjs/],
    [
      'the preload needs a second module',
      { 'preload/index.cjs': "require('electron'); require('./chunk.cjs');" },
      /asks for \.\/chunk\.cjs/,
    ],
    ['the page imports Node', { 'renderer/assets/index.js': "import { join } from 'node:path'; join('a');" }, /the page has no Node/],
    ['the page imports Node by its old name', { 'renderer/assets/other.js': "export { join } from 'path';" }, /the page has no Node/],
    ['the page has an inline script', { 'renderer/index.html': '<script>alert(1)</script>' }, /inline/],
    ['the page loads from the network', { 'renderer/index.html': '<link rel="icon" href="https://example.com/a.png">' }, /network/],
  ])('names it when %s', (_name, changes, problem) => {
    write(changes);
    expect(checkBundle(out).join('\n')).toMatch(problem);
  });

  it('names what is missing when nothing was built', () => {
    expect(checkBundle(out)).toHaveLength(3);
  });
});
