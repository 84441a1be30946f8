import { describe, expect, test } from 'vitest';
import { proxyFor } from '#main/services/hub/proxyChoice.ts';
import { hubErrors } from '#shared/contract/catalog.ts';

const hub = new URL('https://huggingface.co/api/models');
const system = { proxy: 'system', proxyUrl: null } as const;
const env = { HTTPS_PROXY: 'http://proxy.example:3128' };

describe('the proxy for an address', () => {
  test('is what the environment says, lower case first', async () => {
    expect(await proxyFor(hub, { settings: system, env })).toBe('http://proxy.example:3128/');
    expect(await proxyFor(hub, { settings: system, env: { ...env, https_proxy: 'lower.example:1' } })).toBe('http://lower.example:1/');
    expect(await proxyFor(new URL('http://hub.example'), { settings: system, env })).toBeNull();
  });

  test.each([
    ['*', true],
    ['huggingface.co', true],
    ['.huggingface.co', true],
    ['co', true],
    ['example.com, huggingface.co:443', true],
    ['huggingface.co:8443', false],
    ['face.co', false],
    ['', false],
  ])('is none for what NO_PROXY exempts: %j', async (list, isExempt) => {
    expect(await proxyFor(hub, { settings: system, env: { ...env, NO_PROXY: list } })).toBe(isExempt ? null : 'http://proxy.example:3128/');
  });

  test.each(['localhost,::1', '[::1]', '[::1]:5'])('is none for an IPv6 address that NO_PROXY exempts: %j', async (list) => {
    const url = new URL('http://[::1]:5/');
    expect(await proxyFor(url, { settings: system, env: { HTTP_PROXY: 'http://proxy.example:3128', NO_PROXY: list } })).toBeNull();
  });

  test('is asked of the system where the environment says nothing, and never for this machine', async () => {
    const resolveProxy = (): Promise<string> => Promise.resolve('http://system.example:80');
    expect(await proxyFor(hub, { settings: system, env: {}, resolveProxy })).toBe('http://system.example:80');
    expect(await proxyFor(new URL('http://127.0.0.1:5'), { settings: system, env: {}, resolveProxy })).toBeNull();
  });

  test('is what the settings say before all else, or none', async () => {
    expect(await proxyFor(hub, { settings: { proxy: 'custom', proxyUrl: 'http://user:pass@own.example:8080' }, env })).toBe(
      'http://user:pass@own.example:8080/',
    );
    expect(await proxyFor(hub, { settings: { proxy: 'none', proxyUrl: null }, env })).toBeNull();
  });

  test.each(['socks5://proxy.example:1080', 'http://', '::'])('that cannot be used is refused in words: %s', async (proxy) => {
    await expect(proxyFor(hub, { settings: system, env: { HTTPS_PROXY: proxy } })).rejects.toMatchObject({ code: hubErrors.badProxy });
  });
});
