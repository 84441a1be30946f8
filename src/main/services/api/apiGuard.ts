import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { ApiError } from './apiErrors.ts';

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Decides who may ask. The name in `Host` must be one of this machine's, so that a web page whose name was pointed at 127.0.0.1 is refused; a request
 * of any web page (`Origin`) is refused unless that origin was allowed; the key is compared in constant time.
 * @param options.key null = no key is asked for
 * @param options.hostNames names beside the loopback ones
 */
export function apiGuard(options: {
  readonly key: string | null;
  readonly hostNames: readonly string[];
  readonly allowedOrigins: readonly string[];
}): MiddlewareHandler {
  const hostNames = new Set([...loopbackNames, ...options.hostNames.map((name) => name.toLowerCase())]);
  return async (context, next) => {
    const host = hostNameOf(context.req.header('host'));
    if (host === null || !hostNames.has(host)) {
      throw new ApiError({
        status: 403,
        code: 'host_not_allowed',
        message: 'Requests under this host name are refused. Use 127.0.0.1 or localhost.',
      });
    }
    const origin = context.req.header('origin');
    if (origin !== undefined && !options.allowedOrigins.includes(origin)) {
      throw new ApiError({ status: 403, code: 'origin_not_allowed', message: 'Requests of web pages are refused.' });
    }
    if (origin !== undefined) {
      context.header('access-control-allow-origin', origin);
      context.header('vary', 'origin');
    }
    const given = bearerOf(context.req.header('authorization')) ?? context.req.header('x-api-key') ?? '';
    if (options.key !== null && !isSame(given, options.key)) {
      throw new ApiError({
        status: 401,
        code: 'invalid_api_key',
        message: given === '' ? 'A key is needed: it is on the Server page, and printed by the serve command.' : 'The key is wrong.',
      });
    }
    await next();
  };
}

const bearerOf = (header: string | undefined): string | null => /^bearer\s+(\S+)$/i.exec(header ?? '')?.[1] ?? null;

function hostNameOf(header: string | undefined): string | null {
  if (header === undefined || !URL.canParse(`http://${header}/`)) return null;
  return new URL(`http://${header}/`).hostname.toLowerCase();
}

/** By their hashes, so that neither length nor beginning shows in the time. */
const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
