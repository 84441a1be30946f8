import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isAllowedHost, isPrivateAddress } from '#main/services/tools/fetchHosts.ts';
import { createFetchTool } from '#main/services/tools/fetchTool.ts';
import { readableText } from '#main/services/tools/readableText.ts';

async function serve(listener: RequestListener): Promise<{ readonly origin: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function get(
  url: string,
  hosts: readonly string[] = ['127.0.0.1'],
  more: { readonly address?: string; readonly signal?: AbortSignal } = {},
) {
  const lookUp = (_name: string, _options: object, callback: (error: null, addresses: object[]) => void): void =>
    callback(null, [{ address: more.address ?? '127.0.0.1', family: 4 }]);
  const tool = createFetchTool({ userAgent: 'rightsize/test', ...(more.address === undefined ? {} : { lookUp: lookUp as never }) });
  onTestFinished(() => tool.dispose());
  return tool.fetch({ url }, { hosts, signal: more.signal ?? new AbortController().signal });
}

describe('fetching', () => {
  test('gives status and text of a host that is named, and sends nothing that tells who asks', async () => {
    const { origin } = await serve((request, response) => {
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(JSON.stringify({ headers: Object.keys(request.headers).sort(), agent: request.headers['user-agent'] }));
    });
    expect(await get(`${origin}/a?b=1`)).toEqual({
      error: null,
      result: '200\n\n{"headers":["accept","accept-encoding","connection","host","user-agent"],"agent":"rightsize/test"}',
    });
  });

  test('reads the words of a page', async () => {
    const { origin } = await serve((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<head><title>T</title></head><body><script>steal()</script><h1>Tea &amp; milk</h1><p>Hot <b>now</b></p>');
    });
    expect((await get(origin)).result).toBe('200\n\nTea & milk\nHot now');
  });

  test('is refused for hosts that are not named, also when a named one sends there', async () => {
    const other = await serve((_request, response) => response.end('secret'));
    const port = new URL(other.origin).port;
    const { origin } = await serve((_request, response) => response.writeHead(302, { location: `http://localhost:${port}/` }).end());
    for (const url of [
      other.origin.replace('127.0.0.1', 'localhost'),
      'file:///etc/passwd',
      'http://me:pw@127.0.0.1/',
      'http://127.0.0.1.example.org/',
      'http://[::1]/',
      'x',
    ]) {
      expect(await get(url)).toMatchObject({ error: expect.any(String) });
    }
    expect((await get(origin)).error).toMatch(/sent on elsewhere.*localhost/);
    expect(other.asked).toEqual([]);
  });

  test('is refused where a name leads to this machine, or a name below a wildcard does', async () => {
    const { origin, asked } = await serve((_request, response) => response.end('secret'));
    const { port } = new URL(origin);
    for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::ffff:127.0.0.1']) {
      expect((await get(`http://example.test:${port}/`, ['example.test'], { address })).error).toMatch(
        /this machine or to a private network/,
      );
    }
    expect((await get(`http://a.example.test:${port}/`, ['*.example.test'], { address: '127.0.0.1' })).error).toMatch(/private network/);
    expect(asked).toEqual([]);
  });

  test('ends in words for redirects in a circle, other than texts, compressed and failed answers, and no server', async () => {
    const { origin, asked } = await serve((request, response) => {
      if (request.url === '/circle') response.writeHead(302, { location: '/circle' }).end();
      else if (request.url === '/image') response.writeHead(200, { 'content-type': 'image/png' }).end('x');
      else if (request.url === '/gzip')
        response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1e6)));
      else response.writeHead(404, { 'content-type': 'text/plain' }).end('gone');
    });
    expect((await get(`${origin}/circle`)).error).toMatch(/without an end/);
    expect(asked).toHaveLength(6);
    expect((await get(`${origin}/image`)).error).toMatch(/image\/png/);
    expect((await get(`${origin}/gzip`)).error).toMatch(/compressed/);
    expect(await get(`${origin}/none`)).toEqual({ error: 'The server answered 404.', result: 'Error: 404\n\ngone' });
    expect((await get('http://127.0.0.1:1/')).error).toMatch(/could not be reached/);
  });

  test('reads no more than a million bytes of an endless answer, and ends when it is stopped', async () => {
    const { origin } = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      if (request.url === '/quiet') return response.flushHeaders();
      const write = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    expect((await get(origin)).result).toMatch(/^200\n\nx{7000,}\n?.*\[cut: \d+ more characters\]$/s);
    const controller = new AbortController();
    const asked = get(`${origin}/quiet`, ['127.0.0.1'], { signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test.each([
  ['https://example.org/a', ['example.org'], true],
  ['https://EXAMPLE.org./a', ['example.org'], true],
  ['https://example.org:8443/', ['example.org:8443'], true],
  ['https://example.org/', ['example.org:8443'], false],
  ['https://example.org/', ['example.org:443'], true],
  ['http://example.org/', ['example.org:443'], false],
  ['https://a.example.org/', ['example.org'], false],
  ['https://a.b.example.org/', ['*.example.org'], true],
  ['https://example.org/', ['*.example.org'], false],
  ['https://badexample.org/', ['*.example.org'], false],
  ['https://anything.org/', ['*', '*.', ''], false],
  ['http://2130706433/', ['127.0.0.1'], true],
  ['http://2130706433/', ['example.org'], false],
  ['http://[::1]/', ['::1'], true],
])('whether %s may be asked where %j are named: %s', (url, hosts, isAllowed) => {
  expect(isAllowedHost(new URL(url), hosts)).toBe(isAllowed);
});

test.each([
  '127.1.2.3',
  '0.0.0.0',
  '172.31.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '::1',
  '::',
  'fe80::1',
  'fd00::1',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  'fec0::1',
  '::7f00:1',
  '2001::1',
])('%s is no address of the open network', (address) => expect(isPrivateAddress(address)).toBe(true));
test.each(['93.184.215.14', '172.32.0.1', '2606:2800:21f::1'])('%s is', (address) => expect(isPrivateAddress(address)).toBe(false));

test.each([
  ['a < b &lt; c', 'a < b < c'],
  ['<style>x</style >y<!-- no -->z', 'yz'],
  ['<script>never ends', 'never ends'],
  ['&#65;&#x42;&#xD800;&nope;', 'AB&#xD800;&nope;'],
  ['<script>'.repeat(100_000), ''],
])('the words of a page: %s', (html, words) => {
  expect(readableText(html).replace(/\n/g, '')).toBe(words);
});
