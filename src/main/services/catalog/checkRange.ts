import type { Dispatcher } from 'undici';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { badAnswer, isSafeStep } from '../hub/hubRequest.ts';
import { readHubError } from '../hub/readHubError.ts';
import { notTheHub } from '../hub/resolveFile.ts';

/** A signed address that is not valid any more: whoever asked gets another and asks again. */
export const expiredAddress = 'address-expired';

/**
 * Says whether an answer is exactly the bytes that were asked for.
 * @param range.end first byte behind it
 * @returns null when it is; the address to ask instead when it is a redirect
 * @throws {RpcError} `expiredAddress`, hub-not-itself, hub-answer-invalid, hub-down, hub-rate-limited, …
 */
export function checkRange(
  answer: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'>,
  range: { readonly start: number; readonly end: number; readonly sizeBytes: number },
  asked: { readonly repo: string; readonly url: string; readonly now: number },
): URL | null {
  const { statusCode: status, headers } = answer;
  if ([301, 302, 303, 307, 308].includes(status)) return redirectTarget(new URL(asked.url), headers);
  if (status === 401 || status === 403) throw new RpcError(expiredAddress, 'The address has expired.');
  if (status === 416) throw badAnswer('The hub says the file is longer than it is.');
  if (status >= 400) {
    const page = new URL(asked.url).origin;
    throw readHubError({ status, headers, text: '', repo: asked.repo, page, hasToken: false, now: asked.now });
  }
  if (String(headers['content-type']).includes('html')) throw notTheHub();
  if (status !== 206) {
    throw badAnswer('The server sends whole files only, so the header cannot be read before the download. Nothing was downloaded.');
  }
  if (!isExactly(headers, range)) throw badAnswer('The server sends other bytes than it was asked for.');
  return null;
}

function isExactly(headers: Dispatcher.ResponseData['headers'], range: Parameters<typeof checkRange>[1]): boolean {
  const told = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(String(headers['content-range'] ?? ''));
  const length = headers['content-length'];
  const encoding = headers['content-encoding'];
  return (
    told !== null &&
    Number(told[1]) === range.start &&
    Number(told[2]) === range.end - 1 &&
    Number(told[3]) === range.sizeBytes &&
    (length === undefined || Number(length) === range.end - range.start) &&
    (encoding === undefined || encoding === 'identity')
  );
}

function redirectTarget(from: URL, headers: Dispatcher.ResponseData['headers']): URL {
  const target = URL.parse(String(headers['location'] ?? ''), from);
  if (target === null || !isSafeStep(from, target)) throw badAnswer('The hub sends to an address that is not used.');
  return target;
}
