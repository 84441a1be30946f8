import { join } from 'node:path';
import type { Services } from '#main/services/createServices.ts';
import type { HostPorts } from '#main/services/hostPorts.ts';
import { createLog } from '../createLog.ts';
import { createFileSecrets } from '../fileSecrets.ts';
import { appRoot, appVersion, hostPaths, runnerScript, thisPlatform } from '../hostPaths.ts';
import { openBrowserSandbox } from '../sandbox/openBrowserSandbox.ts';
import { createNodeRunnerSpawner } from '../spawnNodeRunner.ts';
import type { ExitCode } from './exitCodes.ts';
import type { Output } from './output.ts';

/** What every command is given. */
export interface CommandContext {
  readonly output: Output;
  /** Aborts when the user interrupts, or when nobody reads stdout any more. */
  readonly signal: AbortSignal;
  readonly ports: HostPorts;
  /** Opens the data folder and makes the services, once. Only commands that need them pay for it, and for its lock. @throws {RpcError} */
  services(): Promise<Services>;
  /** What the command answers with, unless it throws. */
  exitWith(code: ExitCode): void;
}

/** Ports of this host: paths of the machine, runners by fork, a log file. */
export function createCliPorts(): HostPorts {
  const root = appRoot();
  const paths = hostPaths();
  return {
    host: 'cli',
    version: appVersion(root),
    electronVersion: null,
    paths,
    ...thisPlatform(),
    secrets: createFileSecrets(join(paths.data, 'secrets')),
    openSandbox: () => openBrowserSandbox(thisPlatform()),
    spawnRunner: createNodeRunnerSpawner({ runnerScript: runnerScript(root) }),
    log: createLog({ folder: paths.logs, name: 'cli' }),
  };
}

/** @returns the services once somebody asks for them, and how to close what was opened. */
export function lazyServices(ports: () => HostPorts): { open(): Promise<Services>; close(): Promise<void> } {
  let opened: Promise<Services> | undefined;
  return {
    open: () => {
      opened ??= import('#main/services/createServices.ts').then(({ createServices }) => createServices(ports()));
      return opened;
    },
    close: async () => {
      const services = await opened?.catch(() => undefined);
      await services?.dispose();
    },
  };
}
