import { endpointErrors } from '#shared/contract/endpoints.ts';
import { pipeErrors, RpcError } from '#shared/rpc/rpcError.ts';
import { errorCodes } from '../errorCodes.ts';

/** Who was asked, for the words of an error. Never more than the host. */
export interface AskedEndpoint {
  readonly host: string;
  readonly hasKey: boolean;
}

/** What of an answer says why it is none. */
export interface RefusedAnswer {
  readonly status: number;
  /** The server's own words, made harmless by `quotable`; null where there are none. */
  readonly said: string | null;
}

/**
 * Says in words why an endpoint gave no answer.
 * @param answer its status and its own words
 * @returns `endpoint-refused`, or `endpoint-unreachable` for a server with trouble of its own; 429 is not for here
 */
export function refusal({ status, said }: RefusedAnswer, asked: AskedEndpoint): RpcError {
  const words = said === null ? '' : ` It says: ${said}`;
  if (status === 401 || (status === 403 && !asked.hasKey)) {
    return new RpcError(
      endpointErrors.refused,
      asked.hasKey ? `${asked.host} does not accept the key (${status}).` : `${asked.host} asks for a key (${status}).`,
      {
        hint: asked.hasKey
          ? 'It may have expired or been revoked. Enter a new one in Settings › Endpoints.'
          : 'Enter one in Settings › Endpoints.',
      },
    );
  }
  if (status === 403) {
    return new RpcError(endpointErrors.refused, `${asked.host} does not let this key do that (403).`, {
      hint: 'Look up at its maker what the key may be used for.',
    });
  }
  if (status === 402) {
    return new RpcError(endpointErrors.refused, `${asked.host} wants to be paid first (402).`, { hint: 'Look at the account there.' });
  }
  if (status === 404 || status === 405) {
    return new RpcError(endpointErrors.refused, `${asked.host} does not know this model or this address (${status}).${words}`, {
      hint: 'Check the name of the model, and the address: it mostly ends in /v1.',
    });
  }
  if (status >= 300 && status < 400) {
    return new RpcError(endpointErrors.refused, `${asked.host} sends to another address (${status}). Nothing was sent there.`, {
      hint: 'Enter the address that it sends to, if you trust it.',
    });
  }
  if (status >= 500) {
    return new RpcError(endpointErrors.unreachable, `${asked.host} has trouble of its own (${status}).${words}`, {
      hint: 'Look at the server’s log, or try again later.',
    });
  }
  return new RpcError(endpointErrors.refused, `${asked.host} refused the request (${status}).${words}`, {
    hint: 'It may not know one of the options of the request.',
  });
}

/** @param waitMs how long it asks to wait; null = it does not say */
export function rateLimited(asked: AskedEndpoint, waitMs: number | null): RpcError {
  const until =
    waitMs === null
      ? ''
      : ` It takes new ones in ${waitMs < 90_000 ? `${Math.ceil(waitMs / 1000)} s` : `${Math.ceil(waitMs / 60_000)} min`}.`;
  return new RpcError(endpointErrors.rateLimited, `${asked.host} has had too many requests (429).${until}`, {
    hint: 'Set fewer requests a minute for this endpoint, or try again later. What was answered is kept.',
  });
}

export function stalled(asked: AskedEndpoint, stallSeconds: number): RpcError {
  return new RpcError(endpointErrors.stalled, `${asked.host} sent nothing for ${stallSeconds} s.`, {
    hint: 'It may be loading the model. Allow it more seconds without a byte in Settings › Endpoints, or look at the server.',
  });
}

/** @param what completes "…: " */
export function garbage(asked: AskedEndpoint, what: string): RpcError {
  return new RpcError(endpointErrors.garbage, `${asked.host} does not answer as an OpenAI-compatible server does: ${what}.`, {
    hint: 'Check the address: it mostly ends in /v1.',
  });
}

/** An answer that ended before its end. */
export function brokenOff(asked: AskedEndpoint): RpcError {
  return new RpcError(endpointErrors.unreachable, `${asked.host} broke its answer off.`, {
    hint: 'Look at the server’s log: it may have ended.',
  });
}

/** An answer that the server's own filter stopped. */
export function filtered(asked: AskedEndpoint): RpcError {
  return new RpcError(endpointErrors.refused, `${asked.host} withheld the answer: its own filter stopped it.`, {
    hint: 'This says nothing of the model.',
  });
}

/** Whether an error is one of the way to a server, or of the server itself: it says nothing of the model behind it. */
export const isServersFault = (code: string): boolean => code.startsWith('endpoint-');

export const cancelled = (cause: unknown): RpcError => new RpcError(pipeErrors.cancelled, 'Cancelled.', { cause });

/**
 * What a failed connection means.
 * @param error as undici or Node threw it; its message is never shown, since nobody promises what stands there
 * @throws the error itself where it comes from no connection: that is a bug
 */
export function networkProblem(error: unknown, asked: AskedEndpoint, stallSeconds: number): RpcError {
  const codes = errorCodes(error);
  if (codes.length === 0) throw error;
  if (error instanceof Error && /proxy (response|authentication)/i.test(error.message)) {
    return unreachable('The proxy refused the connection.', { hint: 'Check its address, name and password in Settings.', cause: error });
  }
  const has = (pattern: RegExp): boolean => codes.some((code) => pattern.test(code));
  if (has(/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/)) return stalled(asked, stallSeconds);
  if (has(/^HPE_|UND_ERR_(HEADERS_OVERFLOW|INVALID_ARG)|UND_ERR_RES/)) return garbage(asked, 'what it sends is no HTTP');
  if (has(/CERT|SELF_SIGNED|TLS|SSL|UNABLE_TO_VERIFY/)) {
    return unreachable(`The certificate of ${asked.host} is not one this machine trusts.`, {
      hint: 'NODE_EXTRA_CA_CERTS names a certificate to trust.',
      cause: error,
    });
  }
  if (has(/ECONNREFUSED/)) {
    return unreachable(`Nothing answers at ${asked.host}.`, { hint: 'Start the server, or check the port of its address.', cause: error });
  }
  if (has(/ENOTFOUND|EAI_AGAIN/)) {
    return unreachable(`${asked.host} is not known.`, { hint: 'This machine seems to be offline, or the address is wrong.', cause: error });
  }
  if (has(/UND_ERR_SOCKET|ECONNRESET|EPIPE|UND_ERR_ABORTED/)) {
    return unreachable(`${asked.host} broke the connection off.`, { hint: 'Look at the server’s log: it may have ended.', cause: error });
  }
  return unreachable(`${asked.host} cannot be reached.`, { hint: 'Check the network and the proxy in Settings.', cause: error });
}

/** @param options.cause is kept for a debugger; no error of this kind is logged with it */
function unreachable(message: string, options: { readonly hint: string; readonly cause: unknown }): RpcError {
  return new RpcError(endpointErrors.unreachable, message, options);
}

const longestQuote = 300;
const longestEcho = 16;

/**
 * A server's own words, where they may be shown: one line, no key in them, nothing of what was asked.
 * @param secrets the key and the texts of the request
 * @returns null where nothing may be shown
 */
export function quotable(said: unknown, secrets: { readonly key: string | null; readonly texts: readonly string[] }): string | null {
  if (typeof said !== 'string') return null;
  const line = said
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, longestQuote);
  if (line === '' || (secrets.key !== null && line.includes(secrets.key))) return null;
  return secrets.texts.some((text) => sharesWords(line, text.replace(/[\p{C}\s]+/gu, ' '))) ? null : line;
}

function sharesWords(line: string, text: string): boolean {
  const length = Math.min(longestEcho, text.trim().length);
  if (length < 4) return false;
  for (let from = 0; from + length <= line.length; from++) {
    if (text.includes(line.slice(from, from + length))) return true;
  }
  return false;
}
