import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { messageLimitBytes } from '#shared/rpc/frames.ts';
import { makeHome, removeHome } from '../dataFolder.ts';
import { type ServeProcess, spawnServe } from '../startServe.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

let home: string;
let serve: ServeProcess;
let cookie: string;

beforeAll(async () => {
  home = makeHome();
  serve = await spawnServe(home);
  cookie = (await fetch(serve.url, { redirect: 'manual' })).headers.get('set-cookie') ?? '';
});
afterAll(async () => {
  await serve.stop();
  removeHome(home);
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** `fetch` would not let a test choose Host and Origin. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(serve.origin);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path, method, headers: { cookie: pair(), ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

const pair = (): string => cookie.split(';')[0] ?? '';

/** Opens the pipe as a program with any headers would. @returns 'open', or the status it was refused with. */
function openPipe(
  headers: Record<string, string>,
  path = '/pipe',
): Promise<{ readonly outcome: 'open' | number; readonly socket: WebSocket }> {
  const socket = new WebSocket(`${serve.origin.replace('http', 'ws')}${path}`, { headers });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve({ outcome: 'open', socket }));
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve({ outcome: response.statusCode ?? 0, socket });
    });
    socket.once('error', reject);
  });
}

/** Sends a frame and waits for the next one that answers its id. */
function roundTrip(socket: WebSocket, frame: { readonly id: number } & Record<string, unknown>): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    socket.on('message', (data: Buffer) => {
      const answer = JSON.parse(data.toString('utf8')) as Record<string, unknown>;
      if (answer.id === frame.id) resolve(answer);
    });
    socket.send(JSON.stringify(frame));
  });
}

const about = { kind: 'req', id: 7, route: 'system.about', input: {} } as const;

describe('the way in', () => {
  it('sets a strict cookie for the token and sends the browser to an address without it', async () => {
    const answer = await fetch(serve.url, { redirect: 'manual' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/');
    expect(answer.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
  });

  it('shows nothing to a browser without the cookie, and says what to do', async () => {
    for (const path of ['/', '/index.html', '/favicon.svg']) {
      const answer = await ask(path, { cookie: '' });
      expect(answer.status).toBe(401);
      expect(answer.text).toContain('Open the address that Rightsize printed');
    }
  });

  it('refuses a rebound Host and foreign Origins, with the cookie or not', async () => {
    expect((await ask('/', { host: 'evil.example' })).status).toBe(403);
    expect((await ask('/', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask('/', { origin: 'http://127.0.0.1:1' })).status).toBe(403);
  });

  it('sends the policy with every answer and no CORS header, also to a preflight', async () => {
    const answers = await Promise.all([
      ask('/'),
      ask('/missing.js'),
      ask('/', { cookie: '' }),
      ask('/', { origin: 'https://evil.example' }, 'OPTIONS'),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 404, 401, 405]);
    for (const { headers } of answers) {
      expect(headers['content-security-policy']).toBe(policy);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  it('serves files of the page only', async () => {
    for (const path of ['/../package.json', '/..%2f..%2fpackage.json', '/%2e%2e/main/main.js', '/assets/../../main/main.js']) {
      expect((await ask(path)).status, path).toBe(404);
    }
  });
});

describe('the pipe', () => {
  it('opens for the page that has the cookie', async () => {
    const { outcome, socket } = await openPipe({ cookie: pair(), origin: serve.origin });
    expect(outcome).toBe('open');
    expect(await roundTrip(socket, about)).toMatchObject({ kind: 'end', data: { host: 'serve', canPickFiles: false } });
    socket.terminate();
  });

  it.each([
    ['without the cookie', { origin: 'own' }, '/pipe', 401],
    ['without an origin', { cookie: 'own' }, '/pipe', 403],
    ['for a page on another port', { cookie: 'own', origin: 'http://127.0.0.1:1' }, '/pipe', 403],
    ['for another site', { cookie: 'own', origin: 'https://evil.example' }, '/pipe', 403],
    ['for a rebound host', { cookie: 'own', origin: 'http://evil.example', host: 'evil.example' }, '/pipe', 403],
    ['at another path', { cookie: 'own', origin: 'own' }, '/other', 404],
  ])('stays shut %s', async (_name, wanted: Record<string, string>, path, status) => {
    const headers = { ...wanted };
    if (headers.cookie === 'own') headers.cookie = pair();
    if (headers.origin === 'own') headers.origin = serve.origin;
    expect((await openPipe(headers, path)).outcome).toBe(status);
  });

  it('lives through rubbish and answers bad requests with a code', async () => {
    const { socket } = await openPipe({ cookie: pair(), origin: serve.origin });
    for (const rubbish of ['', 'x', '{', 'null', '[]', '{"kind":"req"}', '{"kind":"end","id":1}', '"req"']) socket.send(rubbish);
    socket.send(Buffer.from([0, 255, 7]));
    const answers = [
      await roundTrip(socket, { kind: 'req', id: 1, route: 'no.such', input: {} }),
      await roundTrip(socket, { kind: 'req', id: 2, route: '__proto__', input: {} }),
      await roundTrip(socket, { kind: 'req', id: 3, route: 'constructor', input: {} }),
      await roundTrip(socket, { kind: 'req', id: 4, route: 'library.inspect', input: { id: 5 } }),
      await roundTrip(socket, { kind: 'req', id: 5, route: 'settings.update', input: { theme: 'pink' } }),
    ];
    expect(answers.map((answer) => (answer.error as { code: string }).code)).toEqual([
      'unknown-route',
      'unknown-route',
      'unknown-route',
      'bad-input',
      'bad-input',
    ]);
    expect(await roundTrip(socket, about)).toMatchObject({ kind: 'end' });
    socket.terminate();
  });

  it('is cut off by an oversized message, and the host lives on', async () => {
    const { socket } = await openPipe({ cookie: pair(), origin: serve.origin });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.send(Buffer.alloc(messageLimitBytes + 1, 'x'));
    expect(await closed).toBe(1009);
    const next = await openPipe({ cookie: pair(), origin: serve.origin });
    expect(await roundTrip(next.socket, about)).toMatchObject({ kind: 'end' });
    next.socket.terminate();
  });
});
