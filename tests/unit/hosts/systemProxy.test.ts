import { describe, expect, it } from 'vitest';
import { createProxyResolver, parseProxyList } from '#main/hosts/electron/systemProxy.ts';

describe('the list of proxies that the system names', () => {
  it.each([
    ['DIRECT', { kind: 'direct' }],
    ['', { kind: 'direct' }],
    ['PROXY proxy.example:3128', { kind: 'proxy', url: 'http://proxy.example:3128' }],
    ['PROXY proxy.example:80; DIRECT', { kind: 'proxy', url: 'http://proxy.example:80' }],
    [' proxy  10.0.0.1:8080 ;DIRECT', { kind: 'proxy', url: 'http://10.0.0.1:8080' }],
    ['PROXY [2001:db8::1]:8080', { kind: 'proxy', url: 'http://[2001:db8::1]:8080' }],
    ['HTTPS secure.example:443', { kind: 'proxy', url: 'https://secure.example:443' }],
    ['HTTPS secure.example', { kind: 'proxy', url: 'https://secure.example:443' }],
    ['SOCKS5 10.0.0.1:1080; PROXY proxy.example:3128', { kind: 'proxy', url: 'http://proxy.example:3128' }],
    ['DIRECT; PROXY proxy.example:3128', { kind: 'direct' }],
  ])('%j is read', (list, found) => {
    expect(parseProxyList(list)).toEqual(found);
  });

  it.each([
    ['SOCKS5 10.0.0.1:1080', ['SOCKS5']],
    ['SOCKS 10.0.0.1:1080; DIRECT', ['SOCKS']],
    ['PROXY user:word@proxy.example:3128', ['PROXY']],
    ['PROXY proxy.example:3128/path', ['PROXY']],
    ['PROXY', ['PROXY']],
    ['PROXY proxy.example:99999', ['PROXY']],
    ['QUIC proxy.example:443', ['QUIC']],
  ])('%j is a way that is not gone', (list, schemes) => {
    expect(parseProxyList(list)).toEqual({ kind: 'unsupported', schemes });
  });
});

describe('the port of the host', () => {
  const resolve = async (list: string): Promise<{ url: string | null; logged: readonly string[] }> => {
    const logged: string[] = [];
    const note = (event: string): void => void logged.push(event);
    const log = { debug: note, info: note, warn: note, error: note };
    const url = await createProxyResolver({ session: { resolveProxy: () => Promise.resolve(list) }, log })('https://huggingface.co/');
    return { url, logged };
  };

  it('says a proxy, and null for none', async () => {
    expect(await resolve('PROXY proxy.example:3128')).toEqual({ url: 'http://proxy.example:3128', logged: [] });
    expect(await resolve('DIRECT')).toEqual({ url: null, logged: [] });
  });

  it('goes directly where only SOCKS is offered, and the log says so', async () => {
    expect(await resolve('SOCKS5 127.0.0.1:1080')).toEqual({ url: null, logged: ['proxy.unsupported'] });
  });
});
