import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '#core/gguf/decodeUtf8.ts';

const reference = new TextDecoder('utf-8', { ignoreBOM: true });

describe('decoding UTF-8', () => {
  it.each(['', 'plain', 'grün', '漢字', '🐋 und ▁', '\uFEFFmark', 'a'.repeat(10_000)])('gives back %j', (text) => {
    expect(decodeUtf8(new TextEncoder().encode(text))).toBe(text);
  });

  it.each([
    [[0x80], 'a stray continuation'],
    [[0xc0, 0xaf], 'an overlong slash'],
    [[0xe2, 0x82], 'a cut euro sign'],
    [[0xed, 0xa0, 0x80], 'a surrogate'],
    [[0xf4, 0x90, 0x80, 0x80], 'a code point above U+10FFFF'],
    [[0xff, 0x41], 'a byte that UTF-8 never uses'],
  ])('puts U+FFFD for %j (%s) and goes on', (bytes) => {
    const decoded = decodeUtf8(Uint8Array.from([...bytes, 0x7a]));
    expect(decoded).toContain('\uFFFD');
    expect(decoded.endsWith('z')).toBe(true);
  });

  it('agrees with TextDecoder on every pair of bytes that is valid', () => {
    for (let first = 0; first < 256; first += 1) {
      for (let second = 0; second < 256; second += 7) {
        const bytes = Uint8Array.from([first, second]);
        const expected = reference.decode(bytes);
        if (!expected.includes('\uFFFD')) expect(decodeUtf8(bytes)).toBe(expected);
        else expect(decodeUtf8(bytes)).toContain('\uFFFD');
      }
    }
  });
});
