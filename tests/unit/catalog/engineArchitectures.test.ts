import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isEngineArchitecture, listEngineArchitectures } from '#core/catalog/engineArchitectures.ts';

const binaries = join(import.meta.dirname, '../../../node_modules/@node-llama-cpp');

/** The engine's library of this machine; a test of another platform has none that can be looked into. */
function engineLibrary(): Buffer | undefined {
  try {
    const folder = join(binaries, 'linux-x64/bins/linux-x64');
    const name = readdirSync(folder).find((file) => /^libllama\.v.*\.so$/.test(file));
    return name === undefined ? undefined : readFileSync(join(folder, name));
  } catch {
    return undefined;
  }
}

describe('the architectures of the bundled engine', () => {
  test('are known by name, others are not, and what cannot be told is unknown', () => {
    expect(isEngineArchitecture('qwen3moe')).toBe(true);
    expect(isEngineArchitecture('gpt-oss')).toBe(true);
    expect(isEngineArchitecture('quantumformer')).toBe(false);
    expect(isEngineArchitecture('clip')).toBeNull();
    expect(isEngineArchitecture(null)).toBeNull();
  });

  test('are all in the library that is installed', (context) => {
    const library = engineLibrary();
    if (library === undefined) return context.skip('no library for this platform is installed');
    expect(listEngineArchitectures().filter((name) => !library.includes(`${name}\0`))).toEqual([]);
  });

  test('leave out none that the installed library lists', (context) => {
    const library = engineLibrary();
    if (library === undefined) return context.skip('no library for this platform is installed');
    // The table of names lies in one piece; the linker has merged some of them with the ends of other texts.
    const end = library.indexOf('\0(unknown)\0general.type\0');
    const start = library.lastIndexOf('\0clip\0', end);
    expect(start).toBeGreaterThan(0);
    const listed = library.toString('latin1', start + 1, end).split('\0');
    expect(listed.filter((name) => isEngineArchitecture(name) === false)).toEqual([]);
    expect(listed.length).toBeGreaterThan(100);
  });
});
