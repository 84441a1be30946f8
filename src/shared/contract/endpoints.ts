import * as z from 'zod';

/** Servers of other machines (or of other programs of this one) that speak OpenAI's chat completions. */
export const endpointErrors = {
  notFound: 'endpoint-not-found',
  unreachable: 'endpoint-unreachable',
  refused: 'endpoint-refused',
  rateLimited: 'endpoint-rate-limited',
  stalled: 'endpoint-stalled',
  garbage: 'endpoint-garbage',
} as const;

export const EndpointId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);
export type EndpointId = z.infer<typeof EndpointId>;

export const Endpoint = z.object({
  id: EndpointId,
  name: z.string().min(1).max(100),
  /** As its maker gives it, mostly ending in `/v1`. Plain http only to this machine and private networks. */
  baseUrl: z.url({ protocol: /^https?$/ }).max(500),
  /** What may be asked of it, as it names them. */
  models: z.array(z.string().min(1).max(120)).max(200),
  /** Whether a key is kept for it. The key goes in and never comes out. */
  hasKey: z.boolean(),
  /** Requests under way at the same time at most. */
  concurrency: z.number().int().min(1).max(64),
  /** Null = what the server allows. */
  requestsPerMinute: z.number().int().min(1).max(100_000).nullable(),
  /** Seconds without a byte after which a request is given up. */
  stallSeconds: z.number().int().min(1).max(3600),
});
export type Endpoint = z.infer<typeof Endpoint>;

export const EndpointDraft = Endpoint.omit({ hasKey: true, id: true }).extend({
  /** Null = a new one. */
  id: EndpointId.nullable(),
  /** Absent = as it is; null forgets it. */
  key: z.string().min(1).max(2000).nullable().optional(),
});
export type EndpointDraft = z.infer<typeof EndpointDraft>;

export const EndpointCheck = z.object({
  ok: z.boolean(),
  message: z.string(),
  hint: z.string().nullable(),
  /** What the server says it has; empty where it does not say. */
  models: z.array(z.string()),
  tookMs: z.number(),
});
export type EndpointCheck = z.infer<typeof EndpointCheck>;

const prefix = 'endpoint:';

/** How a remote model is named where an artifact's id is asked for. */
export const endpointModelId = (endpointId: EndpointId, model: string): string => `${prefix}${endpointId}/${model}`;

/** @returns null for the id of a model on this disk. */
export function readEndpointModelId(id: string): { readonly endpointId: EndpointId; readonly model: string } | null {
  if (!id.startsWith(prefix)) return null;
  const at = id.indexOf('/', prefix.length);
  const endpointId = EndpointId.safeParse(id.slice(prefix.length, at));
  return at < 0 || at === id.length - 1 || !endpointId.success ? null : { endpointId: endpointId.data, model: id.slice(at + 1) };
}
