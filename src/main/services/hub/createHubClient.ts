import { type Access, type HubAccount, hubErrors } from '#shared/contract/catalog.ts';
import type { Log } from '#shared/log.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { HostPorts } from '../hostPorts.ts';
import type { SettingsService } from '../settings/settingsService.ts';
import { infoFields, listFields, readModelInfo, readModelList, readTree, readWhoAmI } from './hubAnswers.ts';
import type { HubClient, HubListQuery } from './hubClient.ts';
import { createHubDispatchers } from './hubDispatchers.ts';
import { hubEndpoint, hubItself, isPrivateWay } from './hubEndpoint.ts';
import { askHub, badAnswer, type HubAnswer, type HubQuestion, type RetryPolicy } from './hubRequest.ts';
import { createHubToken, tidy } from './hubToken.ts';
import { notTheHub, readResolved, tellsOfFile } from './resolveFile.ts';

export interface HubClientOptions {
  readonly ports: Pick<HostPorts, 'env' | 'secrets' | 'resolveProxy' | 'version'>;
  readonly settings: Pick<SettingsService, 'read'>;
  readonly log: Log;
  readonly now: () => number;
  readonly retry?: RetryPolicy;
}

/** A person waits for most answers: three tries within seconds, and rate limits are told rather than sat out. */
const patience: RetryPolicy = { delaysMs: [400, 1500], longestLimitMs: 3000 };
/** A list of 50 rows is about 40 kB; a page of a thousand files about 300 kB. */
const apiLimitBytes = 16_000_000;
/** Pages of a thousand files. Nobody has found a repo with more. */
const treePageLimit = 50;

/** The hub's HTTP face, with the endpoint, proxy and token that the user chose. */
export function createHubClient(options: HubClientOptions): HubClient {
  const { ports, settings, now } = options;
  const dispatchers = createHubDispatchers(() => ({ settings: settings.read(), env: ports.env, resolveProxy: ports.resolveProxy }));
  const token = createHubToken(ports);
  const ways = { dispatchers, token, userAgent: `rightsize/${ports.version}`, retry: options.retry ?? patience, now };
  let accountName: string | null = null;

  const endpoint = (): ReturnType<HubClient['endpoint']> => hubEndpoint({ mirror: settings.read().hubMirror, env: ports.env });
  const ask = async (question: HubQuestion): Promise<HubAnswer> => {
    try {
      return await askHub(question, ways);
    } catch (error) {
      if (error instanceof RpcError) options.log.warn('hub.refused', { code: error.code, method: question.method });
      throw error;
    }
  };

  async function askJson(
    path: string,
    more: Partial<HubQuestion> & { readonly repo: string | null },
  ): Promise<{ readonly answer: HubAnswer; readonly json: unknown }> {
    const answer = await ask({ method: 'GET', url: endpoint().url + path, accept: 'application/json', limitBytes: apiLimitBytes, ...more });
    if (answer.isCut) throw badAnswer('The answer of the hub is too long to be one.');
    return { answer, json: parseJson(answer) };
  }

  async function whoAmI(of: { readonly token?: string; readonly signal?: AbortSignal | undefined }): Promise<string> {
    const url = `${hubItself(ports.env)}/api/whoami-v2`;
    if (!isPrivateWay(new URL(url))) {
      throw new RpcError(hubErrors.badEndpoint, 'A token would cross the network unencrypted: the address of the hub is not https.', {
        hint: 'Set HF_ENDPOINT to an https address. Nothing was sent.',
      });
    }
    const { json } = await askJson('', { url, repo: null, signal: of.signal, ...(of.token === undefined ? {} : { token: of.token }) });
    return readWhoAmI(json);
  }

  return {
    endpoint,

    async listModels(query, { cursor, signal }) {
      const { answer, json } = await askJson(`/api/models?${listParameters(query, cursor)}`, { repo: null, signal });
      return { models: readModelList(json), cursor: nextCursor(answer) };
    },

    async modelInfo(repo, { revision, signal }) {
      const fields = infoFields.map((field) => `expand=${field}`).join('&');
      const { json } = await askJson(`/api/models/${repo}/revision/${encodeURIComponent(revision)}?${fields}`, { repo, signal });
      const info = readModelInfo(json);
      if (info.isDisabled)
        throw new RpcError(hubErrors.gone, `The hub has taken ${repo} down.`, { hint: 'What you have of it on this disk stays.' });
      return info;
    },

    async listFiles(repo, { commit, signal }) {
      const files = [];
      let cursor: string | null = null;
      for (let page = 0; page < treePageLimit; page++) {
        const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const { answer, json } = await askJson(`/api/models/${repo}/tree/${encodeURIComponent(commit)}?recursive=true&limit=1000${from}`, {
          repo,
          signal,
        });
        files.push(...readTree(json));
        cursor = nextCursor(answer);
        if (cursor === null) return files;
      }
      throw badAnswer(`The list of files of ${repo} does not end.`);
    },

    async readText(file, { limitBytes, signal }) {
      try {
        const answer = await ask({
          method: 'GET',
          url: fileAddress({ ...file, revision: file.commit }),
          repo: file.repo,
          limitBytes,
          signal,
        });
        return { text: answer.body.toString('utf8'), isCut: answer.isCut };
      } catch (error) {
        if (error instanceof RpcError && error.code === hubErrors.fileNotFound) return null;
        throw error;
      }
    },

    async checkAccess(repo, { signal } = {}) {
      const url = `${endpoint().url}/api/models/${repo}/auth-check`;
      try {
        await ask({ method: 'GET', url, repo, limitBytes: 1000, signal });
        return (await token.for(new URL(url))) === null ? 'open' : 'granted';
      } catch (error) {
        const access = error instanceof RpcError ? refusedAccess.get(error.code) : undefined;
        if (access === undefined) throw error;
        return access;
      }
    },

    async resolve(file, { signal } = {}) {
      const answer = await ask({ method: 'HEAD', url: fileAddress(file), repo: file.repo, limitBytes: 0, signal, isAnswer: tellsOfFile });
      const { isOnHub, ...resolved } = readResolved(answer, file, now());
      const secret = isOnHub ? await token.for(new URL(resolved.url)) : null;
      return { ...resolved, headers: secret === null ? {} : { authorization: `Bearer ${secret}` } };
    },

    dispatcher: (url) => dispatchers.for(url),

    async account({ verify, signal }): Promise<HubAccount> {
      const origin = await token.origin();
      if (origin === 'none') accountName = null;
      else if (verify) accountName = await whoAmI({ signal });
      const { url, isMirror } = endpoint();
      return {
        endpoint: new URL(url).origin,
        isMirror,
        token: origin,
        isProtected: await ports.secrets.isProtected(),
        name: accountName,
        proxy: await dispatchers.proxyName(url),
      };
    },

    async setToken(value) {
      if (value !== null) {
        // A token that the hub refuses is not kept; where the hub cannot be asked now, it is.
        await whoAmI({ token: tidy(value) }).catch((error: unknown) => {
          if (!(error instanceof RpcError) || !cannotAsk.has(error.code)) throw error;
        });
      }
      await token.store(value);
      accountName = null;
    },

    dispose: () => dispatchers.dispose(),
  };

  function fileAddress(file: { readonly repo: string; readonly revision: string; readonly path: string }): string {
    const path = file.path.split('/').map(encodeURIComponent).join('/');
    return `${endpoint().url}/${file.repo}/resolve/${encodeURIComponent(file.revision)}/${path}`;
  }
}

const refusedAccess: ReadonlyMap<string, Access> = new Map<string, Access>([
  [hubErrors.tokenNeeded, 'token-needed'],
  [hubErrors.licenceNotAccepted, 'licence-not-accepted'],
  [hubErrors.denied, 'denied'],
]);
const cannotAsk: ReadonlySet<string> = new Set([hubErrors.unreachable, hubErrors.down, hubErrors.rateLimited, hubErrors.notTheHub]);

function listParameters(query: HubListQuery, cursor: string | null): string {
  const parameters = new URLSearchParams({ sort: query.sort, direction: '-1', limit: String(query.limit) });
  if (query.search !== '') parameters.set('search', query.search);
  if (query.author !== null) parameters.set('author', query.author);
  for (const tag of query.tags) parameters.append('filter', tag);
  for (const field of listFields) parameters.append('expand', field);
  const range = [
    query.minParameters === null ? '' : `min:${inUnits(query.minParameters)}`,
    query.maxParameters === null ? '' : `max:${inUnits(query.maxParameters)}`,
  ];
  if (range.some((part) => part !== '')) parameters.set('num_parameters', range.filter((part) => part !== '').join(','));
  if (cursor !== null) parameters.set('cursor', cursor);
  return parameters.toString();
}

/** As the hub's own page writes a number of parameters: `24B`; huggingface_hub's `num_parameters`, checked 2026-11-21. */
function inUnits(parameters: number): string {
  if (parameters === 0) return '0';
  return parameters % 1e9 === 0 ? `${parameters / 1e9}B` : `${Math.round(parameters / 1e6)}M`;
}

/** Only the cursor is taken from the address of the next page: behind a mirror the address itself leads away from it. */
function nextCursor(answer: HubAnswer): string | null {
  const links = [answer.headers['link'] ?? []].flat().join(', ');
  const next = /<([^>]*)>\s*;\s*rel="next"/.exec(links)?.[1];
  return next === undefined ? null : (URL.parse(next, answer.url)?.searchParams.get('cursor') ?? null);
}

function parseJson(answer: HubAnswer): unknown {
  if (String(answer.headers['content-type']).includes('html')) throw notTheHub();
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch (cause) {
    throw badAnswer('The answer of the hub cannot be read.', cause);
  }
}
