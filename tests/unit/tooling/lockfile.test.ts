import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Lockfile, missingPlatformPackages } from '../../../scripts/completeLockfile.ts';

const text = readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8');

describe('the lockfile', () => {
  it('names the binary packages of every platform, so that npm ci takes it anywhere (else: node scripts/completeLockfile.ts)', () => {
    expect([...missingPlatformPackages(JSON.parse(text) as Lockfile).keys()]).toEqual([]);
  });

  it('names no registry', () => {
    expect(text).not.toContain('"resolved"');
  });

  it('would miss a platform that only its parent names, with what it runs on', () => {
    const lockfile = {
      packages: {
        'node_modules/tool': {
          version: '1.2.3',
          dev: true,
          optionalDependencies: {
            '@tool/linux-x64-musl': '1.2.3',
            '@tool/win-arm64': '1.2.3',
            '@tool/wasm32-wasi': '1.2.3',
            loose: '^1.0.0',
          },
        },
      },
    };
    expect([...missingPlatformPackages(lockfile)]).toEqual([
      ['node_modules/@tool/linux-x64-musl', { version: '1.2.3', dev: true, optional: true, cpu: ['x64'], os: ['linux'], libc: ['musl'] }],
      ['node_modules/@tool/win-arm64', { version: '1.2.3', dev: true, optional: true, cpu: ['arm64'], os: ['win32'] }],
      ['node_modules/@tool/wasm32-wasi', { version: '1.2.3', dev: true, optional: true, cpu: ['wasm32'] }],
    ]);
  });
});
