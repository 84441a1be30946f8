import { join } from 'node:path';
import { openDatabase } from '#main/storage/database.ts';
import { lockDataFolder } from '#main/storage/dataFolderLock.ts';
import { createDatasetTable } from '#main/storage/datasetTable.ts';
import { modelSettingsTable } from '#main/storage/modelSettingsTable.ts';
import { createPriceTable } from '#main/storage/priceTable.ts';
import { createRunnerSupervisor } from '#main/supervisor/runnerSupervisor.ts';
import type { Routes } from '#shared/contract/routes.ts';
import type { Handlers } from '#shared/rpc/routeTable.ts';
import { createBenchmarkHandlers } from './benchmarks/benchmarkHandlers.ts';
import type { BenchmarkService } from './benchmarks/benchmarkService.ts';
import { createBenchmarkService } from './benchmarks/createBenchmarkService.ts';
import { createPriceList } from './benchmarks/priceList.ts';
import { openWorkSampler } from './benchmarks/sampler.ts';
import { createSuiteCatalogue } from './benchmarks/suiteCatalogue.ts';
import { createCatalogHandlers } from './catalog/catalogHandlers.ts';
import type { CatalogService } from './catalog/catalogService.ts';
import { createCatalogService } from './catalog/createCatalogService.ts';
import { createChatHandlers } from './chat/chatHandlers.ts';
import type { ChatService } from './chat/chatService.ts';
import { createChatService } from './chat/createChatService.ts';
import { createComparisonHandlers } from './comparisons/comparisonHandlers.ts';
import type { ComparisonService } from './comparisons/comparisonService.ts';
import { createComparisonService } from './comparisons/createComparisonService.ts';
import { createDatasetService } from './datasets/createDatasetService.ts';
import { createDatasetHandlers } from './datasets/datasetHandlers.ts';
import { createDesktopHandlers } from './desktop/desktopHandlers.ts';
import { createDownloadService } from './downloads/createDownloadService.ts';
import { createDownloadHandlers } from './downloads/downloadHandlers.ts';
import type { DownloadService } from './downloads/downloadService.ts';
import { createEndpointService } from './endpoints/createEndpointService.ts';
import { createEndpointHandlers } from './endpoints/endpointHandlers.ts';
import type { EndpointService } from './endpoints/endpointService.ts';
import { createFitService } from './fit/createFitService.ts';
import { createFitHandlers } from './fit/fitHandlers.ts';
import type { FitService } from './fit/fitService.ts';
import type { HostPorts } from './hostPorts.ts';
import { createHubClient } from './hub/createHubClient.ts';
import { hubCacheFolder } from './hub/hubCacheFolder.ts';
import type { HubClient } from './hub/hubClient.ts';
import { createHubHandlers } from './hub/hubHandlers.ts';
import { createJudgeService } from './judge/createJudgeService.ts';
import { createLibraryService } from './library/createLibraryService.ts';
import { createLibraryHandlers } from './library/libraryHandlers.ts';
import type { LibraryService } from './library/libraryService.ts';
import { createModelService } from './models/createModelService.ts';
import { createHandOver } from './models/handOver.ts';
import { createModelHandlers } from './models/modelHandlers.ts';
import type { ModelService } from './models/modelService.ts';
import { createPythonSandbox } from './sandbox/createPythonSandbox.ts';
import { noSandbox } from './sandbox/noSandbox.ts';
import type { PythonSandbox } from './sandbox/pythonSandbox.ts';
import { createServerService } from './server/createServerService.ts';
import { createServerHandlers } from './server/serverHandlers.ts';
import type { ServerService } from './server/serverService.ts';
import { createSettingsHandlers } from './settings/settingsHandlers.ts';
import { createSettingsService, type SettingsService } from './settings/settingsService.ts';
import { readAvailableMemory } from './system/availableMemory.ts';
import { createSystemService } from './system/createSystemService.ts';
import { readPowerSource } from './system/powerSource.ts';
import { createSystemHandlers } from './system/systemHandlers.ts';
import type { SystemService } from './system/systemService.ts';
import { readThermalState } from './system/thermalState.ts';
import { createTelemetryService, type TelemetryService } from './telemetry/createTelemetryService.ts';
import { createToolbox } from './tools/createToolbox.ts';
import { createFetchTool } from './tools/fetchTool.ts';

/** Everything the app can do, made once per host. */
export interface Services {
  readonly handlers: Handlers<Routes>;
  readonly hub: HubClient;
  readonly catalog: CatalogService;
  readonly downloads: DownloadService;
  readonly library: LibraryService;
  readonly fit: FitService;
  readonly models: ModelService;
  readonly chat: ChatService;
  readonly comparisons: ComparisonService;
  readonly endpoints: EndpointService;
  readonly server: ServerService;
  readonly benchmarks: BenchmarkService;
  readonly telemetry: TelemetryService;
  readonly sandbox: PythonSandbox;
  readonly system: SystemService;
  readonly settings: SettingsService;
  /** Stops what runs, sees every runner exit, closes the database and lets the data folder go. May be called twice. */
  dispose(): Promise<void>;
}

/**
 * The composition root: takes the data folder, opens the database and wires the services. The library begins to look around by itself.
 * @throws {RpcError} data-folder-in-use, data-folder-unwritable, database-newer, database-broken, disk-full
 */
export async function createServices(ports: HostPorts): Promise<Services> {
  const { log, paths } = ports;
  const now = Date.now;
  await using undo = new AsyncDisposableStack();
  const lock = undo.use(lockDataFolder(paths.data, ports.host, now));
  const database = undo.use(openDatabase(join(paths.data, 'rightsize.db')));
  const supervisor = createRunnerSupervisor({ spawnRunner: ports.spawnRunner, log });
  undo.defer(() => supervisor.dispose());
  const settings = createSettingsService({ database });
  const hub = createHubClient({ ports, settings, log, now });
  undo.defer(() => hub.dispose());
  const library = createLibraryService({
    database,
    log,
    now,
    bundledModels: paths.bundledModels,
    ownModels: join(paths.data, 'models'),
    withStopped: (id, work) => models.withStopped(id, work),
    machine: { env: ports.env, home: ports.home, platform: ports.platform },
    settings,
    hub,
    partialPaths: () => downloads.partialPaths(),
  });
  undo.defer(() => library.dispose());
  const { openSandbox } = ports;
  const sandbox = openSandbox === undefined ? noSandbox : createPythonSandbox({ openSandbox, log, now });
  undo.defer(() => sandbox.dispose());
  const system = createSystemService({
    ports,
    sandbox,
    database,
    supervisor,
    log,
    now,
    runnersResidentBytes: () => models.residentBytes(),
    async artifacts() {
      await library.whenScanned();
      return library.list();
    },
    calibration: () => fit.calibration(),
    hub: {
      account: () => hub.account({ verify: false }),
      downloadsFolder() {
        const { downloadLayout, downloadFolder } = settings.read();
        return downloadLayout === 'hub-cache' ? hubCacheFolder(ports) : (downloadFolder ?? join(paths.data, 'models'));
      },
    },
  });
  const catalog = createCatalogService({ database, hub, library, system, log, now });
  undo.defer(() => catalog.dispose());
  const fit: FitService = createFitService({
    database,
    library,
    catalog,
    system,
    supervisor,
    bandwidth: () => system.bandwidth(),
    log,
    now,
  });
  undo.defer(() => fit.dispose());
  const downloads: DownloadService = createDownloadService({ database, hub, library, settings, ports, log, now });
  undo.defer(() => downloads.dispose());
  const models: ModelService = createModelService({
    library,
    settings,
    supervisor,
    log,
    gpus: () => system.gpus(),
    cores: () => system.cores(),
    bandwidth: () => system.bandwidth(),
    availableMemory: readAvailableMemory,
    fit,
    modelSettings: modelSettingsTable(database),
    now,
    // A command ends after its work: a process that waits for more would only delay that.
    keepsSpare: ports.host !== 'cli',
    onEngine: (engine) => system.recordEngine(engine),
  });
  const datasetTable = createDatasetTable(database);
  const catalogue = createSuiteCatalogue({ folder: paths.bundledSuites, datasets: datasetTable, now });
  const datasets = createDatasetService({ catalogue, datasets: datasetTable, now });
  const endpoints = createEndpointService({ database, ports, settings, log, now });
  undo.defer(() => endpoints.dispose());
  const fetchTool = createFetchTool({ userAgent: `rightsize/${ports.version}` });
  undo.defer(() => fetchTool.dispose());
  const chat = createChatService({ database, library, models, endpoints, settings, sandbox, fetchTool, log, now });
  const comparisons = createComparisonService({ database, library, models, endpoints, log, now });
  const server = createServerService({
    database,
    settings,
    secrets: ports.secrets,
    library,
    models,
    endpoints,
    version: ports.version,
    log,
    now,
  });
  const judges = createJudgeService({ database, library, models, endpoints, suitesFolder: paths.bundledSuites, now });
  const benchmarks = createBenchmarkService({
    database,
    library,
    models,
    aids: { sandbox, makeToolbox: (offer) => createToolbox(offer, { sandbox }) },
    endpoints,
    readings: {
      cores: () => system.cores(),
      availableMemory: readAvailableMemory,
      power: () => readPowerSource({ platform: ports.platform, sysfs: '/sys' }),
      heat: () => readThermalState({ platform: ports.platform, sysfs: '/sys' }),
    },
    engine: () => system.engine(),
    prices: createPriceList({ table: createPriceTable(database), shippedFile: join(paths.bundledSuites, '..', 'prices.json') }),
    judges,
    openSampler: () => openWorkSampler({ now, env: ports.env, platform: ports.platform, sysfs: '/sys' }),
    catalogue,
    log,
    now,
  });

  const telemetry = createTelemetryService({ database, results: (runId) => benchmarks.results(runId), judges, ports, settings, now });
  undo.defer(() => telemetry.dispose());

  async function disposeAll(): Promise<void> {
    await server.dispose();
    await Promise.all([chat.dispose(), comparisons.dispose(), benchmarks.dispose(), downloads.dispose(), catalog.dispose(), fit.dispose()]);
    await Promise.all([hub.dispose(), endpoints.dispose(), fetchTool.dispose(), telemetry.dispose()]);
    await Promise.all([models.dispose(), sandbox.dispose()]);
    await Promise.all([system.dispose(), library.dispose()]);
    await supervisor.dispose();
    database.close();
    lock.release();
  }
  let disposing: Promise<void> | undefined;

  undo.move();
  return {
    handlers: {
      ...createLibraryHandlers(library, ports),
      ...createCatalogHandlers(catalog),
      ...createHubHandlers(hub),
      ...createDownloadHandlers(downloads, { ports, settings }),
      ...createFitHandlers(fit),
      ...createModelHandlers(models, createHandOver({ library, models })),
      ...createChatHandlers(chat),
      ...createComparisonHandlers(comparisons),
      ...createServerHandlers(server),
      ...createBenchmarkHandlers(benchmarks, telemetry),
      ...createDatasetHandlers(datasets, ports),
      ...createEndpointHandlers(endpoints),
      ...createDesktopHandlers(ports),
      ...createSystemHandlers(system),
      ...createSettingsHandlers(settings),
    },
    hub,
    catalog,
    downloads,
    library,
    fit,
    models,
    chat,
    comparisons,
    endpoints,
    server,
    benchmarks,
    telemetry,
    sandbox,
    system,
    settings,
    dispose() {
      disposing ??= disposeAll();
      return disposing;
    },
  };
}
