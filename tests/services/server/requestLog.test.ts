import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { keptBodyLimit, type OpenCall, openCall } from '#main/services/api/apiCall.ts';
import { createRequestLog, type RequestLog } from '#main/services/server/requestLog.ts';
import { createApiRequestTable } from '#main/storage/apiRequestTable.ts';
import { openDatabase } from '#main/storage/database.ts';
import { type ServerChange, ServerSettings, type ServerState } from '#shared/contract/server.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const dayMs = 86_400_000;

interface LogHarness {
  readonly log: RequestLog;
  readonly warned: string[];
  readonly settings: { server: ServerSettings };
  clock: number;
  request(options?: { readonly body?: string; readonly status?: number }): OpenCall;
  paths(): string[];
}

function openLog(
  options: {
    readonly maxPages?: number;
    readonly path?: string;
    readonly clock?: number;
    readonly bodyCharacters?: number;
    readonly settings?: Partial<ServerSettings>;
  } = {},
): LogHarness {
  const path = options.path ?? join(temporaryFolder(), 'log.db');
  const database = openDatabase(path, options.maxPages === undefined ? {} : { maxPages: options.maxPages });
  const warned: string[] = [];
  const settings = { server: { ...ServerSettings.parse({ logBodies: true }), ...options.settings } };
  const note = (event: string): void => void warned.push(event);
  const harness: { clock: number } = { clock: options.clock ?? Date.now() };
  const log = createRequestLog({
    table: createApiRequestTable(database),
    settings: () => settings.server,
    state: () => ({ state: 'running' }) as ServerState,
    log: { error: note, warn: note, info: note },
    now: () => harness.clock,
    ...(options.bodyCharacters === undefined ? {} : { bodyCharacters: options.bodyCharacters }),
  });
  onTestFinished(() => {
    log.dispose();
    database.close();
  });
  let number = 0;
  return Object.assign(harness, {
    log,
    warned,
    settings,
    request({ body, status = 200 }: { readonly body?: string; readonly status?: number } = {}) {
      const head = { method: 'POST', path: `/${++number}?key=secret`, userAgent: 'a\u0000program\u202e', address: '127.0.0.1' };
      const call = openCall(head, { now: () => harness.clock, keepsBodies: () => settings.server.logBodies, onChange: log.changed });
      if (body !== undefined) call.keepQuestion(body);
      call.end({ status, hungUp: false });
      return call;
    },
    paths: () => log.list({ errorsOnly: false, offset: 0, limit: 500 }).requests.map((request) => request.path),
  });
}

describe('the log of requests', () => {
  it('keeps as many as it may, the newest', () => {
    const { request, paths, log, settings } = openLog({ settings: { logLimit: 3 } });
    for (let count = 0; count < 5; count++) request();
    expect(paths()).toEqual(['/5', '/4', '/3']);
    settings.server = { ...settings.server, logLimit: 1 };
    log.prune();
    expect(paths()).toEqual(['/5']);
    settings.server = { ...settings.server, logLimit: 0 };
    log.prune();
    request();
    expect(paths()).toEqual([]);
  });

  it('lets go of what is too old, while it runs and when it is opened', () => {
    const path = join(temporaryFolder(), 'kept.db');
    const clock = Date.now();
    const first = openLog({ path, clock, settings: { logDays: 2 } });
    first.request();
    first.clock = clock + dayMs;
    first.request();
    expect(first.paths()).toEqual(['/2', '/1']);
    first.clock = clock + 2.5 * dayMs;
    expect(first.paths()).toEqual(['/2']);
    first.log.dispose();
    expect(openLog({ path, clock: clock + 4 * dayMs, settings: { logDays: 2 } }).paths()).toEqual([]);
  });

  it('lets go of the oldest when questions and answers are too much together', () => {
    const { request, paths } = openLog({ bodyCharacters: 3000 });
    const body = 'x'.repeat(1000);
    for (let count = 0; count < 6; count++) request({ body });
    expect(paths()).toEqual(['/6', '/5', '/4']);
  });

  it('cuts a long question, says so, and does not offer to replay it', () => {
    const { request, log } = openLog();
    const { id } = request({ body: 'x'.repeat(keptBodyLimit + 1) });
    const detail = log.detail(id);
    expect(detail.request.hasBody).toBe(false);
    expect(detail.question).toMatch(/x\n\[Cut here: 1,048,576 of 1,048,577 characters are kept\.\]$/);
  });

  it('keeps no body where none is to be kept, no query, and one line of who asked', () => {
    const { request, log } = openLog({ settings: { logBodies: false } });
    const { id } = request({ body: 'secret' });
    expect(JSON.stringify(log.detail(id))).not.toContain('secret');
    expect(log.detail(id).request).toMatchObject({ path: '/1', client: 'a program' });
  });

  it('tells errors apart, and those that are under way', () => {
    const { request, log } = openLog();
    request();
    const refused = request({ status: 401 });
    expect(log.list({ errorsOnly: true, offset: 0, limit: 10 })).toMatchObject({ total: 1, requests: [{ id: refused.id }] });
    const head = { method: 'GET', path: '/under-way', userAgent: undefined, address: '' };
    const call = openCall(head, { now: Date.now, keepsBodies: () => false, onChange: log.changed });
    call.isState('waiting');
    expect(log.detail(call.id).request).toMatchObject({ state: 'waiting', status: null, client: null });
    expect(() => log.detail('nobody')).toThrow(expect.objectContaining({ code: 'request-not-found' }));
  });

  it('tells who watches whole changed requests, at most four times a second', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { request, log } = openLog();
    const told: ServerChange[] = [];
    onTestFinished(log.subscribe((change) => told.push(change)));
    expect(told).toMatchObject([{ kind: 'snapshot', requests: [] }]);
    for (let step = 0; step < 100; step++) {
      request();
      vi.advanceTimersByTime(10);
    }
    const changes = told.filter((change) => change.kind === 'requests');
    expect(changes.length).toBeLessThanOrEqual(5);
    vi.advanceTimersByTime(250);
    expect(told.flatMap((change) => (change.kind === 'requests' ? change.requests : []))).toHaveLength(100);
  });

  it('goes on without a word to clients when the disk is full, says so once, and writes again when there is room', () => {
    const { request, paths, warned, log, settings } = openLog({ maxPages: 120 });
    for (let count = 0; count < 5; count++) {
      request({ body: 'x'.repeat(keptBodyLimit) });
      paths();
    }
    expect(warned).toEqual(['api.log-not-written']);
    settings.server = { ...settings.server, logBodies: false };
    log.clear();
    request();
    expect(paths()).toEqual(['/6']);
  });
});
