import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capMemory } from '../../../src/sandbox/capMemory.js';

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const mebibyte = 2 ** 20;
/** A program with one memory of 1 page and at most 65 536, exported as `memory`. */
const program = (): Uint8Array<ArrayBuffer> =>
  new Uint8Array([...header, 5, 6, 1, 1, 1, 0x80, 0x80, 4, 7, 10, 1, 6, ...Buffer.from('memory'), 2, 0]);
const memoryOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Memory> => {
  const { instance } = await WebAssembly.instantiate(bytes);
  return instance.exports['memory'] as WebAssembly.Memory;
};

describe('the memory cap', () => {
  it('lets a program have as much as the limit and not a page more', async () => {
    const memory = await memoryOf(capMemory(program(), 4 * mebibyte));
    memory.grow(63);
    expect(memory.buffer.byteLength).toBe(4 * mebibyte);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });

  it('leaves what follows where it was', async () => {
    const before = program();
    const after = capMemory(program(), 256 * mebibyte);
    expect(after.length).toBe(before.length);
    expect(after.slice(-12)).toEqual(before.slice(-12));
  });

  it('holds the interpreter that ships', async () => {
    const path = join(import.meta.dirname, '../../../node_modules/pyodide/pyodide.asm.wasm');
    const capped = capMemory(new Uint8Array(readFileSync(path)), 256 * mebibyte);
    const changed = readFileSync(path).reduce((count, byte, index) => count + (byte === capped[index] ? 0 : 1), 0);
    expect(changed).toBeGreaterThan(0);
    expect(changed).toBeLessThan(4);
  });

  it('refuses a program that keeps no memory with a maximum, and a limit beyond it', () => {
    expect(() => capMemory(new Uint8Array(header), mebibyte)).toThrow(/no memory of its own/);
    expect(() => capMemory(new Uint8Array([...header, 5, 3, 1, 0, 1]), mebibyte)).toThrow(/no memory with a maximum/);
    expect(() => capMemory(program(), 2 ** 33)).toThrow(/out of range/);
    expect(() => capMemory(program(), 1)).toThrow(/out of range/);
  });
});
