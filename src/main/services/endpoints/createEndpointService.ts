import type { Database } from '#main/storage/database.ts';
import { endpointTable, type StoredEndpoint } from '#main/storage/endpointTable.ts';
import { type Endpoint, type EndpointId, endpointErrors } from '#shared/contract/endpoints.ts';
import type { Log } from '#shared/log.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import type { HostPorts } from '../hostPorts.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import type { EndpointLine } from './askEndpoint.ts';
import { askPatiently, type EndpointPatience } from './askPatiently.ts';
import type { Dialect } from './chatBody.ts';
import { checkEndpoint } from './checkEndpoint.ts';
import { isGuardedWay, readEndpointAddress } from './endpointAddress.ts';
import { createEndpointKeys, readKey } from './endpointKeys.ts';
import type { EndpointService } from './endpointService.ts';
import { createOutwardConnections } from './outwardConnections.ts';
import { createRequestGate, type RequestGate } from './requestGate.ts';

const usualPatience: EndpointPatience = {
  failureDelaysMs: [1000, 2000, 4000, 8000, 16_000],
  limitDelaysMs: [2000, 4000, 8000, 16_000, 32_000],
  longestLimitMs: 120_000,
};

/**
 * Endpoints in the database, their keys with the host's secrets.
 * @param options.now ms since 1970
 */
export function createEndpointService(options: {
  readonly database: Database;
  readonly ports: Pick<HostPorts, 'env' | 'secrets' | 'resolveProxy' | 'version'>;
  readonly settings: Pick<SettingsService, 'read'>;
  readonly log: Log;
  readonly now: () => number;
  readonly patience?: EndpointPatience;
}): EndpointService {
  const { ports, settings, log, now } = options;
  const patience = options.patience ?? usualPatience;
  const table = endpointTable(options.database);
  const keys = createEndpointKeys(ports.secrets);
  const connections = createOutwardConnections(ports, settings);
  const gates = new Map<EndpointId, RequestGate>();
  /** By endpoint and model: what was learnt from a refusal. */
  const dialects = new Map<string, Dialect>();
  const closing = new AbortController();
  const clock = (): number => performance.now();

  async function describe(stored: StoredEndpoint): Promise<Endpoint> {
    return { ...stored, hasKey: (await keys.for(stored.id, stored.baseUrl)) !== null };
  }

  function stored(id: EndpointId): StoredEndpoint {
    const found = table.get(id);
    if (found !== undefined) return found;
    throw new RpcError(endpointErrors.notFound, `There is no endpoint ${id}.`, {
      hint: 'Add it in Settings › Endpoints. Those there are: rightsize endpoints list',
    });
  }

  async function lineOf(endpoint: Pick<StoredEndpoint, 'baseUrl' | 'stallSeconds'>, key: string | null): Promise<EndpointLine> {
    const { baseUrl, stallSeconds } = endpoint;
    return { baseUrl, stallSeconds, key, userAgent: `rightsize/${ports.version}`, dispatcher: await connections.for(baseUrl) };
  }

  function gateOf(endpoint: StoredEndpoint): RequestGate {
    const known = gates.get(endpoint.id);
    if (known !== undefined) return known;
    const gate = createRequestGate({ concurrency: endpoint.concurrency, requestsPerMinute: endpoint.requestsPerMinute, now: clock });
    gates.set(endpoint.id, gate);
    return gate;
  }

  /** The key that goes along: that of the draft, or the kept one where its origin is still the same. */
  async function keyOf(
    draft: { readonly id: EndpointId | null; readonly key?: string | null | undefined },
    address: string,
  ): Promise<string | null> {
    if (draft.key !== undefined) return draft.key === null ? null : readKey(draft.key);
    return draft.id === null ? null : await keys.for(draft.id, address);
  }

  return {
    list: () => Promise.all(table.list().map(describe)),
    get: async (id) => await describe(stored(id)),

    async save(draft) {
      const { key: _key, id: wantedId, ...fields } = draft;
      const baseUrl = readEndpointAddress(draft.baseUrl);
      const key = await keyOf(draft, baseUrl);
      if (key !== null) requireGuardedWay(baseUrl);
      const id = wantedId === null ? freeId(draft.name, new Set(table.list().map((endpoint) => endpoint.id))) : stored(wantedId).id;
      if (draft.key === null || key === null) await keys.forget(id);
      else if (draft.key !== undefined) await keys.store(id, baseUrl, key);
      const models = [...new Set(draft.models.map((model) => model.trim()).filter((model) => model !== ''))];
      table.save({ ...fields, id, baseUrl, models }, now());
      gates.delete(id);
      for (const name of dialects.keys()) if (name.startsWith(`${id}/`)) dialects.delete(name);
      return await describe(stored(id));
    },

    async remove(id) {
      // The key first: an endpoint without a key is seen, a key without its endpoint is not.
      await keys.forget(stored(id).id);
      table.remove(id);
      gates.delete(id);
    },

    async check(draft) {
      const baseUrl = readEndpointAddress(draft.baseUrl);
      const key = await keyOf(draft, baseUrl);
      if (key !== null) requireGuardedWay(baseUrl);
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(60_000)]);
      const outcome = await checkEndpoint(await lineOf({ baseUrl, stallSeconds: draft.stallSeconds }, key), { signal, clock });
      if (outcome.hint !== null || isGuardedWay(baseUrl)) return outcome;
      return { ...outcome, hint: 'The address is not https: whoever is on the way can read questions and answers.' };
    },

    async generate(target, request, { signal, retries, onItem, onWaiting }) {
      const endpoint = stored(target.endpointId);
      const key = await keys.for(endpoint.id, endpoint.baseUrl);
      const line = await lineOf(endpoint, key);
      const name = `${endpoint.id}/${target.model}`;
      return await askPatiently(
        line,
        { model: target.model, request },
        {
          gate: gateOf(endpoint),
          dialect: { read: () => dialects.get(name), write: (dialect) => void dialects.set(name, dialect) },
          patience,
          retries,
          signal: AbortSignal.any([signal, closing.signal]),
          onItem,
          onWaiting,
          onFailure: (code) => log.warn('endpoint.failed', { endpoint: endpoint.id, code }),
          clock,
        },
      );
    },

    async dispose() {
      closing.abort();
      await connections.dispose();
    },
  };
}

function requireGuardedWay(address: string): void {
  if (isGuardedWay(address)) return;
  throw new RpcError(pipeErrors.badInput, 'The key would cross the network unencrypted: the address is not https.', {
    hint: 'Use an https address, or take the key away. Plain http is for this machine and private networks.',
  });
}

/** An id made of the name, with a number where it is taken. */
function freeId(name: string, taken: ReadonlySet<string>): EndpointId {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 34)
    .replace(/-+$/, '');
  const stem = words === '' ? 'endpoint' : words;
  for (let number = 1; ; number++) {
    const id = number === 1 ? stem : `${stem}-${number}`;
    if (!taken.has(id)) return id;
  }
}
