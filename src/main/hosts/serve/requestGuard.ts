import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface GuardedRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly path: string }
  /** The token was right: set the cookie and send the browser to the same path without the token. */
  | { readonly kind: 'welcome'; readonly location: string; readonly cookie: string }
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 403 | 405; readonly reason: string };

export interface RequestGuard {
  /** Goes into the address that the user opens. */
  readonly token: string;
  admitPage(request: GuardedRequest): Admission;
  admitPipe(request: GuardedRequest): Admission;
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Decides who may talk to the serve host. The name in `Host` must be a loopback name (a rebound domain is not; the port
 * may differ, as through `ssh -L`), `Origin` must be the very address the browser asked (another page, even on another port of this
 * machine, is not), and the cookie must be the one set for the token. No CORS header is ever sent.
 * @param options.cookieName cookies ignore ports, so two hosts on one machine need two names.
 */
export function createRequestGuard(options: { readonly cookieName: string; readonly random?: (bytes: number) => Buffer }): RequestGuard {
  const random = options.random ?? randomBytes;
  const token = random(32).toString('base64url');
  const secret = random(32).toString('base64url');
  const cookie = `${options.cookieName}=${secret}; HttpOnly; SameSite=Strict; Path=/`;

  function admitPage(request: GuardedRequest): Admission {
    if (request.method !== 'GET' && request.method !== 'HEAD') return { kind: 'refused', status: 405, reason: 'Only GET and HEAD.' };
    const address = ownAddress(request);
    if ('kind' in address) return address;
    const origin = request.headers.origin;
    if (origin !== undefined && origin !== address.origin) return foreignOrigin;
    const offered = address.searchParams.get('token');
    if (offered !== null && isSame(offered, token)) {
      address.searchParams.delete('token');
      return { kind: 'welcome', location: `${address.pathname}${address.search}`, cookie };
    }
    return hasCookie(request) ? { kind: 'admitted', path: address.pathname } : noCookie;
  }

  function admitPipe(request: GuardedRequest): Admission {
    const address = ownAddress(request);
    if ('kind' in address) return address;
    // Every browser names its origin on an upgrade, so a missing one is refused as well.
    if (request.headers.origin !== address.origin) return foreignOrigin;
    return hasCookie(request) ? { kind: 'admitted', path: address.pathname } : noCookie;
  }

  function hasCookie(request: GuardedRequest): boolean {
    const pairs = String(request.headers.cookie ?? '').split(';');
    return pairs.some((pair) => {
      const [name, value] = pair.trim().split('=', 2);
      return name === options.cookieName && value !== undefined && isSame(value, secret);
    });
  }

  return { token, admitPage, admitPipe };
}

const foreignOrigin: Admission = { kind: 'refused', status: 403, reason: 'Requests of other pages are refused.' };
const noCookie: Admission = {
  kind: 'refused',
  status: 401,
  reason: 'Open the address that Rightsize printed when it started: it holds the key to this page.',
};

function ownAddress(request: GuardedRequest): URL | Extract<Admission, { kind: 'refused' }> {
  const host = request.headers.host;
  if (typeof host !== 'string' || !URL.canParse(`http://${host}/`))
    return { kind: 'refused', status: 400, reason: 'The Host header is missing.' };
  const base = new URL(`http://${host}/`);
  if (!loopbackNames.has(base.hostname)) return { kind: 'refused', status: 403, reason: 'This host answers to loopback names only.' };
  const target = request.url ?? '/';
  // `//evil/x` and absolute forms would change the host that the path is resolved against.
  if (!target.startsWith('/') || target.startsWith('//') || !URL.canParse(target, base.href)) {
    return { kind: 'refused', status: 400, reason: 'The path is not valid.' };
  }
  return new URL(target, base);
}

/** Compares hashes, so that neither length nor content shows in the time it takes. */
function isSame(offered: string, wanted: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(offered), hash(wanted));
}
