import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import { ApiError } from './apiErrors.ts';
import { isLocalAddress, type KeyThrottle } from './keyThrottle.ts';
import { localNames } from './localNames.ts';

/** Who may ask. May change while the server runs. */
export interface GuardRules {
  /** Null = no key is asked for. */
  readonly key: string | null;
  /** Web pages that may ask. */
  readonly allowedOrigins: readonly string[];
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether only programs of this machine reach an address that is listened on. */
export const isLoopback = (host: string): boolean => loopbackNames.has(host.includes(':') ? `[${host}]` : host.toLowerCase());

/**
 * Decides from where may be asked. The name in `Host` must be one of this machine's, so that a web page whose name was pointed at it is refused; a request
 * of any web page (`Origin`) is refused unless that origin was allowed. Answers what browsers ask before they ask (CORS), which carries no key.
 * @param options.isLan whether other devices may connect, under the names that they know this machine by
 * @param options.methodsOf what a path takes, for `OPTIONS`; empty for an unknown one
 */
export function originGuard(options: {
  readonly rules: () => GuardRules;
  readonly isLan: boolean;
  readonly methodsOf: (path: string) => readonly string[];
}): MiddlewareHandler {
  return async (context, next) => {
    const host = hostNameOf(context.req.header('host'));
    if (host === null || !(loopbackNames.has(host) || (options.isLan && localNames().has(host)))) {
      throw new ApiError({
        status: 403,
        code: 'host_not_allowed',
        message: `Requests under this host name are refused. Use 127.0.0.1 or localhost${options.isLan ? ', or an address of this machine' : ''}.`,
      });
    }
    const origin = context.req.header('origin');
    if (origin !== undefined) {
      if (!options.rules().allowedOrigins.some((allowed) => isSameOrigin(allowed, origin))) {
        throw new ApiError({ status: 403, code: 'origin_not_allowed', message: 'Requests of web pages are refused.' });
      }
      context.header('access-control-allow-origin', origin);
      context.header('access-control-expose-headers', 'x-request-id, retry-after');
      context.header('vary', 'origin');
    }
    if (context.req.method === 'OPTIONS') return answerOptions(context, options.methodsOf(context.req.path));
    await next();
  };
}

/**
 * Lets pass who has the key, compared in constant time. Who has tried many wrong ones is told to wait before the next is looked at; on this machine itself
 * the right one is taken all the same: a program that was set up wrong keeps no other out.
 */
export function keyGuard(rules: () => GuardRules, throttle: KeyThrottle): MiddlewareHandler {
  return async (context, next) => {
    const { key } = rules();
    if (key === null) return await next();
    const address = addressOf(context);
    const given = bearerOf(context.req.header('authorization')) ?? context.req.header('x-api-key') ?? '';
    const waitSeconds = given === '' ? 0 : throttle.waitSeconds(address);
    if (waitSeconds > 0 && !(isLocalAddress(address) && isSame(given, key))) {
      throw new ApiError({
        status: 429,
        code: 'too_many_wrong_keys',
        message: 'Too many wrong keys came from this address. Ask again in a moment, with the key of the Server page.',
        retryAfterSeconds: waitSeconds,
      });
    }
    if (!isSame(given, key)) {
      if (given !== '') throttle.noteWrong(address);
      context.header('www-authenticate', 'Bearer');
      throw new ApiError({
        status: 401,
        code: 'invalid_api_key',
        message: given === '' ? 'A key is needed: it is on the Server page, and printed by the serve command.' : 'The key is wrong.',
      });
    }
    await next();
  };
}

function answerOptions(context: Context, methods: readonly string[]): Response {
  if (methods.length > 0) context.header('allow', methods.join(', '));
  if (context.req.header('access-control-request-method') !== undefined) {
    context.header('access-control-allow-methods', methods.join(', '));
    const wanted = (context.req.header('access-control-request-headers') ?? '').split(',').map((name) => name.trim());
    context.header('access-control-allow-headers', wanted.filter((name) => /^[\w-]{1,60}$/.test(name)).join(', '));
    context.header('access-control-max-age', '600');
    if (context.req.header('access-control-request-private-network') === 'true') {
      context.header('access-control-allow-private-network', 'true');
    }
  }
  return context.body(null, methods.length > 0 ? 204 : 404);
}

/** As the connection has it; what a header says of it is not believed. */
function addressOf(context: Context): string {
  const { incoming } = (context.env ?? {}) as { readonly incoming?: IncomingMessage };
  return incoming?.socket.remoteAddress ?? '';
}

const bearerOf = (header: string | undefined): string | null => /^bearer\s+(\S+)$/i.exec(header ?? '')?.[1] ?? null;

/** As a browser writes it, whatever path and slash stands behind it in the settings. */
const isSameOrigin = (allowed: string, origin: string): boolean => URL.canParse(allowed) && new URL(allowed).origin === origin;

function hostNameOf(header: string | undefined): string | null {
  if (header === undefined || /[^\w.:[\]-]/.test(header) || !URL.canParse(`http://${header}/`)) return null;
  return new URL(`http://${header}/`).hostname.toLowerCase();
}

/** By their hashes, so that neither length nor beginning shows in the time. */
const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
