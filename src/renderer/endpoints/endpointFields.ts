import type { Endpoint, EndpointDraft } from '#shared/contract/endpoints.ts';

/** What stands in the form, as it was typed. */
export interface EndpointFields {
  readonly name: string;
  readonly address: string;
  readonly key: string;
  readonly forgetsKey: boolean;
  /** One a line. */
  readonly models: string;
  readonly concurrency: number;
  readonly requestsPerMinute: number | null;
  readonly stallSeconds: number;
}

/** @param endpoint null = a new one */
export function fieldsOf(endpoint: Endpoint | null): EndpointFields {
  return {
    name: endpoint?.name ?? '',
    address: endpoint?.baseUrl ?? '',
    key: '',
    forgetsKey: false,
    models: endpoint?.models.join('\n') ?? '',
    concurrency: endpoint?.concurrency ?? 4,
    requestsPerMinute: endpoint?.requestsPerMinute ?? null,
    stallSeconds: endpoint?.stallSeconds ?? 120,
  };
}

/** @returns the named models, in order and once each. */
export function modelsOf(text: string): string[] {
  const lines = text.split(/\n/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}

/** Adds a model to the text, or takes it out. */
export function withModel(text: string, model: string, isWanted: boolean): string {
  const others = modelsOf(text).filter((name) => name !== model);
  return (isWanted ? [...others, model] : others).join('\n');
}

/** @returns what is wrong with an address in a sentence; null where it may be asked */
export function addressProblem(text: string): string | null {
  const typed = text.trim();
  if (typed === '') return 'Type the address of the server first.';
  const url = URL.parse(typed);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return 'An address begins with http:// or https://.';
  if (url.username !== '' || url.password !== '') return 'Leave out the name and password; enter them as the key.';
  return url.search === '' && url.hash === '' ? null : 'Leave out what comes after ? and #.';
}

/** @param endpoint the one that is changed; null = a new one */
export function draftOf(fields: EndpointFields, endpoint: Endpoint | null): EndpointDraft {
  const address = fields.address.trim();
  const key = fields.key.trim();
  return {
    id: endpoint?.id ?? null,
    name: fields.name.trim() || (URL.parse(address)?.host.slice(0, 100) ?? ''),
    baseUrl: address,
    models: modelsOf(fields.models),
    concurrency: fields.concurrency,
    requestsPerMinute: fields.requestsPerMinute,
    stallSeconds: fields.stallSeconds,
    ...(key !== '' ? { key } : fields.forgetsKey ? { key: null } : {}),
  };
}
