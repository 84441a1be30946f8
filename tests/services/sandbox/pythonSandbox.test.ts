import { describe, expect, it } from 'vitest';
import { createPythonSandbox } from '#main/services/sandbox/createPythonSandbox.ts';
import type { PythonRun, SandboxPage } from '#main/services/sandbox/sandboxPage.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { runScript } from '../killedHost.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { browserFacts, installedBrowser } from './installedBrowser.ts';

const log = { error: () => undefined, warn: () => undefined, info: () => undefined };
const never = new AbortController().signal;
const finished: PythonRun = { state: 'finished', stdout: '1\n', stderr: '', isOutputCut: false, error: null, tookMs: 1 };

/** Pages that answer as they are told; each notes what it was asked. */
function pagesThat(...answers: readonly ((code: string, page: { die(): void }) => Promise<PythonRun>)[]) {
  const opened: { readonly asked: string[]; isClosed: boolean }[] = [];
  const openSandbox = async (): Promise<SandboxPage> => {
    const answer = answers[Math.min(opened.length, answers.length - 1)];
    const noted = { asked: [] as string[], isClosed: false };
    opened.push(noted);
    const { promise: closed, resolve: die } = Promise.withResolvers<void>();
    return {
      description: 'a made-up browser',
      closed,
      async close() {
        noted.isClosed = true;
        die();
      },
      run: ({ code }) => {
        noted.asked.push(code);
        return answer?.(code, { die }) ?? Promise.reject(new Error('Nothing was prepared.'));
      },
    };
  };
  return { openSandbox, opened };
}

const dying = (_code: string, page: { die(): void }): Promise<PythonRun> => {
  page.die();
  return Promise.reject(new Error('The page is gone.'));
};
const create = (openSandbox: () => Promise<SandboxPage>, now: () => number = () => 0) => createPythonSandbox({ openSandbox, log, now });

describe('the sandbox', () => {
  it('is opened at the first need, once, and takes one job at a time', async () => {
    const order: string[] = [];
    const pages = pagesThat(async (code) => {
      order.push(`begin ${code}`);
      await Promise.resolve();
      order.push(`end ${code}`);
      return finished;
    });
    const sandbox = create(pages.openSandbox);
    expect(pages.opened).toHaveLength(0);
    expect(sandbox.known()).toBeNull();
    expect(await Promise.all([sandbox.run('a', { signal: never }), sandbox.run('b', { signal: never })])).toEqual([finished, finished]);
    expect(order).toEqual(['begin a', 'end a', 'begin b', 'end b']);
    expect(await sandbox.availability()).toEqual({ isAvailable: true, detail: 'a made-up browser' });
    await sandbox.dispose();
    expect(pages.opened).toMatchObject([{ isClosed: true }]);
  });

  it('that dies is opened again once, and the job is done there', async () => {
    const pages = pagesThat(dying, async () => finished);
    expect(await create(pages.openSandbox).run('a', { signal: never })).toEqual(finished);
    expect(pages.opened.map(({ asked }) => asked)).toEqual([['a'], ['a']]);
  });

  it('that dies twice of one job says so of the job, and goes on with the next', async () => {
    const pages = pagesThat(dying, dying, async () => finished);
    const sandbox = create(pages.openSandbox);
    expect(await sandbox.run('bomb', { signal: never })).toMatchObject({
      state: 'out-of-memory',
      error: expect.stringContaining('broke down'),
    });
    expect(await sandbox.run('b', { signal: never })).toEqual(finished);
    expect(pages.opened).toHaveLength(3);
  });

  it('that cannot be had says why to all, and is looked for again after a while', async () => {
    let tries = 0;
    let nowMs = 0;
    const missing = new RpcError('sandbox-missing', 'No browser.', { hint: 'Install one.' });
    const sandbox = create(
      () => {
        tries += 1;
        return Promise.reject(missing);
      },
      () => nowMs,
    );
    const refusal = { isAvailable: false, reason: 'No browser.', hint: 'Install one.', isBroken: false };
    expect(await sandbox.availability()).toEqual(refusal);
    expect(await sandbox.availability()).toEqual(refusal);
    expect(tries).toBe(1);
    await expect(sandbox.run('a', { signal: never })).rejects.toBe(missing);
    nowMs = 60_000;
    await sandbox.availability();
    expect(tries).toBe(3);
  });

  it('whose browser does not start is told apart from none', async () => {
    const sandbox = create(() => Promise.reject(new Error('spawn failed\nwith a long story')));
    expect(await sandbox.availability()).toMatchObject({
      isAvailable: false,
      isBroken: true,
      reason: expect.stringMatching(/spawn failed$/),
    });
    await expect(sandbox.run('a', { signal: never })).rejects.toMatchObject({ code: 'sandbox-missing' });
  });

  it('ends with the reason of whoever gave up, and does not try again', async () => {
    const stopping = new AbortController();
    const pages = pagesThat(async () => {
      stopping.abort(new Error('The user stopped.'));
      return { ...finished, state: 'timed-out' };
    });
    await expect(create(pages.openSandbox).run('a', { signal: stopping.signal })).rejects.toThrow('The user stopped.');
    expect(pages.opened).toHaveLength(1);
  });

  it('that was disposed of opens nothing any more', async () => {
    const pages = pagesThat(async () => finished);
    const sandbox = create(pages.openSandbox);
    await sandbox.dispose();
    await expect(sandbox.run('a', { signal: never })).rejects.toThrow(/ending/);
    expect(pages.opened).toHaveLength(0);
  });

  it('that is disposed of while it opens does not hold up the end, and leaves nothing open', async () => {
    const pages = pagesThat(async () => finished);
    const { promise: gate, resolve: letOpen } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const sandbox = create(async () => {
      begin();
      await gate;
      return pages.openSandbox();
    });
    const asked = sandbox.run('a', { signal: never });
    await begun;
    await sandbox.dispose();
    letOpen();
    await expect(asked).rejects.toThrow(/ending/);
    expect(pages.opened).toMatchObject([{ isClosed: true, asked: [] }]);
  });
});

describe.skipIf(installedBrowser === null || process.platform !== 'linux')('a host that is killed', () => {
  it('leaves no browser behind', async () => {
    const script = `
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
// What a killed host cannot clear away is cleared away by the test.
process.env.TMPDIR = ${JSON.stringify(temporaryFolder())};
const { openBrowserSandbox } = await import(${JSON.stringify(new URL('../../../src/main/hosts/sandbox/openBrowserSandbox.ts', import.meta.url).href)});
void openBrowserSandbox(${JSON.stringify(browserFacts())});
const parentOf = (pid) => { try { return readFileSync('/proc/' + pid + '/stat', 'utf8').split(') ')[1].split(' ')[1]; } catch { return ''; } };
const childrenOf = (pid) => readdirSync('/proc').filter((one) => /^[0-9]+$/.test(one) && parentOf(one) === String(pid));
const below = (pid) => childrenOf(pid).flatMap((child) => [child, ...below(child)]);
// The browser itself, and processes of its own.
while (below(process.pid).length < 4) await setTimeout(20);
console.log('browser ' + below(process.pid).join(' '));
`;
    const host = runScript(script);
    const pids = (await host.line('browser ')).split(' ').slice(1).map(Number);
    expect(pids.length).toBeGreaterThan(0);
    host.child.kill('SIGKILL');
    const isAlive = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    await expect.poll(() => pids.filter(isAlive), { timeout: 30_000, interval: 50 }).toEqual([]);
  });
});
