import { lookup as lookUpName } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Agent, Dispatcher } from 'undici';
import type { JsonValue } from '#core/bench/labelledItem.ts';
import { packages } from '../packages.ts';
import { isAllowedHost, isNamedNearby, isPrivateAddress } from './fetchHosts.ts';
import { readableText } from './readableText.ts';
import { type ToolAnswer, toolFailure, toolResult } from './toolAnswer.ts';

const mostRedirects = 5;
const mostMs = 15_000;
const mostBytes = 1_000_000;

export interface FetchTool {
  /**
   * Answers `http_get` from the network: named hosts only, redirects looked at again, texts only.
   * @param given what the model passed: `url`
   * @returns never throws for what the model asked, or for what a server did
   */
  fetch(
    given: { readonly [key: string]: JsonValue },
    options: { readonly hosts: readonly string[]; readonly signal: AbortSignal },
  ): Promise<ToolAnswer>;
  dispose(): Promise<void>;
}

/** Why an address is not asked, in words for the model and the person; null where it is. */
export function fetchRefusal(given: { readonly [key: string]: JsonValue }, hosts: readonly string[]): string | null {
  const address = Object.hasOwn(given, 'url') ? given.url : undefined;
  if (typeof address !== 'string') return 'http_get needs "url", the full address as a text.';
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'This is no address with http:// or https://.';
  if (url.username !== '' || url.password !== '') return 'The address holds a name or a password: leave them out.';
  if (!isAllowedHost(url, hosts)) return `${url.host} is not among the hosts that may be asked: ${hosts.join(', ')}.`;
  return null;
}

/**
 * A connection of its own, without cookies, keys or a proxy. A name that leads to this machine or a private network is refused when it is looked up, so
 * that no server can turn its name around between a check and the request.
 */
export function createFetchTool({
  userAgent,
  lookUp = lookUpName,
}: {
  readonly userAgent: string;
  readonly lookUp?: typeof lookUpName;
}): FetchTool {
  const open = { allowH2: false, headersTimeout: mostMs, bodyTimeout: mostMs, keepAliveTimeout: 1 };
  let outward: Agent | undefined;
  let nearby: Agent | undefined;

  function agentFor(url: URL): Agent {
    if (isNamedNearby(url)) {
      nearby ??= new packages.undici.Agent({ ...open, connect: { timeout: 10_000 } });
      return nearby;
    }
    outward ??= new packages.undici.Agent({ ...open, connect: { timeout: 10_000, lookup: publicLookup(lookUp) } });
    return outward;
  }

  async function ask(url: URL, hosts: readonly string[], signal: AbortSignal): Promise<ToolAnswer> {
    let at = url;
    for (let redirects = 0; ; redirects++) {
      const response = await packages.undici.request(at, {
        dispatcher: agentFor(at),
        headers: { 'user-agent': userAgent, accept: 'text/*, application/json, application/xml;q=0.9', 'accept-encoding': 'identity' },
        signal,
      });
      const next = response.statusCode >= 300 && response.statusCode < 400 ? headerOf(response, 'location') : null;
      if (next === null) return await read(response);
      discard(response);
      if (redirects === mostRedirects) return toolFailure('The server sends from one address to the next without an end.');
      const target = URL.parse(next, at);
      const refusal = target === null ? 'The server sent on to something that is no address.' : fetchRefusal({ url: target.href }, hosts);
      if (target === null || refusal !== null) return toolFailure(`The server sent on elsewhere. ${refusal}`);
      at = target;
    }
  }

  return {
    async fetch(given, { hosts, signal }) {
      const refusal = fetchRefusal(given, hosts);
      if (refusal !== null) return toolFailure(refusal);
      const limit = AbortSignal.timeout(mostMs);
      try {
        return await ask(new URL(String(given.url)), hosts, AbortSignal.any([signal, limit]));
      } catch (error) {
        signal.throwIfAborted();
        return toolFailure(limit.aborted ? 'The server took longer than 15 seconds.' : failureOf(error));
      }
    },
    async dispose() {
      await Promise.all([outward?.destroy(), nearby?.destroy()]);
    },
  };
}

async function read(response: Dispatcher.ResponseData): Promise<ToolAnswer> {
  const { statusCode } = response;
  const mediaType = (headerOf(response, 'content-type') ?? 'text/plain').toLowerCase();
  if (!/^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|javascript|x-ndjson)\b)/.test(mediaType)) {
    discard(response);
    return toolFailure(`The answer is no text but ${mediaType.split(';')[0]?.slice(0, 80)}.`);
  }
  if ((headerOf(response, 'content-encoding') ?? 'identity') !== 'identity') {
    discard(response);
    return toolFailure('The answer is compressed, although none was asked for.');
  }
  const body = await readBody(response);
  const told = `${statusCode}\n\n${mediaType.includes('html') ? readableText(body) : body}`;
  return statusCode >= 200 && statusCode < 300 ? toolResult(told) : toolFailure(`The server answered ${statusCode}.`, told);
}

async function readBody(response: Dispatcher.ResponseData): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body as AsyncIterable<Uint8Array>) {
    pieces.push(piece);
    size += piece.byteLength;
    if (size > mostBytes) break;
  }
  discard(response);
  return new TextDecoder().decode(Buffer.concat(pieces).subarray(0, mostBytes));
}

function discard(response: Dispatcher.ResponseData): void {
  response.body.on('error', () => undefined);
  response.body.destroy();
}

function headerOf(response: Dispatcher.ResponseData, name: string): string | null {
  const value = response.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

class PrivateHost extends Error {}

/** As Node looks names up, without what is no machine of the open network. */
function publicLookup(lookUp: typeof lookUpName): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const open = addresses.filter(({ address }) => !isPrivateAddress(address));
      const [first] = open;
      if (first === undefined) return callback(new PrivateHost(), []);
      if (options.all === true) callback(null, open);
      else callback(null, first.address, first.family);
    });
  };
}

function failureOf(error: unknown): string {
  if (error instanceof PrivateHost || (error instanceof Error && error.cause instanceof PrivateHost)) {
    return 'This name leads to this machine or to a private network. Such hosts are asked only where they are named by their address.';
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'There is no server of this name, or no network.';
  return `The server could not be reached${/^[A-Z_]{3,40}$/.test(code) ? ` (${code})` : ''}.`;
}
