import * as z from 'zod';
import type { RepoFile } from '#core/catalog/repoFile.ts';
import type { HubModel, HubModelInfo } from './hubClient.ts';
import { badAnswer } from './hubRequest.ts';

/** What one field of a hub answer may be; anything else counts as not said. */
const count = z.number().int().nonnegative().nullable().catch(null);
const text = z.string().max(500).nullable().catch(null);
const time = z
  .string()
  .transform((value) => {
    const ms = Date.parse(value);
    return Number.isNaN(ms) ? null : ms;
  })
  .nullable()
  .catch(null);
const strings = z
  .array(z.unknown())
  .transform((all) => all.filter((one) => typeof one === 'string').filter((one) => one.length <= 300))
  .catch([]);
/** At most a thousand are asked for. */
const rowLimit = 10_000;

const Gguf = z
  .object({ total: count.default(null), architecture: text.default(null), context_length: count.default(null) })
  .nullable()
  .catch(null);
const CardData = z
  .object({
    license: z
      .union([z.string().max(200), z.array(z.string().max(200)).transform((all) => all[0] ?? null)])
      .nullable()
      .catch(null)
      .default(null),
    license_name: text.default(null),
    license_link: text.default(null),
    base_model: z
      .union([z.string().transform((one) => [one]), strings])
      .catch([])
      .default([]),
  })
  .nullable()
  .catch(null);

/** A row of the list and the answer for one model have the same fields, as far as they were asked for. */
const Model = z.object({
  /** Publisher and name, neither of dots alone. */
  id: z.string().regex(/^(?!\.+\/)[\w.-]{1,96}\/(?!\.+$)[\w.-]{1,96}$/),
  sha: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable()
    .catch(null)
    .default(null),
  downloads: count.default(null),
  likes: count.default(null),
  lastModified: time.default(null),
  createdAt: time.default(null),
  gated: z
    .union([z.literal(false), z.enum(['auto', 'manual'])])
    .catch(false)
    .default(false),
  disabled: z.boolean().catch(false).default(false),
  tags: strings.default([]),
  pipeline_tag: text.default(null),
  library_name: text.default(null),
  gguf: Gguf.default(null),
  cardData: CardData.default(null),
});

/** Fields that a list asks for. Not `gguf`: it holds the chat template, kilobytes a row. */
export const listFields = ['downloads', 'likes', 'lastModified', 'createdAt', 'gated', 'tags', 'pipeline_tag', 'library_name'] as const;
export const infoFields = [...listFields, 'sha', 'disabled', 'gguf', 'cardData'] as const;

/** Rows of `GET /api/models`. One that cannot be read is left out; an answer that is no list throws hub-answer-invalid. */
export function readModelList(answer: unknown): HubModel[] {
  if (!Array.isArray(answer) || answer.length > rowLimit) throw badAnswer('The hub answered with something that is no list of models.');
  return answer.flatMap((row) => {
    const model = Model.safeParse(row);
    return model.success ? [toModel(model.data)] : [];
  });
}

/** Answer of `GET /api/models/{id}`. @throws {RpcError} hub-answer-invalid */
export function readModelInfo(answer: unknown): HubModelInfo {
  const model = Model.safeParse(answer);
  if (!model.success || model.data.sha === null) throw badAnswer('The hub answered with something that is no model.');
  const { sha, disabled, cardData } = model.data;
  return {
    ...toModel(model.data),
    commit: sha,
    license: licenseOf(model.data),
    licenseUrl: secureAddress(cardData?.license_link ?? null),
    baseModels: cardData?.base_model ?? [],
    isDisabled: disabled,
  };
}

const TreeEntry = z.object({
  type: z.string(),
  path: z.string().max(2000),
  size: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  oid: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable()
    .catch(null)
    .default(null),
  lfs: z
    .object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() })
    .nullable()
    .catch(null)
    .default(null),
});

/** Files of one page of a tree; folders and entries that cannot be read are left out. @throws {RpcError} hub-answer-invalid */
export function readTree(answer: unknown): RepoFile[] {
  if (!Array.isArray(answer) || answer.length > rowLimit) throw badAnswer('The hub answered with something that is no list of files.');
  return answer.flatMap((row) => {
    const entry = TreeEntry.safeParse(row);
    if (!entry.success || entry.data.type !== 'file') return [];
    const { path, size, oid, lfs } = entry.data;
    return [{ path, sizeBytes: lfs?.size ?? size, sha256: lfs?.oid ?? null, gitSha1: lfs === null ? oid : null }];
  });
}

const WhoAmI = z.object({ name: z.string().min(1).max(200) });

/** Name of the token's account. @throws {RpcError} hub-answer-invalid */
export function readWhoAmI(answer: unknown): string {
  const account = WhoAmI.safeParse(answer);
  if (!account.success) throw badAnswer('The hub does not say whose token this is.');
  return account.data.name;
}

function toModel(model: z.infer<typeof Model>): HubModel {
  return {
    repo: model.id,
    downloads: model.downloads,
    likes: model.likes,
    updatedAt: model.lastModified,
    createdAt: model.createdAt,
    gated: model.gated === false ? 'no' : model.gated,
    tags: model.tags,
    pipeline: model.pipeline_tag,
    library: model.library_name,
    parameters: model.gguf?.total ?? null,
    architecture: model.gguf?.architecture ?? null,
    contextTokens: model.gguf?.context_length ?? null,
  };
}

function licenseOf(model: z.infer<typeof Model>): string | null {
  const tagged = model.tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length) ?? null;
  const named = model.cardData?.license ?? tagged;
  return named === 'other' ? (model.cardData?.license_name ?? named) : named;
}

function secureAddress(address: string | null): string | null {
  return address !== null && URL.parse(address)?.protocol === 'https:' ? address : null;
}
