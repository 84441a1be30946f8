import { hubErrors } from '#shared/contract/catalog.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { errorCodes } from '../errorCodes.ts';
import { retryAfterMs } from './rateLimit.ts';

/** An answer that is no success, with what is needed to say why. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The first kilobytes of the body, as text. */
  readonly text: string;
  /** `publisher/name` that was asked for; null for a list. */
  readonly repo: string | null;
  /** Page of the repo, for hints. */
  readonly page: string;
  readonly hasToken: boolean;
  readonly now: number;
}

/**
 * Says in words why the hub refused. Its own text is never passed on: it may hold anything.
 * Codes and texts of the hub: huggingface_hub errors.py and answers seen in its tests, checked 2026-11-21.
 */
export function readHubError(answer: RefusedAnswer): RpcError {
  const { status, hasToken } = answer;
  const code = headerText(answer.headers['x-error-code']);
  const said = `${headerText(answer.headers['x-error-message'])} ${answer.text}`.toLowerCase();
  const repo = answer.repo ?? 'this repo';
  if (status === 429) return rateLimited(answer);
  if (status >= 500) {
    return new RpcError(hubErrors.down, `The hub has trouble of its own (${status}).`, {
      hint: 'Try again in a few minutes.',
      data: { status },
    });
  }
  if (said.includes('access to this resource is disabled') || code === 'DisabledRepo' || status === 410 || status === 451) {
    return new RpcError(hubErrors.gone, `The hub has taken ${repo} down.`, { hint: 'What you have of it on this disk stays.' });
  }
  if (code === 'GatedRepo') return gated(answer, said);
  if (status === 401 && (said.includes('invalid credentials') || (hasToken && code !== 'RepoNotFound'))) {
    return new RpcError(hubErrors.tokenInvalid, 'The hub does not know your token.', {
      hint: 'It may have expired or been revoked. Make a new one on the hub and enter it in Settings or in HF_TOKEN.',
    });
  }
  if (code === 'RevisionNotFound') return new RpcError(hubErrors.revisionNotFound, `${repo} has no such branch, tag or commit.`);
  if (code === 'EntryNotFound')
    return new RpcError(hubErrors.fileNotFound, `${repo} has no such file.`, { hint: 'Look at its page again: it may have been renamed.' });
  if (status === 401 || status === 404) {
    return new RpcError(hubErrors.repoNotFound, `There is no ${repo} on the hub that you may see.`, {
      hint: hasToken ? 'Check how it is spelled.' : 'Check how it is spelled. If it is private, enter a token in Settings or in HF_TOKEN.',
    });
  }
  if (status === 403) {
    return new RpcError(hubErrors.denied, `The hub does not let you into ${repo}.`, {
      hint: `Its page says what it asks for: ${answer.page}`,
    });
  }
  if (status === 407)
    return new RpcError(hubErrors.badProxy, 'The proxy asks for a name and password.', {
      hint: 'Enter them in the proxy address in Settings.',
    });
  return new RpcError(hubErrors.badAnswer, `The hub refused the request (${status}).`, { data: { status } });
}

function gated(answer: RefusedAnswer, said: string): RpcError {
  const repo = answer.repo ?? 'this repo';
  if (!answer.hasToken) {
    return new RpcError(hubErrors.tokenNeeded, `${repo} is gated: its files are only given to people who have accepted its licence.`, {
      hint: `Accept it at ${answer.page}, then enter a token of your account in Settings or in HF_TOKEN.`,
      data: { page: answer.page },
    });
  }
  if (said.includes('awaiting') || said.includes('rejected') || said.includes('denied')) {
    return new RpcError(hubErrors.denied, `The publisher of ${repo} has not let this account in.`, {
      hint: `The state of your request stands at ${answer.page}`,
      data: { page: answer.page },
    });
  }
  return new RpcError(hubErrors.licenceNotAccepted, `This account has not accepted the licence of ${repo}.`, {
    hint: `Accept it at ${answer.page}, then try again.`,
    data: { page: answer.page },
  });
}

function rateLimited(answer: RefusedAnswer): RpcError {
  const waitMs = retryAfterMs(answer.headers, answer.now);
  const minutes = Math.ceil(waitMs / 60_000);
  return new RpcError(hubErrors.rateLimited, 'The hub has had too many requests from this address.', {
    hint: `It takes new ones in ${waitMs < 90_000 ? `${Math.ceil(waitMs / 1000)} s` : `${minutes} min`}.${answer.hasToken ? '' : ' With a token the limit is higher.'}`,
    data: { retryAt: answer.now + waitMs },
  });
}

/**
 * What a failed connection means.
 * @param error as undici or Node threw it
 * @param host that was asked
 */
export function readNetworkError(error: unknown, host: string): RpcError {
  const codes = errorCodes(error);
  if (codes.some((code) => /CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO_VERIFY/.test(code))) {
    return new RpcError(hubErrors.unreachable, `The certificate of ${host} is not one this machine trusts.`, {
      hint: 'A proxy or virus scanner may be reading along. NODE_EXTRA_CA_CERTS names a certificate to trust.',
      cause: error,
    });
  }
  if (error instanceof Error && /proxy (response|authentication)/i.test(error.message)) {
    return new RpcError(hubErrors.badProxy, 'The proxy refused the connection.', {
      hint: 'Check its address, name and password in Settings.',
      cause: error,
    });
  }
  return new RpcError(hubErrors.unreachable, `${host} cannot be reached.`, {
    hint: codes.some((code) => code === 'ENOTFOUND' || code === 'EAI_AGAIN')
      ? 'This machine seems to be offline, or the address is wrong.'
      : 'Check the network, the proxy and the address in Settings.',
    cause: error,
  });
}

function headerText(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
