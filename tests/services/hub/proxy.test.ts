import { createServer, request as httpRequest } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { hubErrors } from '#shared/contract/catalog.ts';
import { hubTokens, startHub } from '../../fixtures/hub/startHub.ts';
import { openHub } from './hubHarness.ts';

const repo = { files: { 'README.md': 'card' } };

test('requests go through the proxy of the settings, and its credentials are never shown', async () => {
  const sim = await startHub({ 'ada/model': repo });
  const proxy = await startProxy();
  const hub = openHub(sim.url, {
    settings: { proxy: 'custom', proxyUrl: `http://ada:secret@127.0.0.1:${proxy.port}` },
    env: { HF_TOKEN: hubTokens.user },
  });
  expect((await hub.modelInfo('ada/model', { revision: 'main' })).repo).toBe('ada/model');
  expect(proxy.targets.length).toBeGreaterThan(0);
  expect(proxy.targets.every((target) => target.startsWith(sim.url))).toBe(true);
  expect((await hub.account({ verify: false })).proxy).toBe(`http://127.0.0.1:${proxy.port}`);
  expect(hub.logged.join('\n')).not.toContain('secret');
});

test('requests go through HTTP_PROXY, and past it for what NO_PROXY names', async () => {
  const sim = await startHub({ 'ada/model': repo });
  const proxy = await startProxy();
  const HTTP_PROXY = `http://127.0.0.1:${proxy.port}`;
  await openHub(sim.url, { env: { HTTP_PROXY } }).modelInfo('ada/model', { revision: 'main' });
  expect(proxy.targets).toHaveLength(1);
  await openHub(sim.url, { env: { HTTP_PROXY, NO_PROXY: '127.0.0.1' } }).modelInfo('ada/model', { revision: 'main' });
  expect(proxy.targets).toHaveLength(1);
});

test('a proxy that is not there is named as a place to look', async () => {
  const sim = await startHub({ 'ada/model': repo });
  const proxy = await startProxy();
  await proxy.close();
  const hub = openHub(sim.url, { settings: { proxy: 'custom', proxyUrl: `http://127.0.0.1:${proxy.port}` } });
  await expect(hub.modelInfo('ada/model', { revision: 'main' })).rejects.toMatchObject({
    code: hubErrors.unreachable,
    hint: expect.stringContaining('proxy'),
  });
});

test('a proxy that wants a password says so', async () => {
  const sim = await startHub({ 'ada/model': repo });
  const proxy = await startProxy(407);
  const hub = openHub(sim.url, { settings: { proxy: 'custom', proxyUrl: `http://127.0.0.1:${proxy.port}` } });
  await expect(hub.modelInfo('ada/model', { revision: 'main' })).rejects.toMatchObject({ code: hubErrors.badProxy });
});

/** A forwarding proxy on loopback that remembers what it was asked for. */
async function startProxy(refuseWith?: number): Promise<{ readonly port: number; readonly targets: string[]; close(): Promise<void> }> {
  const targets: string[] = [];
  const server = createServer((request, response) => {
    targets.push(request.url ?? '');
    if (refuseWith !== undefined) return void response.writeHead(refuseWith).end();
    const onward = httpRequest(request.url ?? '', { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  onTestFinished(close);
  return { port: address.port, targets, close };
}
