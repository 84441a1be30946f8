import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { HostPorts } from '#main/services/hostPorts.ts';

export interface PlatformFacts {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const thisPlatform = (): PlatformFacts => ({ platform: process.platform, home: homedir(), env: process.env });

/**
 * The folder that holds everything the user made: `RIGHTSIZE_HOME`, or what the platform calls its data folder.
 * @param facts the platform, its environment and the home folder; this machine's when left out.
 * @returns an absolute path that need not exist yet.
 */
export function dataFolder(facts: PlatformFacts = thisPlatform()): string {
  const { env, home, platform } = facts;
  if (env['RIGHTSIZE_HOME']) return resolve(env['RIGHTSIZE_HOME']);
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Rightsize');
    case 'win32':
      return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Rightsize');
    default:
      return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'rightsize');
  }
}

/**
 * The app's own root: the nearest folder above `from` that holds `resources/suites`. Source and build lie at
 * different depths, so the place is looked for and not counted.
 * @throws {Error} when the installation is incomplete.
 */
export function appRoot(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'resources', 'suites', 'suites.json'))) return folder;
    if (dirname(folder) === folder)
      throw new Error(`The folder resources/suites was not found above ${from}: the installation is incomplete.`);
  }
}

/** Version of the app, as its package.json says. */
export function appVersion(root: string = appRoot()): string {
  const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version?: unknown };
  return typeof facts.version === 'string' ? facts.version : 'unknown';
}

/**
 * Paths that services ask a host for.
 * @param options.data data folder; `dataFolder()` when left out.
 * @param options.resources the folder of models and suites that ship; in a packaged app it lies beside the archive.
 */
export function hostPaths(options: { readonly data?: string; readonly resources?: string } = {}): HostPorts['paths'] {
  const data = options.data ?? dataFolder();
  const resources = options.resources ?? join(appRoot(), 'resources');
  return {
    data,
    logs: join(data, 'logs'),
    bundledModels: join(resources, 'models'),
    bundledSuites: join(resources, 'suites'),
  };
}

/** Where the runner's script lies: the source while this host runs from source (Node strips the types), the build otherwise. */
export function runnerScript(root: string = appRoot()): string {
  return import.meta.filename.endsWith('.ts') ? join(root, 'src', 'main', 'runner', 'entry.js') : join(root, 'out', 'main', 'runner.js');
}
