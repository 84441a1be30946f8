import * as z from 'zod';
import { call, stream } from '../rpc/routeTable.ts';
import { ModelComparison, PriceTable, RunComparison, RunResults } from './benchmarkResults.ts';
import { Sample } from './benchmarkSamples.ts';
import { Estimate, ReportFormat, RunChange, RunPlan, RunProgress, Suite } from './benchmarks.ts';
import { Access, CatalogPage, CatalogQuery, CatalogRepo, HubAccount, ModelCard, RemoteHeader, RepoId } from './catalog.ts';
import { chatRoutes } from './chatRoutes.ts';
import { comparisonRoutes } from './comparisonRoutes.ts';
import { DatasetItem, DatasetProblem, editableItems } from './datasets.ts';
import { DesktopState, PageAddress } from './desktop.ts';
import { DownloadId, DownloadJob, DownloadRequest, DownloadsChange } from './downloads.ts';
import { Endpoint, EndpointCheck, EndpointDraft, EndpointId } from './endpoints.ts';
import { ArtifactShape, EngineBytes, FitTarget, LoadObservation, LoadPlan, Placement } from './fit.ts';
import { HandOver } from './handOver.ts';
import { Artifact, ArtifactId, Inspection, LibraryChange, LoadedModel, LoadOptions, ModelSettings, ReclaimItem } from './models.ts';
import { serverRoutes } from './serverRoutes.ts';
import { Settings, SettingsPatch } from './settings.ts';
import { About, DoctorCheck, Hardware, HardwareLoad, MemoryHolders } from './system.ts';

const nothing = z.object({});
const id = z.string().min(1).max(200);
const loadAsked = z.object({
  id: ArtifactId,
  options: LoadOptions.prefault({}),
  /** Whether what the options leave open is as the model's own settings say, before Rightsize decides. */
  usesSettings: z.boolean().default(true),
});
/** Only a host without a file dialog takes a typed path (docs/decisions). */
const typedPath = z.string().min(1).max(4096).optional();

/** Everything the page may ask of the app. The CLI calls the same handlers in process. */
export const routes = {
  'library.changes': stream(nothing, LibraryChange, nothing),
  'library.list': call(nothing, z.object({ artifacts: z.array(Artifact) })),
  'library.inspect': call(z.object({ id: ArtifactId }), Inspection),
  'library.addFolder': call(z.object({ path: typedPath }), z.object({ added: z.boolean() })),
  'library.removeFolder': call(z.object({ folderId: id }), nothing),
  'library.rescan': call(nothing, nothing),
  'library.import': call(z.object({ path: typedPath }), z.object({ artifacts: z.array(Artifact) })),
  /** `deleteFile`: told to delete a file of the shared hub cache or of an added folder too. Files of other apps are never deleted. */
  'library.remove': call(z.object({ id: ArtifactId, deleteFile: z.boolean().default(false) }), z.object({ fileDeleted: z.boolean() })),
  /** What takes space and may go. Listed anew at each call. */
  'library.reclaimable': call(nothing, z.object({ items: z.array(ReclaimItem) })),
  'library.reclaim': call(
    z.object({ ids: z.array(id).min(1).max(10_000) }),
    z.object({ freedBytes: z.number(), failed: z.array(z.object({ id: z.string(), message: z.string() })) }),
  ),
  /** Asks the hub, for every artifact with a known origin, whether its file has changed. */
  'library.checkUpdates': call(nothing, z.object({ checked: z.number(), found: z.number() })),

  'catalog.search': call(z.object({ query: CatalogQuery, cursor: z.string().max(4000).nullable().default(null) }), CatalogPage),
  'catalog.repo': call(
    z.object({ repo: RepoId, revision: z.string().min(1).max(200).default('main'), refresh: z.boolean().default(false) }),
    CatalogRepo,
  ),
  'catalog.card': call(z.object({ repo: RepoId, commit: z.string().min(1).max(200) }), ModelCard),
  /** Reads the header of a quant's first file by range, or takes it from the cache. */
  'catalog.header': call(z.object({ repo: RepoId, commit: z.string().min(1).max(200), file: z.string().min(1).max(1000) }), RemoteHeader),
  /** Whether this account may fetch the files of a gated repo. */
  'catalog.access': call(z.object({ repo: RepoId }), z.object({ access: Access })),

  'hub.account': call(z.object({ verify: z.boolean().default(false) }), HubAccount),
  /** Null forgets it. The token goes in and never comes out. */
  'hub.setToken': call(z.object({ token: z.string().min(1).max(500).nullable() }), HubAccount),

  'downloads.start': call(DownloadRequest, DownloadJob),
  'downloads.pause': call(z.object({ id: DownloadId }), nothing),
  'downloads.resume': call(z.object({ id: DownloadId }), nothing),
  /** Ends it and deletes its partial files. */
  'downloads.cancel': call(z.object({ id: DownloadId }), nothing),
  /** Puts it before another one of the queue, or last. */
  'downloads.move': call(z.object({ id: DownloadId, before: DownloadId.nullable() }), nothing),
  'downloads.pauseAll': call(nothing, nothing),
  'downloads.resumeAll': call(nothing, nothing),
  /** Takes what is ready or cancelled off the list. No file is touched. */
  'downloads.clearFinished': call(nothing, nothing),
  'downloads.changes': stream(nothing, DownloadsChange, nothing),
  /** The host's folder dialog, or a typed path; null = back to the default. */
  'downloads.chooseFolder': call(z.object({ path: typedPath, reset: z.boolean().default(false) }), Settings),

  'models.loaded': stream(nothing, z.object({ models: z.array(LoadedModel) }), nothing),
  'models.load': call(loadAsked, LoadedModel),
  /** How it would be loaded now, and why. Loads nothing. */
  'models.plan': call(loadAsked, LoadPlan),
  /** How this model is loaded when nothing else is asked for. */
  'models.settings': call(z.object({ id: ArtifactId }), ModelSettings),
  /** Kept for the next load; what is loaded stays as it is. */
  'models.saveSettings': call(z.object({ id: ArtifactId, settings: ModelSettings }), ModelSettings),
  /** Ready commands and files that run this model elsewhere, with the settings that it has here. */
  'models.handOver': call(z.object({ id: ArtifactId, options: LoadOptions.prefault({}) }), z.object({ targets: z.array(HandOver) })),
  'models.unload': call(z.object({ id: ArtifactId }), nothing),
  /** Clears the breaker after three crashes in a row. */
  'models.unblock': call(z.object({ id: ArtifactId }), nothing),

  ...chatRoutes,
  ...comparisonRoutes,
  ...serverRoutes,

  'benchmarks.suites': call(nothing, z.object({ suites: z.array(Suite) })),
  'benchmarks.estimate': call(RunPlan, Estimate),
  'benchmarks.start': call(RunPlan, z.object({ runId: id })),
  'benchmarks.pause': call(z.object({ runId: id }), nothing),
  'benchmarks.resume': call(z.object({ runId: id }), nothing),
  'benchmarks.cancel': call(z.object({ runId: id }), nothing),
  'benchmarks.remove': call(z.object({ runId: id }), nothing),
  'benchmarks.changes': stream(nothing, RunChange, nothing),
  'benchmarks.progress': stream(z.object({ runId: id }), RunProgress, nothing),
  'benchmarks.results': call(z.object({ runId: id }), RunResults),
  'benchmarks.samples': call(
    z.object({
      runId: id,
      modelId: ArtifactId.optional(),
      suite: z.string().optional(),
      temperature: z.number().optional(),
      failingOnly: z.boolean().default(false),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    z.object({ samples: z.array(Sample), total: z.number() }),
  ),
  'benchmarks.report': call(
    z.object({ runId: id, format: ReportFormat }),
    z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() }),
  ),
  /** Asks more of every suite that was cut short, of all models alike. The verdict pays for the second look. */
  'benchmarks.extend': call(z.object({ runId: id, items: z.number().int().min(1).max(100_000) }), nothing),
  /** Against an earlier run on the same questions, model by model. */
  'benchmarks.compare': call(z.object({ runId: id, baselineRunId: id }), RunComparison),
  /** Two models of one run, mostly two quants: `againstId` is what it is held against. */
  'benchmarks.flips': call(z.object({ runId: id, modelId: ArtifactId, againstId: ArtifactId }), ModelComparison),
  /** A person's word against the grader's; null takes it back. */
  'benchmarks.overrule': call(
    z.object({
      runId: id,
      modelId: ArtifactId,
      suite: z.string(),
      itemId: z.string(),
      temperature: z.number(),
      repeat: z.number(),
      passed: z.boolean().nullable(),
      note: z.string().max(2000).default(''),
    }),
    nothing,
  ),
  'benchmarks.prices': call(nothing, PriceTable),
  'benchmarks.setPrices': call(PriceTable, PriceTable),
  /** Sends a run as OTLP traces, metrics and logs to an address the user names. Nothing is sent by itself. */
  'benchmarks.sendTelemetry': call(
    z.object({
      runId: id,
      url: z.url({ protocol: /^https?$/ }).max(500),
      /** Whether questions, answers and what tools were given and gave go along. */
      withContent: z.boolean().default(false),
    }),
    z.object({
      spans: z.number(),
      metrics: z.number(),
      logs: z.number(),
      /** What the collector did not take, in words; null where it took all. */
      warning: z.string().nullable().optional(),
    }),
  ),

  /**
   * Every row as the person left it, also those of a set of their own that are not finished: `problems` names them, and no run asks them.
   * `revision` says which state of the set this is.
   */
  'datasets.items': call(
    z.object({ suiteId: id }),
    z.object({ suite: Suite, items: z.array(DatasetItem), problems: z.array(DatasetProblem), revision: z.string() }),
  ),
  /**
   * Writes a whole set of the user's own; null makes a new one. Refused as a whole where an item cannot be used, each named; with
   * `keepUnfinished` such rows are kept beside the others and not asked. With a `revision` it is refused where the set is no longer that.
   */
  'datasets.save': call(
    z.object({
      suiteId: id.nullable(),
      name: z.string().trim().min(1).max(100),
      items: z.array(DatasetItem).max(editableItems),
      keepUnfinished: z.boolean().default(false),
      revision: z.string().max(100).optional(),
    }),
    z.object({ suite: Suite, problems: z.array(DatasetProblem), revision: z.string() }),
  ),
  /** Adds one item to a set of the user's own, or begins one: from a chat message, or a request. */
  'datasets.add': call(
    z.object({ suiteId: id.nullable(), name: z.string().trim().min(1).max(100).optional(), item: DatasetItem }),
    z.object({ suite: Suite }),
  ),
  /**
   * The host's file dialog, or a typed path. Null = dismissed. `skipBad` takes the rows that can be used; where there is a dialog, of the file that
   * was just refused.
   */
  'datasets.import': call(
    z.object({ path: typedPath, skipBad: z.boolean().default(false) }),
    z.object({ suite: Suite.nullable(), skipped: z.array(DatasetProblem) }),
  ),
  /** Takes it off the list; runs that asked it keep their items. */
  'datasets.remove': call(z.object({ suiteId: id }), nothing),

  'endpoints.list': call(nothing, z.object({ endpoints: z.array(Endpoint) })),
  'endpoints.save': call(EndpointDraft, Endpoint),
  'endpoints.remove': call(z.object({ id: EndpointId }), nothing),
  /** Asks it what it has, with the key of the draft or the kept one. Nothing is stored. */
  'endpoints.check': call(EndpointDraft, EndpointCheck),

  /** Shapes to estimate from, of models on this disk; unknown ids are left out. */
  'fit.shapes': call(z.object({ ids: z.array(ArtifactId).min(1).max(500) }), z.object({ shapes: z.array(ArtifactShape) })),
  /** The engine's own dry run for this machine; null where it could not be made, with the reason in words. */
  'fit.simulate': call(
    z.object({ target: FitTarget, backend: EngineBytes.shape.backend, placement: Placement }),
    z.object({ engine: EngineBytes.nullable(), reason: z.string().nullable() }),
  ),
  /** What was expected and what was measured, newest first. */
  'fit.observations': call(
    z.object({ artifactId: ArtifactId.nullable().default(null), limit: z.number().int().min(1).max(500).default(20) }),
    z.object({ observations: z.array(LoadObservation) }),
  ),

  /** Null in a browser, where there is no tray and no key that works everywhere. */
  'desktop.state': call(nothing, z.object({ state: DesktopState.nullable() })),
  /** Brings the main window to the front with this address. */
  'desktop.showPage': call(z.object({ address: PageAddress }), nothing),
  'desktop.hideQuickPrompt': call(nothing, nothing),

  'system.about': call(nothing, About),
  'system.hardware': call(z.object({ refresh: z.boolean().default(false) }), Hardware),
  'system.measureBandwidth': call(nothing, Hardware),
  'system.load': stream(nothing, HardwareLoad, nothing),
  /** Who holds memory now. Read when asked, not kept. */
  'system.holders': call(nothing, MemoryHolders),
  'system.doctor': call(nothing, z.object({ checks: z.array(DoctorCheck) })),

  'settings.changes': stream(nothing, Settings, nothing),
  'settings.update': call(SettingsPatch, Settings),
};
export type Routes = typeof routes;
