import { hubErrors } from '#shared/contract/catalog.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import type { ResolvedFile } from './hubClient.ts';
import { type AnswerHeaders, badAnswer, type HubAnswer, isSafeStep } from './hubRequest.ts';

/** Signed addresses are valid for an hour; a fresh one is asked for before that. */
const addressLifeMs = 50 * 60_000;

/** Whether an answer to HEAD resolve tells of the file itself; a redirect of a renamed repo does not. */
export function tellsOfFile(_status: number, headers: AnswerHeaders): boolean {
  return one(headers, 'x-linked-etag') !== null || one(headers, 'x-linked-size') !== null;
}

/**
 * What an answer to HEAD resolve says. The hub's own headers count, never the content network's: its ETag looks like a sha256 and is none.
 * @returns the file without request headers; `isOnHub` when its bytes come from the hub's own host
 * @throws {RpcError} hub-not-itself, hub-answer-invalid
 */
export function readResolved(
  answer: HubAnswer,
  file: { readonly repo: string; readonly path: string },
  now: number,
): Omit<ResolvedFile, 'headers'> & { readonly isOnHub: boolean } {
  const { headers } = answer;
  const commit = one(headers, 'x-repo-commit');
  if (commit === null || !/^[0-9a-f]{40}$/.test(commit)) throw notTheHub();
  const etag = plainTag(one(headers, 'x-linked-etag') ?? one(headers, 'etag') ?? '');
  const sizeBytes = sizeIn(one(headers, 'x-linked-size') ?? one(headers, 'content-length'));
  if (etag === '' || sizeBytes === null) throw badAnswer('The hub does not say which file it has, or how large it is.');
  const from = new URL(answer.url);
  const url = URL.parse(one(headers, 'location') ?? '', from);
  if (url === null || !isSafeStep(from, url)) throw badAnswer('The hub sends to an address that is not used.');
  const isOnHub = url.origin === from.origin;
  return {
    repo: file.repo,
    path: file.path,
    commit,
    sizeBytes,
    sha256: /^[0-9a-f]{64}$/.test(etag) ? etag : null,
    gitSha1: /^[0-9a-f]{40}$/.test(etag) ? etag : null,
    etag,
    url: url.href,
    expiresAt: isOnHub ? null : expiryOf(url, now),
    isOnHub,
  };
}

/** For an answer of something else: a captive portal, a proxy's page. */
export function notTheHub(): RpcError {
  return new RpcError(hubErrors.notTheHub, 'What answered is not the hub.', {
    hint: 'A network that asks you to sign in first answers like this, and so does a wrong address. Open a browser and look.',
  });
}

/** `Expires` of a signed address, or the time after which it is not trusted. */
function expiryOf(url: URL, now: number): number {
  const told = Number(url.searchParams.get('Expires')) * 1000;
  const latest = now + addressLifeMs;
  return Number.isFinite(told) && told > 0 ? Math.min(told, latest) : latest;
}

function plainTag(tag: string): string {
  return tag.replace(/^W\//, '').replace(/^"|"$/g, '');
}

function sizeIn(text: string | null): number | null {
  if (text === null || !/^\d{1,16}$/.test(text)) return null;
  const size = Number(text);
  return Number.isSafeInteger(size) ? size : null;
}

function one(headers: AnswerHeaders, name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}
