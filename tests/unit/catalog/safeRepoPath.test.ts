import { describe, expect, it } from 'vitest';
import { safeRepoPath } from '#core/catalog/safeRepoPath.ts';

describe('a path of the hub', () => {
  it.each(['M-Q4_K_M.gguf', 'UD-Q4_K_XL/M-00001-of-00002.gguf', 'ünï/cödé 7B.gguf', '.gitattributes', 'a/b/c/d.json'])(
    '%s is used',
    (path) => {
      expect(safeRepoPath(path)).toEqual(path.split('/'));
    },
  );

  it.each([
    '',
    '.',
    '..',
    '../x',
    'a/../x',
    'a/..',
    '/etc/passwd',
    '//server/x',
    'a//b',
    'a/',
    'a\\b',
    'C:x',
    'C:\\x',
    'a/con',
    'nul.gguf',
    'COM1.txt',
    'x.',
    'x ',
    ' x',
    'a\u0000b',
    'a\nb',
    'x\u202efgg.gguf',
    '\ud800.gguf',
    'a*.gguf',
    `${'x'.repeat(300)}.gguf`,
    'é'.repeat(130),
    'a/'.repeat(600),
  ])('%j is refused', (path) => {
    expect(safeRepoPath(path)).toBeNull();
  });
});
