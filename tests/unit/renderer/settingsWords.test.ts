import { describe, expect, test } from 'vitest';
import { readAddress } from '../../../src/renderer/features/settings/readAddress.ts';
import { keptWords, sentWords } from '../../../src/renderer/ui/tokenWords.ts';

describe('an address that is typed', () => {
  test.each([
    ['hubMirror', ' https://mirror.example/ ', 'https://mirror.example'],
    ['hubMirror', 'mirror.example', 'https://mirror.example'],
    ['hubMirror', 'http://10.0.0.7:8080/hub/', 'http://10.0.0.7:8080/hub'],
    ['hubMirror', 'HTTPS://Mirror.Example', 'https://mirror.example'],
    ['proxyUrl', 'proxy.example:3128', 'http://proxy.example:3128'],
    ['proxyUrl', 'https://ada:word@proxy.example:3129', 'https://ada:word@proxy.example:3129'],
    ['proxyUrl', '[::1]:3128', 'http://[::1]:3128'],
  ] as const)('as %s %j is taken as %s', (kind, text, address) => {
    expect(readAddress(text, kind)).toEqual({ ok: true, address });
  });

  test.each([
    ['hubMirror', '   ', /first/],
    ['hubMirror', 'ftp://mirror.example', /http/],
    ['hubMirror', 'javascript://mirror.example/%0aalert(1)', /http/],
    ['hubMirror', 'https://', /not an address/],
    ['hubMirror', 'two words', /not an address/],
    ['hubMirror', 'https://mirror.example?key=1', /after \?/],
    ['hubMirror', 'https://ada:word@mirror.example', /password/],
    ['proxyUrl', 'socks5://127.0.0.1:1080', /SOCKS/],
    ['proxyUrl', 'http://proxy.example:99999', /not an address/],
    ['proxyUrl', 'http://proxy.example/path', /without a path/],
  ] as const)('as %s %j is refused in words', (kind, text, words) => {
    expect(readAddress(text, kind)).toEqual({ ok: false, problem: expect.stringMatching(words) });
  });
});

describe('what is said of a token', () => {
  const kept = (token: 'none' | 'stored' | 'environment', isProtected: boolean, host: 'desktop' | 'serve') =>
    keptWords({ token, isProtected }, host);

  test('where it is kept, and that it is not protected where it is not', () => {
    expect(kept('stored', true, 'desktop')).toMatch(/encrypted.*keychain/);
    expect(kept('stored', false, 'desktop')).toMatch(/unencrypted.*no keychain/);
    expect(kept('none', false, 'serve')).toMatch(/unencrypted/);
    expect(kept('none', false, 'serve')).not.toMatch(/keychain/);
    expect(kept('environment', false, 'serve')).toMatch(/HF_TOKEN.*does not keep/);
  });

  test('which host it goes to, and that a mirror never gets it', () => {
    expect(sentWords({ endpoint: 'https://huggingface.co', isMirror: false })).toBe('Sent to huggingface.co only.');
    expect(sentWords({ endpoint: 'https://mirror.example', isMirror: true })).toMatch(/never to the mirror/);
    expect(sentWords({ endpoint: 'https://mirror.example', isMirror: true })).not.toContain('mirror.example');
  });
});
