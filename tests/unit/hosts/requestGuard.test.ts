import { describe, expect, it } from 'vitest';
import { createRequestGuard, type GuardedRequest } from '#main/hosts/serve/requestGuard.ts';

const host = '127.0.0.1:8417';
const guard = createRequestGuard({ cookieName: 'rightsize-8417' });

function cookie(): string {
  const welcome = guard.admitPage({ method: 'GET', url: `/?token=${guard.token}`, headers: { host } });
  return welcome.kind === 'welcome' ? (welcome.cookie.split(';')[0] ?? '') : '';
}

function page(
  changes: Partial<GuardedRequest> & { readonly headers?: GuardedRequest['headers'] } = {},
): ReturnType<typeof guard.admitPage> {
  return guard.admitPage({ method: 'GET', url: '/', ...changes, headers: { host, cookie: cookie(), ...changes.headers } });
}

function pipe(headers: GuardedRequest['headers']): ReturnType<typeof guard.admitPipe> {
  return guard.admitPipe({ method: 'GET', url: '/pipe', headers });
}

describe('requestGuard', () => {
  it('turns the token of the address into a cookie and drops it from the address', () => {
    const admission = guard.admitPage({ method: 'GET', url: `/?token=${guard.token}&screen=chat`, headers: { host } });
    expect(admission).toMatchObject({ kind: 'welcome', location: '/?screen=chat' });
    expect(admission.kind === 'welcome' && admission.cookie).toMatch(/^rightsize-8417=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(admission.kind === 'welcome' && admission.cookie).not.toContain(guard.token);
  });

  it('admits a request with the cookie and names its path without the query', () => {
    expect(page({ url: '/assets/a.js?v=1' })).toEqual({ kind: 'admitted', path: '/assets/a.js' });
  });

  it('admits a loopback name with another port, as an ssh tunnel gives', () => {
    expect(page({ headers: { host: 'localhost:9000', origin: 'http://localhost:9000' } }).kind).toBe('admitted');
  });

  it.each([
    ['no cookie', { headers: { cookie: undefined } }, 401],
    ['a wrong cookie', { headers: { cookie: 'rightsize-8417=guess' } }, 401],
    ['the right secret under another name', { headers: { cookie: cookie().replace('8417', '8418') } }, 401],
    ['a wrong token', { url: '/?token=guess', headers: { cookie: undefined } }, 401],
    ['a rebound domain in Host', { headers: { host: 'evil.example:8417' } }, 403],
    ['a domain that only begins like loopback', { headers: { host: '127.0.0.1.evil.example' } }, 403],
    ['no Host', { headers: { host: undefined } }, 400],
    ['the origin of another site', { headers: { origin: 'https://evil.example' } }, 403],
    ['the origin of another port of this machine', { headers: { origin: 'http://127.0.0.1:3000' } }, 403],
    ['the origin "null" of a sandboxed frame', { headers: { origin: 'null' } }, 403],
    ['another method', { method: 'POST' }, 405],
    ['an absolute target', { url: 'http://evil.example/' }, 400],
    ['a target with a second host', { url: '//evil.example/' }, 400],
  ])('refuses %s', (_name, changes, status) => {
    expect(page(changes as Parameters<typeof page>[0])).toMatchObject({ kind: 'refused', status });
  });

  it('admits the pipe to its own page only: same origin and cookie', () => {
    expect(pipe({ host, origin: `http://${host}`, cookie: cookie() })).toEqual({ kind: 'admitted', path: '/pipe' });
  });

  it.each([
    ['without an origin', { host, cookie: cookie() }, 403],
    ['with a foreign origin', { host, origin: 'http://127.0.0.1:3000', cookie: cookie() }, 403],
    ['with a rebound host and its matching origin', { host: 'evil.example', origin: 'http://evil.example', cookie: cookie() }, 403],
    ['without the cookie', { host, origin: `http://${host}` }, 401],
  ])('refuses the pipe %s', (_name, headers, status) => {
    expect(pipe(headers)).toMatchObject({ kind: 'refused', status });
  });
});
