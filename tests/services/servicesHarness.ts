import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createFileSecrets } from '#main/hosts/fileSecrets.ts';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import { createServices, type Services } from '#main/services/createServices.ts';
import type { HostPorts } from '#main/services/hostPorts.ts';
import type { RunnerProcess } from '#main/supervisor/runnerProcess.ts';
import type { AnswerEvent, Message } from '#shared/contract/chat.ts';
import { writeTirelessModel } from '../fixtures/gguf/tirelessModel.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const root = join(import.meta.dirname, '../..');
const spawnNodeRunner = createNodeRunnerSpawner({ runnerScript: join(root, 'src/main/runner/entry.js') });

export interface LogLine {
  readonly level: 'error' | 'warn' | 'info';
  readonly event: string;
  readonly fields: Record<string, unknown>;
}

export interface ServicesHarness {
  readonly services: Services;
  readonly ports: HostPorts;
  readonly dataFolder: string;
  readonly logged: LogLine[];
  /** Every runner process that was started, oldest first. */
  readonly runners: RunnerProcess[];
}

export const tiny = 'starter-1m-instruct-q4_k_m';
export const large = 'starter-7m-instruct-q8_0';

/** Host ports with a data folder of their own, the models and suites that ship, and real runner processes. */
export function testPorts(
  options: Partial<HostPorts> & { readonly data?: string } = {},
): HostPorts & { readonly logged: LogLine[]; readonly runners: RunnerProcess[] } {
  const data = options.data ?? join(temporaryFolder(), 'data');
  const logged: LogLine[] = [];
  const runners: RunnerProcess[] = [];
  const write =
    (level: LogLine['level']) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      void logged.push({ level, event, fields });
  return {
    host: 'cli',
    version: '0.0.0-test',
    electronVersion: null,
    paths: { data, logs: join(data, 'logs'), bundledModels: join(root, 'resources/models'), bundledSuites: join(root, 'resources/suites') },
    // A home of its own: the models of other apps on this machine are not the test's.
    env: {},
    home: join(data, '..', 'home'),
    platform: process.platform,
    secrets: createFileSecrets(join(data, 'secrets')),
    spawnRunner() {
      const runner = spawnNodeRunner();
      runners.push(runner);
      return runner;
    },
    log: { error: write('error'), warn: write('warn'), info: write('info') },
    ...options,
    logged,
    runners,
  };
}

/** All services on a data folder of their own, one engine thread, disposed when the test ends. */
export async function startServices(options: Partial<HostPorts> & { readonly data?: string } = {}): Promise<ServicesHarness> {
  const ports = testPorts(options);
  const services = await createServices(ports);
  onTestFinished(() => services.dispose());
  services.settings.update({ threads: 1 });
  await services.library.whenScanned();
  return { services, ports, dataFolder: ports.paths.data, logged: ports.logged, runners: ports.runners };
}

/** Sends a message and collects what is told meanwhile. */
export async function say(
  services: Services,
  conversationId: string,
  text: string,
  options: { readonly signal?: AbortSignal; readonly onEvent?: (event: AnswerEvent) => void } = {},
): Promise<{ message: Message; events: AnswerEvent[] }> {
  const events: AnswerEvent[] = [];
  const message = await services.chat.send(
    conversationId,
    { text },
    {
      signal: options.signal ?? new AbortController().signal,
      emit(event) {
        events.push(event);
        options.onEvent?.(event);
      },
    },
  );
  return { message, events };
}

/** Greedy, short, and the same at every run. */
export const greedy = { temperature: 0, topP: null, topK: null, minP: null, repeatPenalty: null, seed: 1, maxTokens: 40, stop: [] };
/** A model that answers for as long as it may, and its id in the library. */
export async function importTireless(services: Services): Promise<string> {
  const [artifact] = await services.library.importPath(writeTirelessModel(join(temporaryFolder(), 'tireless.gguf')));
  if (artifact === undefined) throw new Error('The tireless model was not imported.');
  return artifact.id;
}

/** For the tireless model: goes on until it is stopped. */
export const endless = { ...greedy, maxTokens: 60_000 };
