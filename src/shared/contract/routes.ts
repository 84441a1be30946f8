import * as z from 'zod';
import { call, stream } from '../rpc/routeTable.ts';
import { ModelComparison, PriceTable, RunComparison, RunResults } from './benchmarkResults.ts';
import { Sample } from './benchmarkSamples.ts';
import { Estimate, ReportFormat, RunChange, RunPlan, RunProgress, Suite } from './benchmarks.ts';
import { Access, CatalogPage, CatalogQuery, CatalogRepo, HubAccount, ModelCard, RemoteHeader, RepoId } from './catalog.ts';
import {
  AnswerEvent,
  AnswerShape,
  Attachment,
  attachmentLimit,
  ChatHit,
  ChatPreset,
  ContextUse,
  Conversation,
  ConversationChange,
  Message,
  NewAttachment,
  OpenConversation,
  Sampling,
} from './chat.ts';
import { Comparison, ComparisonDraft, ComparisonEntry, ComparisonEvent, Standing } from './comparisons.ts';
import { DatasetItem, DatasetProblem, editableItems } from './datasets.ts';
import { DesktopState, PageAddress } from './desktop.ts';
import { DownloadId, DownloadJob, DownloadRequest, DownloadsChange } from './downloads.ts';
import { Endpoint, EndpointCheck, EndpointDraft, EndpointId } from './endpoints.ts';
import { ArtifactShape, EngineBytes, FitTarget, LoadObservation, LoadPlan, Placement } from './fit.ts';
import { HandOver } from './handOver.ts';
import { Artifact, ArtifactId, Inspection, LibraryChange, LoadedModel, LoadOptions, ModelSettings, ReclaimItem } from './models.ts';
import { LoggedRequest, Replayed, RequestDetail, ServerChange, ServerSettingsPatch, ServerState } from './server.ts';
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

  'chat.changes': stream(nothing, ConversationChange, nothing),
  'chat.create': call(z.object({ modelId: ArtifactId.nullable() }), Conversation),
  'chat.open': call(z.object({ conversationId: id }), OpenConversation),
  'chat.update': call(
    z.object({
      conversationId: id,
      title: z.string().min(1).max(200).optional(),
      modelId: ArtifactId.nullable().optional(),
      systemPrompt: z.string().max(100_000).optional(),
      sampling: Sampling.optional(),
      shape: AnswerShape.optional(),
    }),
    Conversation,
  ),
  'chat.remove': call(z.object({ conversationId: id }), nothing),
  /** Cancelling the stream stops the answer; what was written is kept. The closing value is the final message. */
  'chat.send': stream(
    z.object({ conversationId: id, text: z.string().max(2_000_000), attachments: z.array(NewAttachment).max(attachmentLimit).default([]) }),
    AnswerEvent,
    Message,
  ),
  /** Answers again, beside the answer that is there. `load`: how to load the model for it; without, it is taken as it is loaded, or as Rightsize decides. */
  'chat.regenerate': stream(z.object({ conversationId: id, messageId: id, load: LoadOptions.optional() }), AnswerEvent, Message),
  /** Asks an earlier question in other words, beside it, and answers it. Attachments are kept. */
  'chat.edit': stream(z.object({ conversationId: id, messageId: id, text: z.string().min(1).max(2_000_000) }), AnswerEvent, Message),
  /** Goes on with the last answer where it ended. */
  'chat.continue': stream(z.object({ conversationId: id, messageId: id }), AnswerEvent, Message),
  /** Changes the words of an answer, beside it. */
  'chat.editAnswer': call(z.object({ conversationId: id, messageId: id, text: z.string().min(1).max(2_000_000) }), OpenConversation),
  /** Shows the path that goes through this message, and its latest end. */
  'chat.choose': call(z.object({ conversationId: id, messageId: id }), OpenConversation),
  /** A conversation of its own with all that leads to this message. */
  'chat.branch': call(z.object({ conversationId: id, messageId: id }), Conversation),
  /** Removes a message with all that follows it. */
  'chat.removeMessage': call(z.object({ conversationId: id, messageId: id }), OpenConversation),
  /** The person's word on a call that waits: run it, run such calls from now on without asking, or refuse it. */
  'chat.decideCall': call(z.object({ conversationId: id, callId: id, decision: z.enum(['once', 'always', 'refuse']) }), nothing),
  'chat.attachment': call(z.object({ attachmentId: id }), Attachment.extend({ data: z.base64() })),
  'chat.context': call(z.object({ conversationId: id, text: z.string().max(2_000_000).default('') }), ContextUse),
  /** Whole words of titles and messages, best first. */
  'chat.search': call(
    z.object({ query: z.string().max(500), limit: z.number().int().min(1).max(200).default(50) }),
    z.object({ hits: z.array(ChatHit) }),
  ),
  /** One conversation, or all of them as JSON. */
  'chat.export': call(
    z.object({ conversationId: id.nullable(), format: z.enum(['json', 'markdown']) }),
    z.object({ fileName: z.string(), mediaType: z.string(), text: z.string() }),
  ),
  'chat.import': call(
    z.object({ fileName: z.string().max(255), text: z.string().max(200_000_000) }),
    z.object({ conversations: z.array(Conversation), skipped: z.number() }),
  ),
  'chat.presets': call(nothing, z.object({ presets: z.array(ChatPreset) })),
  /** Null id: a new one. */
  'chat.savePreset': call(ChatPreset.omit({ id: true, isShipped: true }).extend({ id: id.nullable() }), ChatPreset),
  'chat.removePreset': call(z.object({ id }), nothing),

  /** Cancelling the stream stops what still writes. The closing value is the comparison as it was kept. */
  'comparisons.start': stream(ComparisonDraft, ComparisonEvent, Comparison),
  /** Stops one column; the others go on. */
  'comparisons.stop': call(z.object({ id, index: z.number().int().min(0).max(3) }), nothing),
  /** Names are told with it, whatever it is: null tells them without a vote, or takes it back. Only a vote that came before the names counts in standings. */
  'comparisons.vote': call(z.object({ id, vote: Comparison.shape.vote }), Comparison),
  'comparisons.list': call(nothing, z.object({ comparisons: z.array(ComparisonEntry) })),
  'comparisons.open': call(z.object({ id }), Comparison),
  'comparisons.remove': call(z.object({ id }), nothing),
  'comparisons.standings': call(nothing, z.object({ standings: z.array(Standing) })),

  'server.changes': stream(nothing, ServerChange, nothing),
  'server.start': call(nothing, ServerState),
  'server.stop': call(nothing, ServerState),
  'server.configure': call(ServerSettingsPatch, ServerState),
  /** The key itself, for the person to copy. */
  'server.key': call(nothing, z.object({ key: z.string() })),
  /** Makes another one: programs that have the old one are refused from now on. */
  'server.newKey': call(nothing, ServerState),
  'server.requests': call(
    z.object({
      errorsOnly: z.boolean().default(false),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    z.object({ requests: z.array(LoggedRequest), total: z.number() }),
  ),
  'server.request': call(z.object({ id }), RequestDetail),
  'server.clearLog': call(nothing, nothing),
  /** Puts a kept question to another model. */
  'server.replay': call(z.object({ id, modelId: ArtifactId }), Replayed),
  /** A kept request as an item of a labelled set, to look at before it is added. */
  'server.asItem': call(z.object({ id }), z.object({ item: DatasetItem })),

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
