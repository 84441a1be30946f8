import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPageFile } from '#main/hosts/pageFiles.ts';

let root: string;
let folder: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'rightsize-page-'));
  folder = join(root, 'page');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  mkdirSync(join(root, 'page-secrets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'index-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'notes.txt'), 'a kind that is not served');
  writeFileSync(join(root, 'secret.json'), '{}');
  writeFileSync(join(root, 'page-secrets', 'a.json'), '{}');
  symlinkSync(join(root, 'secret.json'), join(folder, 'link.json'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('readPageFile', () => {
  it('serves index.html for the root', async () => {
    const file = await readPageFile(folder, '/');
    expect(file).toMatchObject({ mediaType: 'text/html; charset=utf-8', isImmutable: false });
    expect(file?.body.toString()).toBe('<!doctype html>');
  });

  it('marks hashed assets as never changing', async () => {
    expect(await readPageFile(folder, '/assets/index-1a2b.js')).toMatchObject({
      mediaType: 'text/javascript; charset=utf-8',
      isImmutable: true,
    });
  });

  it.each([
    '/../secret.json',
    '/assets/../../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/..%5csecret.json',
    '/../page-secrets/a.json',
    '/link.json',
    '/index.html%00.js',
    '/%E0%A4%A',
    '/notes.txt',
    '/assets',
    '/missing.js',
  ])('has no file for %s', async (path) => {
    expect(await readPageFile(folder, path)).toBeNull();
  });
});
