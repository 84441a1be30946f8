import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileSecrets } from '#main/hosts/fileSecrets.ts';
import { appRoot, runnerScript } from '#main/hosts/hostPaths.ts';
import { createNodeRunnerSpawner } from '#main/hosts/spawnNodeRunner.ts';
import type { AnswerAids } from '#main/services/benchmarks/askItem.ts';
import type { createBenchmarkService } from '#main/services/benchmarks/createBenchmarkService.ts';
import { createWorkSampler } from '#main/services/benchmarks/sampler.ts';
import { createSuiteCatalogue } from '#main/services/benchmarks/suiteCatalogue.ts';
import { createServices, type Services } from '#main/services/createServices.ts';
import { noSandbox } from '#main/services/sandbox/noSandbox.ts';
import { createToolbox } from '#main/services/tools/createToolbox.ts';
import type { Database } from '#main/storage/database.ts';
import { createDatasetTable } from '#main/storage/datasetTable.ts';
import type { RunnerProcess } from '#main/supervisor/runnerProcess.ts';
import type { PriceTable } from '#shared/contract/benchmarkResults.ts';
import { RunPlan, type RunProgress } from '#shared/contract/benchmarks.ts';
import { endpointErrors } from '#shared/contract/endpoints.ts';
import type { Log } from '#shared/log.ts';
import type { Frame } from '#shared/rpc/frames.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

export const smallest = 'starter-1m-instruct-q4_k_m';
export const middle = 'starter-3m-instruct-q4_k_m';
export const models = join(appRoot(), 'resources', 'models');

/** For models that are asked nothing with tools or code. */
export const noAids: AnswerAids = { sandbox: noSandbox, makeToolbox: (offer) => createToolbox(offer, { sandbox: noSandbox }) };

const noPrices: PriceTable = { prices: [], electricityPerKwh: null, currency: 'USD' };

/** A machine with two cores, mains, no sensors, no prices, no judge and no server to ask. */
export const plainMachine = {
  endpoints: {
    get: () => Promise.reject(new RpcError(endpointErrors.notFound, 'There is no such endpoint.')),
    generate: () => Promise.reject(new RpcError(endpointErrors.notFound, 'There is no such endpoint.')),
  },
  readings: { cores: async () => 2, availableMemory: async () => 2 ** 33, power: async () => 'mains', heat: async () => null },
  engine: () => null,
  prices: { read: () => noPrices, write: () => noPrices },
  judges: { expected: () => null, judge: () => Promise.resolve(true), join: (_run, samples) => samples, finding: () => null },
  openSampler: async () => createWorkSampler({ energy: null, cards: null, now: () => performance.now() }),
} as const satisfies Partial<Parameters<typeof createBenchmarkService>[0]>;

export interface LogLine {
  readonly level: 'error' | 'warn' | 'info';
  readonly event: string;
  readonly fields: Record<string, unknown>;
}

/** The real services over a data folder of their own, with the real engine; every runner process is in reach. */
export interface App {
  readonly services: Services;
  readonly folder: string;
  readonly log: Log;
  readonly lines: LogLine[];
  /** Oldest first. */
  readonly runners: RunnerProcess[];
  /** Called with every route a runner is asked for, before the question goes out. */
  onAsk: ((route: string, runner: RunnerProcess) => void) | null;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openApp(folder: string): Promise<App> {
  const root = appRoot();
  const lines: LogLine[] = [];
  const write =
    (level: LogLine['level']) =>
    (event: string, fields: Record<string, unknown> = {}): void => {
      lines.push({ level, event, fields });
    };
  const log: Log = { error: write('error'), warn: write('warn'), info: write('info') };
  const spawn = createNodeRunnerSpawner({ runnerScript: runnerScript(root) });
  const runners: RunnerProcess[] = [];
  let onAsk: App['onAsk'] = null;
  const services = await createServices({
    host: 'cli',
    version: 'test',
    electronVersion: null,
    paths: { data: folder, logs: join(folder, 'logs'), bundledModels: models, bundledSuites: join(root, 'resources', 'suites') },
    env: {},
    home: join(folder, 'home'),
    platform: process.platform,
    secrets: createFileSecrets(join(folder, 'secrets')),
    spawnRunner: () => {
      const spawned = spawn();
      const send = (frame: Frame): void => {
        if (frame.kind === 'req') onAsk?.(frame.route, runner);
        spawned.pipe.send(frame);
      };
      const runner: RunnerProcess = { ...spawned, pipe: { ...spawned.pipe, send } };
      runners.push(runner);
      return runner;
    },
    log,
  });
  await services.library.whenScanned();
  return {
    services,
    folder,
    log,
    lines,
    runners,
    get onAsk() {
      return onAsk;
    },
    set onAsk(listener) {
      onAsk = listener;
    },
    [Symbol.asyncDispose]: () => services.dispose(),
  };
}

export async function newFolder(): Promise<{ readonly path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'rightsize-bench-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export const planOf = (plan: Partial<RunPlan>): RunPlan =>
  RunPlan.parse({ modelIds: [smallest], suiteIds: ['routing'], itemLimit: 8, ...plan });

/** Resolves with the first progress that is as wished. */
export function whenProgress({ services }: App, runId: string, isWished: (progress: RunProgress) => boolean): Promise<RunProgress> {
  return new Promise((resolve) => {
    const unsubscribe = services.benchmarks.subscribeProgress(runId, (progress) => {
      if (!isWished(progress)) return;
      queueMicrotask(() => unsubscribe());
      resolve(progress);
    });
  });
}

/** Resolves at the moment a runner is asked its nth labelled question. */
export function whenAsked(app: App, question: number): Promise<void> {
  return new Promise((resolve) => {
    let asked = 0;
    app.onAsk = (route) => {
      if (route === 'runner.generate') asked += 1;
      if (asked === question) resolve();
    };
  });
}

export async function runToEnd({ services }: App, plan: RunPlan): Promise<string> {
  const { runId } = await services.benchmarks.start(plan);
  await services.benchmarks.whenSettled(runId);
  return runId;
}

export const allSamples = ({ services }: App, runId: string) =>
  services.benchmarks.samples({ runId, failingOnly: false, offset: 0, limit: 500 }).samples;

/** Suites of a database that is no app's. */
export const shippedSuites = (database: Database) =>
  createSuiteCatalogue({ folder: join(appRoot(), 'resources', 'suites'), datasets: createDatasetTable(database), now: () => 1 });
