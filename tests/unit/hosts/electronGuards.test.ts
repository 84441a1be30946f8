import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ app: { isPackaged: true }, shell: {}, nativeTheme: {}, screen: {}, BrowserWindow: class {} }));

const { isTrustedSender, mayOpenExternally } = await import('#main/hosts/electron/guards.ts');
const { isOurPage, packagedPage } = await import('#main/hosts/electron/pageAddress.ts');
const { frameColours } = await import('#main/hosts/electron/window.ts');

const foreign = [
  'app://rightsize.evil/index.html',
  'app://evil/index.html',
  'app://user@rightsize/index.html',
  'http://rightsize/index.html',
  'https://example.com/',
  'file:///etc/passwd',
  'about:blank',
  'javascript:alert(1)',
  'data:text/html,x',
  '',
];

describe('our page', () => {
  it('is the address of the packaged app, whatever comes after its host', () => {
    expect(isOurPage(packagedPage)).toBe(true);
    expect(isOurPage('app://rightsize/index.html#/chat')).toBe(true);
  });

  it.each(foreign)('is not %j', (address) => {
    expect(isOurPage(address)).toBe(false);
  });
});

describe('a sender', () => {
  it('is trusted as the top frame at our address', () => {
    expect(isTrustedSender({ url: packagedPage, parent: null })).toBe(true);
  });

  it('is not trusted when it is gone, a frame inside the page, or elsewhere', () => {
    const parent = {} as never;
    expect(isTrustedSender(null)).toBe(false);
    expect(isTrustedSender({ url: packagedPage, parent })).toBe(false);
    for (const url of foreign) expect(isTrustedSender({ url, parent: null })).toBe(false);
  });
});

describe('an address for the operating system', () => {
  it.each(['https://huggingface.co/models', 'https://github.com/a/b'])('may be %s', (address) => {
    expect(mayOpenExternally(address)).toBe(true);
  });

  it.each([
    'http://huggingface.co/',
    'https://huggingface.co.evil.example/',
    'https://user:pw@huggingface.co/',
    'https://huggingface.co:8443/',
    'file:///usr/bin/xterm',
    'smb://huggingface.co/x',
    'javascript:alert(1)',
    'huggingface.co',
  ])('may not be %s', (address) => {
    expect(mayOpenExternally(address)).toBe(false);
  });
});

describe('the hub that the environment names', () => {
  it('may be opened too: its licence pages are there', () => {
    expect(mayOpenExternally('https://hub.example/org/repo', 'https://hub.example')).toBe(true);
    expect(mayOpenExternally('https://huggingface.co/org/repo', 'https://hub.example')).toBe(true);
  });

  it.each([
    ['https://other.example/', 'https://hub.example'],
    ['http://hub.example/', 'https://hub.example'],
    ['https://hub.example:8443/', 'https://hub.example'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['https://hub.example/', 'https://user:word@hub.example'],
    ['https:///', ''],
    ['https://hub.example/', 'no address'],
  ])('%s may not, with %j', (address, endpoint) => {
    expect(mayOpenExternally(address, endpoint)).toBe(false);
  });
});

describe('the frame', () => {
  it("has the page's own colours in both schemes", () => {
    const tokens = readFileSync(new URL('../../../src/renderer/styles/tokens.css', import.meta.url), 'utf8');
    const [light = '', dark = ''] = tokens.split(':root[data-theme="dark"]');
    for (const [part, colours] of [
      [light, frameColours.light],
      [dark, frameColours.dark],
    ] as const) {
      expect(/--chrome:\s*(#\w+)/.exec(part)?.[1]?.toUpperCase()).toBe(colours.chrome);
      expect(/--ink:\s*(#\w+)/.exec(part)?.[1]?.toUpperCase()).toBe(colours.ink);
    }
  });
});
