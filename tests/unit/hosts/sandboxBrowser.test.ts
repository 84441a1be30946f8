import { describe, expect, it } from 'vitest';
import { findBrowser } from '#main/hosts/sandbox/findBrowser.ts';
import { readSandboxFile } from '#main/hosts/sandbox/sandboxFiles.ts';
import { checkSandbox } from '#main/services/system/checkSandbox.ts';

const facts = (platform: NodeJS.Platform, env: Readonly<Record<string, string>> = {}) => ({ platform, env, home: '/home/anna' });

describe('a browser', () => {
  it.each([
    ['linux', { PATH: '/opt/bin:relative:/usr/bin' }, '/opt/bin/chromium'],
    ['linux', {}, '/snap/bin/chromium'],
    ['linux', {}, '/opt/google/chrome/chrome'],
    ['darwin', {}, '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
    ['darwin', {}, '/home/anna/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    ['win32', { 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' }, 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'],
    [
      'win32',
      { LOCALAPPDATA: 'C:\\Users\\anna\\AppData\\Local' },
      'C:\\Users\\anna\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe',
    ],
  ] as const)('is found on %s with %o at %s', (platform, env, path) => {
    expect(findBrowser(facts(platform, env), (candidate) => candidate === path)).toBe(path);
  });

  it('that is named goes before all others, and is not replaced when it is none', () => {
    const named = facts('linux', { PATH: '/usr/bin', RIGHTSIZE_BROWSER: '/opt/mine' });
    expect(findBrowser(named, () => true)).toBe('/opt/mine');
    expect(findBrowser(named, (path) => path !== '/opt/mine')).toBeNull();
    expect(findBrowser(facts('linux'), () => false)).toBeNull();
  });
});

describe('the files of the sandbox', () => {
  it.each(['/index.html', '/page.js', '/worker.js', '/lockDownPython.js', '/pyodide.mjs', '/python_stdlib.zip'])(
    '%s is served',
    async (path) => {
      const file = await readSandboxFile(path);
      expect(file?.body.length).toBeGreaterThan(0);
      expect(file?.headers['x-content-type-options']).toBe('nosniff');
    },
  );

  it('all allow scripts of their own origin only, no text as a program, and the worker no request at all', async () => {
    const policies = await Promise.all(
      ['/index.html', '/worker.js'].map(async (path) => (await readSandboxFile(path))?.headers['content-security-policy']),
    );
    expect(policies[0]).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'");
    expect(policies[1]).toBe("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'");
  });

  it.each(['/', '/package.json', '/../package.json', '/%2e%2e/package.json', '/pyodide-lock.json', '/pyodide.asm.wasm.map', ''])(
    '%s is not served',
    async (path) => {
      expect(await readSandboxFile(path)).toBeNull();
    },
  );
});

describe('the check of the sandbox', () => {
  it('fails where a browser is broken and not where there is none', () => {
    const gone = { isAvailable: false, reason: 'No browser.', hint: 'Install one.' } as const;
    expect(checkSandbox({ ...gone, isBroken: false })).toMatchObject({
      ok: true,
      detail: expect.stringContaining('Install one.'),
      hint: null,
    });
    expect(checkSandbox({ ...gone, isBroken: true })).toEqual({ id: 'sandbox', ok: false, detail: 'No browser.', hint: 'Install one.' });
    expect(checkSandbox({ isAvailable: true, detail: 'Chromium 1' })).toMatchObject({
      ok: true,
      detail: 'Python of models runs in Chromium 1',
    });
    expect(checkSandbox(null)).toMatchObject({ ok: true });
  });
});
