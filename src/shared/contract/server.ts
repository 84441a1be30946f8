import * as z from 'zod';
import { Usage } from './chat.ts';

/** Codes of the local API that other programs talk to. */
export const serverErrors = {
  requestNotFound: 'request-not-found',
  /** What it asked was not kept. */
  noBody: 'request-body-not-kept',
  notRunning: 'server-not-running',
} as const;

const origin = z.url({ protocol: /^https?$/ }).max(300);

/** How the local API is served. The key is not among them: it lies with the secrets. */
export const ServerSettings = z.object({
  port: z.number().int().min(0).max(65_535).default(11_435),
  /** Whether it is started with the app. */
  startsWithApp: z.boolean().default(false),
  /** Other devices of the network may connect: only ever with a key. */
  lan: z.boolean().default(false),
  requiresKey: z.boolean().default(true),
  /** Web pages that may ask; none unless named. */
  allowedOrigins: z.array(origin).max(50).default([]),
  /** Loads a model when it is asked for; off: only models that are loaded already answer. */
  loadsOnDemand: z.boolean().default(true),
  /** Requests answered side by side by one model, as far as memory allows. */
  parallel: z.number().int().min(1).max(32).default(4),
  /** Requests that may wait; the next one is told 429. */
  queueLimit: z.number().int().min(0).max(10_000).default(64),
  /** Whether questions and answers are kept with the log. */
  logBodies: z.boolean().default(false),
  logLimit: z.number().int().min(0).max(100_000).default(1000),
  logDays: z.number().int().min(1).max(365).default(7),
});
export type ServerSettings = z.infer<typeof ServerSettings>;

/** What a change may name, without defaults filled in. */
export const ServerSettingsPatch = z.object({
  port: ServerSettings.shape.port.unwrap().optional(),
  startsWithApp: ServerSettings.shape.startsWithApp.unwrap().optional(),
  lan: ServerSettings.shape.lan.unwrap().optional(),
  requiresKey: ServerSettings.shape.requiresKey.unwrap().optional(),
  allowedOrigins: ServerSettings.shape.allowedOrigins.unwrap().optional(),
  loadsOnDemand: ServerSettings.shape.loadsOnDemand.unwrap().optional(),
  parallel: ServerSettings.shape.parallel.unwrap().optional(),
  queueLimit: ServerSettings.shape.queueLimit.unwrap().optional(),
  logBodies: ServerSettings.shape.logBodies.unwrap().optional(),
  logLimit: ServerSettings.shape.logLimit.unwrap().optional(),
  logDays: ServerSettings.shape.logDays.unwrap().optional(),
});
export type ServerSettingsPatch = z.infer<typeof ServerSettingsPatch>;

export const ServerState = z.object({
  state: z.enum(['stopped', 'starting', 'running', 'failed']),
  /** Why it could not be started. */
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).nullable(),
  /** `http://127.0.0.1:11435`, without `/v1`; null while it does not run. */
  url: z.string().nullable(),
  port: z.number().nullable(),
  /** Under which other devices reach it, in LAN mode. */
  lanUrls: z.array(z.string()),
  /** The first and last characters of the key; null where none is asked for. */
  keyHint: z.string().nullable(),
  startedAt: z.number().nullable(),
  /** Since it was started. */
  requests: z.number(),
  errors: z.number(),
  active: z.number(),
  waiting: z.number(),
  settings: ServerSettings,
  /** What the running server was started with that has been changed since: it needs a restart. */
  needsRestart: z.boolean(),
});
export type ServerState = z.infer<typeof ServerState>;

/** One request of the log. No prompt and no key is in it. */
export const LoggedRequest = z.object({
  id: z.string(),
  at: z.number(),
  method: z.string(),
  path: z.string(),
  /** As the client named it; null where it named none. */
  model: z.string().nullable(),
  modelId: z.string().nullable(),
  state: z.enum(['waiting', 'running', 'done']),
  /** Null until it is answered. */
  status: z.number().nullable(),
  /** Why it failed, in words; `Client hung up` for one that was left. */
  problem: z.string().nullable(),
  usage: Usage.nullable(),
  ttftMs: z.number().nullable(),
  generationTokensPerSecond: z.number().nullable(),
  totalMs: z.number().nullable(),
  finishReason: z.string().nullable(),
  /** Whether question and answer were kept, so that it can be replayed. */
  hasBody: z.boolean(),
  /** The program as it calls itself (`user-agent`), cut. */
  client: z.string().nullable(),
});
export type LoggedRequest = z.infer<typeof LoggedRequest>;

/** A request with what was kept of it. */
export const RequestDetail = z.object({
  request: LoggedRequest,
  /** The body as it was sent; null where bodies are not kept. */
  question: z.string().nullable(),
  answer: z.string().nullable(),
});
export type RequestDetail = z.infer<typeof RequestDetail>;

/** First item is a snapshot, newest request first; then whole changed parts, at most four times a second. */
export const ServerChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), state: ServerState, requests: z.array(LoggedRequest) }),
  z.object({ kind: z.literal('state'), state: ServerState }),
  z.object({ kind: z.literal('requests'), requests: z.array(LoggedRequest) }),
  z.object({ kind: z.literal('cleared') }),
]);
export type ServerChange = z.infer<typeof ServerChange>;

/** The same question put to another model. */
export const Replayed = z.object({
  modelId: z.string(),
  text: z.string(),
  reasoning: z.string().nullable(),
  finishReason: z.string(),
  usage: Usage.nullable(),
  ttftMs: z.number().nullable(),
  generationTokensPerSecond: z.number().nullable(),
  totalMs: z.number(),
});
export type Replayed = z.infer<typeof Replayed>;
