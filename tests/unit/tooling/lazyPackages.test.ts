import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packages } from '#main/services/packages.ts';

const textOf = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('packages that are loaded at their first use', () => {
  it('are all there', () => {
    for (const [name, loaded] of Object.entries(packages)) expect([name, loaded ?? null]).not.toEqual([name, null]);
  });

  it('go into the packaged app, which takes nothing but dependencies along: the builder does not see that they are asked for', () => {
    const { dependencies } = JSON.parse(textOf('package.json')) as { readonly dependencies: Record<string, string> };
    const asked = [...textOf('src/main/services/packages.ts').matchAll(/load\('(@[^'/]+\/[^'/]+|[^'/]+)/g)].map(([, name]) => name);
    expect(asked).toHaveLength(Object.keys(packages).length);
    expect(asked.filter((name) => name === undefined || !(name in dependencies))).toEqual([]);
  });
});
