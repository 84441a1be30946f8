/** Checks what the builder made: layers must hold in the bundles too. Part of `npm run build`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { parseAst } from 'vite';
import { root } from './runCommand.ts';

const builtins = new Set(builtinModules);

/** @returns what is wrong with the build in `out`, one sentence each. */
export function checkBundle(out: string = join(root, 'out')): readonly string[] {
  return [...checkRunner(join(out, 'main')), ...checkPreload(join(out, 'preload')), ...checkPage(join(out, 'renderer'))];
}

function checkRunner(folder: string): string[] {
  const entry = join(folder, 'runner.js');
  if (!existsSync(entry)) return ['main/runner.js is missing.'];
  const { files, packages } = reach(entry);
  const problems: string[] = [];
  if (packages.has('electron')) problems.push('main/runner.js reaches electron: it must run as a plain process.');
  if (packages.has('node:sqlite')) problems.push('main/runner.js reaches node:sqlite: only the app owns the database.');
  if (files.has(join(folder, 'main.js'))) problems.push('main/runner.js reaches main/main.js: a runner would start a second app.');
  const { packages: appPackages } = reach(join(folder, 'main.js'));
  if (appPackages.has('node-llama-cpp')) problems.push('main/main.js reaches node-llama-cpp: only the runner calls the engine.');
  return problems;
}

function checkPreload(folder: string): string[] {
  const scripts = existsSync(folder) ? filesBelow(folder).filter((file) => /\.[cm]?js$/.test(file)) : [];
  const names = scripts.map((file) => relative(folder, file));
  if (names.length !== 1 || names[0] !== 'index.cjs')
    return [`preload must be the one file index.cjs, found: ${names.join(', ') || 'nothing'}.`];
  const wanted = [...importsOf(join(folder, 'index.cjs'))];
  const foreign = wanted.filter((name) => name !== 'electron');
  return foreign.length === 0 ? [] : [`preload/index.cjs asks for ${foreign.join(', ')}: a sandboxed preload has electron only.`];
}

function checkPage(folder: string): string[] {
  if (!existsSync(join(folder, 'index.html'))) return ['renderer/index.html is missing.'];
  const problems: string[] = [];
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  if (/<script(?![^>]*\ssrc=)[^>]*>/i.test(html) || /<style/i.test(html))
    problems.push('renderer/index.html holds inline code or styles: the policy forbids them.');
  if (/(?:src|href)="https?:/i.test(html)) problems.push('renderer/index.html loads something from the network.');
  for (const file of filesBelow(folder).filter((name) => name.endsWith('.js'))) {
    const foreign = [...importsOf(file)].filter((name) => name === 'electron' || name.startsWith('node:') || builtins.has(name));
    if (foreign.length > 0) problems.push(`renderer/${relative(folder, file)} reaches ${foreign.join(', ')}: the page has no Node.`);
  }
  return problems;
}

/** All files and packages that an entry can load, dynamic imports included. */
function reach(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) waiting.push(resolve(dirname(file), name));
      else packages.add(name);
    }
  }
  return { files, packages };
}

/** What a file imports or requires, by its syntax tree. */
function importsOf(file: string): Set<string> {
  const names = new Set<string>();
  visit(parseAst(readFileSync(file, 'utf8')), names);
  return names;
}

function visit(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) {
    for (const child of node) visit(child, names);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const {
    type,
    source,
    callee,
    arguments: args,
  } = node as { type?: string; source?: unknown; callee?: { name?: string }; arguments?: unknown[] };
  if (type === 'ImportDeclaration' || type === 'ExportNamedDeclaration' || type === 'ExportAllDeclaration' || type === 'ImportExpression') {
    addLiteral(source, names);
  }
  if (type === 'CallExpression' && callee?.name === 'require') addLiteral(args?.[0], names);
  for (const child of Object.values(node)) visit(child, names);
}

function addLiteral(node: unknown, names: Set<string>): void {
  const value = (node as { value?: unknown } | null | undefined)?.value;
  if (typeof value === 'string') names.add(value);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

if (import.meta.main) {
  const problems = checkBundle();
  for (const problem of problems) console.error(`bundle: ${problem}`);
  if (problems.length === 0) console.error('bundle: runner, preload and page keep to their layers.');
  process.exitCode = problems.length === 0 ? 0 : 1;
}
