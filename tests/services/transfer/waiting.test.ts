import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProxyAgent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import type { TransferProgress } from '#main/services/downloads/transfer/transfer.ts';
import { hubErrors } from '#shared/contract/catalog.ts';
import type { HubFault } from '../../fixtures/hub/hubsim.mjs';
import { kibibyte, mebibyte, openTransfer } from './transferHarness.ts';

test.each<[string, HubFault, string]>([
  ['the server is down', { kind: 'cdn', status: 503 }, hubErrors.down],
  ['connections break', { kind: 'cdn', reset: true }, hubErrors.unreachable],
  ['nothing arrives', { kind: 'cdn', stall: { after: 0, ms: 'forever' } }, hubErrors.unreachable],
  ['a page comes instead', { kind: 'cdn', html: true }, hubErrors.notTheHub],
  ['the hub asks to wait', { kind: 'cdn', rateLimited: 1 }, hubErrors.rateLimited],
  ['the hub asks to wait without saying so in Retry-After', { kind: 'cdn', rateLimited: 0, noRetryAfter: true }, hubErrors.rateLimited],
  ['the hub itself is down', { kind: 'resolve', status: 500 }, hubErrors.down],
  ['the hub itself sends a page', { kind: 'resolve', html: true }, hubErrors.notTheHub],
])('while %s it waits, says why and until when, and goes on by itself', async (_, fault, code) => {
  const transfer = await openTransfer({ sizeBytes: mebibyte, faults: [fault] });
  const waiting = Promise.withResolvers<void>();
  const run = transfer.run(
    {},
    {
      onProgress(progress) {
        transfer.progress.push(progress);
        if (progress.phase === 'waiting' && progress.problem?.code === code) waiting.resolve();
      },
    },
  );
  await waiting.promise;
  const told = transfer.progress.find((progress) => progress.phase === 'waiting');
  expect(told?.retryAt).toBeGreaterThan(0);
  expect(told?.problem?.hint).toBeDefined();
  transfer.sim.setFaults([]);
  await run;
  expect(transfer.isWhole()).toBe(true);
  expect(transfer.progress.at(-1)).toMatchObject({ problem: null, retryAt: null });
});

test('a limit is kept: no request goes out before it is over', async () => {
  const transfer = await openTransfer({ faults: [{ kind: 'cdn', rateLimited: 2, times: 1, skip: 2 }] });
  await transfer.run();
  expect(transfer.isWhole()).toBe(true);
  const log = transfer.sim.stats().log.filter((entry) => entry['kind'] === 'cdn');
  const limitedAt = log.find((entry) => entry['status'] === 429)?.['t'] as number;
  // Requests that had gone out when the refusal arrived are not meant.
  const soon = log.filter((entry) => (entry['t'] as number) > limitedAt + 600 && (entry['t'] as number) < limitedAt + 1_800);
  expect(soon).toEqual([]);
});

test('where a second connection is refused one does the work', async () => {
  const transfer = await openTransfer({
    sizeBytes: 4 * mebibyte,
    faults: [
      { kind: 'cdn', throttle: 4 * mebibyte },
      { kind: 'cdn', maxParallel: 1 },
    ],
  });
  await transfer.run();
  expect(transfer.isWhole()).toBe(true);
  // The connections that were tried, and at most one each time a part ends before the server has noticed.
  const { byStatus } = transfer.sim.stats();
  expect(byStatus['403']).toBeLessThan((byStatus['206'] ?? 0) + 12);
  expect(transfer.sim.stats().byKind['resolve']).toBeLessThan(6);
});

test('connections that together bring the line down become fewer', async () => {
  const transfer = await openTransfer({
    sizeBytes: 6 * mebibyte,
    faults: [
      { kind: 'cdn', throttle: 8 * mebibyte },
      { kind: 'cdn', collapse: { above: 2, to: 16 * kibibyte, ms: 300 } },
    ],
  });
  await transfer.run();
  expect(transfer.isWhole()).toBe(true);
});

test('progress is told at a bounded rate', async () => {
  const transfer = await openTransfer({ sizeBytes: 4 * mebibyte, faults: [{ kind: 'cdn', throttle: 2 * mebibyte }] });
  const startedAt = performance.now();
  await transfer.run({ progressMs: 100 });
  const looks = (performance.now() - startedAt) / 100 + 3;
  expect(transfer.progress.length).toBeLessThanOrEqual(looks);
});

test('an address that is about to expire is replaced before it does', async () => {
  const transfer = await openTransfer({ sizeBytes: 4 * mebibyte, hub: { urlTtl: 1 }, faults: [{ kind: 'cdn', throttle: mebibyte / 2 }] });
  await transfer.run({ usualRequestBytes: 128 * kibibyte, maxRequestBytes: 128 * kibibyte });
  expect(transfer.isWhole()).toBe(true);
  expect(transfer.sim.stats().byKind['resolve']).toBeGreaterThan(1);
});

test('the token stays with the host it is for, also across redirects', async () => {
  const content = new Uint8Array(2 * mebibyte).fill(7);
  const transfer = await openTransfer({ content });
  const seen: (string | undefined)[] = [];
  // Stands for a hub whose own address sends on to another host.
  const front = createServer((request, answer) => {
    seen.push(request.headers.authorization);
    answer.writeHead(302, { location: transfer.resolved.url }).end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void front.close());
  await once(front, 'listening');
  const hub = {
    dispatcher: transfer.hub.dispatcher,
    resolve: async () => ({
      ...transfer.resolved,
      url: `http://127.0.0.1:${(front.address() as AddressInfo).port}/file`,
      headers: { authorization: 'Bearer hf_secret' },
    }),
  };
  await transfer.run({}, { hub });
  expect(transfer.isWhole()).toBe(true);
  expect(seen).toContain('Bearer hf_secret');
  expect(transfer.sim.stats().cdnAuthLeaks).toBe(0);
  // The redirect is asked for once for each connection at most, not for each part.
  expect(seen.length).toBeLessThanOrEqual(4);
});

test('redirects in circles end it', async () => {
  const transfer = await openTransfer({ sizeBytes: mebibyte });
  const front = createServer((_, answer) => answer.writeHead(302, { location: '/again' }).end()).listen(0, '127.0.0.1');
  onTestFinished(() => void front.close());
  await once(front, 'listening');
  const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}/file`;
  const hub = { dispatcher: transfer.hub.dispatcher, resolve: async () => ({ ...transfer.resolved, url, headers: {} }) };
  await expect(transfer.run({}, { hub })).rejects.toMatchObject({ code: hubErrors.badAnswer });
});

test('a proxy that is changed on the way is used at once', async () => {
  const transfer = await openTransfer({ sizeBytes: 2 * mebibyte });
  const dead = new ProxyAgent({ uri: `http://127.0.0.1:${await closedPort()}`, allowH2: false });
  onTestFinished(() => dead.destroy());
  let isChanged = false;
  const hub = {
    resolve: async () => ({ ...transfer.resolved, expiresAt: null }),
    dispatcher: (url: string) => (isChanged ? transfer.hub.dispatcher(url) : Promise.resolve(dead)),
  };
  const onProgress = ({ phase }: TransferProgress): void => {
    if (phase === 'waiting') isChanged = true;
  };
  await transfer.run({}, { hub, onProgress });
  expect(transfer.isWhole()).toBe(true);
});

test('an address whose host does not answer is replaced by what the hub names then', async () => {
  const transfer = await openTransfer({ sizeBytes: 2 * mebibyte });
  const nowhere = `http://127.0.0.1:${await closedPort()}/file`;
  let asked = 0;
  const hub = {
    dispatcher: transfer.hub.dispatcher,
    resolve: async () => ({ ...transfer.resolved, expiresAt: null, url: asked++ === 0 ? nowhere : transfer.resolved.url }),
  };
  await transfer.run({}, { hub });
  expect(transfer.isWhole()).toBe(true);
});

/** Where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
