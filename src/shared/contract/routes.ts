import * as z from 'zod';
import { call, stream } from '../rpc/routeTable.ts';
import { Estimate, ReportFormat, RunChange, RunPlan, RunProgress, RunResults, Sample, Suite } from './benchmarks.ts';
import { AnswerEvent, Conversation, ConversationChange, Message, Sampling } from './chat.ts';
import { Artifact, ArtifactId, Inspection, LibraryChange, LoadedModel, LoadOptions } from './models.ts';
import { Settings, SettingsPatch } from './settings.ts';
import { About, DoctorCheck, Hardware, HardwareLoad } from './system.ts';

const nothing = z.object({});
const id = z.string().min(1).max(200);
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
  'library.remove': call(z.object({ id: ArtifactId }), z.object({ fileDeleted: z.boolean() })),

  'models.loaded': stream(nothing, z.object({ models: z.array(LoadedModel) }), nothing),
  'models.load': call(
    z.object({ id: ArtifactId, options: LoadOptions.default({ contextTokens: null, threads: null, gpuLayers: null }) }),
    LoadedModel,
  ),
  'models.unload': call(z.object({ id: ArtifactId }), nothing),
  /** Clears the breaker after three crashes in a row. */
  'models.unblock': call(z.object({ id: ArtifactId }), nothing),

  'chat.changes': stream(nothing, ConversationChange, nothing),
  'chat.create': call(z.object({ modelId: ArtifactId.nullable() }), Conversation),
  'chat.open': call(z.object({ conversationId: id }), z.object({ conversation: Conversation, messages: z.array(Message) })),
  'chat.update': call(
    z.object({
      conversationId: id,
      title: z.string().min(1).max(200).optional(),
      modelId: ArtifactId.nullable().optional(),
      systemPrompt: z.string().max(100_000).optional(),
      sampling: Sampling.optional(),
    }),
    Conversation,
  ),
  'chat.remove': call(z.object({ conversationId: id }), nothing),
  /** Cancelling the stream stops the answer; what was written is kept. The closing value is the final message. */
  'chat.send': stream(z.object({ conversationId: id, text: z.string().min(1).max(2_000_000) }), AnswerEvent, Message),
  'chat.regenerate': stream(z.object({ conversationId: id, messageId: id }), AnswerEvent, Message),

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

  'system.about': call(nothing, About),
  'system.hardware': call(z.object({ refresh: z.boolean().default(false) }), Hardware),
  'system.measureBandwidth': call(nothing, Hardware),
  'system.load': stream(nothing, HardwareLoad, nothing),
  'system.doctor': call(nothing, z.object({ checks: z.array(DoctorCheck) })),

  'settings.changes': stream(nothing, Settings, nothing),
  'settings.update': call(SettingsPatch, Settings),
};
export type Routes = typeof routes;
