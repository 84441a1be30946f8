import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeLargeHeader } from '../../fixtures/gguf/largeHeader.ts';
import { startHubSim } from '../../fixtures/hub/hubsim.mjs';
import { type CommandLine, type Document, documentOf, errorOf, newCommandLine } from './commandLine.ts';

const repo = 'unsloth/Large-GGUF';
let hub: Awaited<ReturnType<typeof startHubSim>>;
let root: string;
let cli: CommandLine;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'rightsize-hub-'));
  const folder = join(root, repo);
  mkdirSync(folder, { recursive: true });
  for (const type of ['Q8_0', 'Q4_K_M']) writeFileSync(join(folder, `Large-${type}.gguf`), writeLargeHeader({ tokens: 3000, merges: 10 }));
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ downloads: 12, likes: 3 }));
  hub = await startHubSim({ root, quiet: true });
  cli = await newCommandLine({ HF_ENDPOINT: hub.url });
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
  await hub.close();
  rmSync(root, { recursive: true, force: true });
});

const rowsOf = (document: Document, name: string): Document[] => document[name] as Document[];

describe('search --json', () => {
  it('lists what the hub finds', async () => {
    const end = await cli.run('search', 'large', '--publisher', 'unsloth', '--json');
    expect(end.code).toBe(0);
    expect(rowsOf(documentOf(end), 'models')).toMatchObject([
      { repo, publisher: 'unsloth', downloads: 12, likes: 3, gated: 'no', parameters: null, updatedAt: expect.any(Number) },
    ]);
  });

  it('finds the repo of an address of the hub in use', async () => {
    const models = rowsOf(documentOf(await cli.run('search', `${hub.url}/${repo}`, '--json')), 'models');
    expect(models).toMatchObject([{ repo }]);
  });

  it('refuses what makes no sense as bad input', async () => {
    const end = await cli.run('search', 'large', '--sort', 'size', '--json');
    expect(end.code).toBe(2);
    expect(errorOf(end)).toMatchObject({ code: 'usage' });
  });
});

describe('quants --json', () => {
  it('says where the name of the quant that was asked for is none of them, and where names and files disagree', async () => {
    const document = documentOf(await cli.run('quants', `${repo}:Q5_K_M`, '--json'));
    expect(document).toMatchObject({ repo, mismatches: expect.any(Array) });
    const words = await cli.run('quants', `${repo}:Q5_K_M`);
    expect(words.stderr).toContain('There is no Q5_K_M here.');
    for (const { sentence } of document['mismatches'] as { readonly sentence: string }[]) expect(words.stderr).toContain(sentence);
  });

  it('takes an address of the hub in use', async () => {
    expect(documentOf(await cli.run('quants', `${hub.url}/${repo}`, '--json'))).toMatchObject({ repo });
  });

  it.each([`${repo}:Q8_0`, `https://huggingface.co/${repo}`])('tells size, hash and fit of each quant of %s', async (name) => {
    const end = await cli.run('quants', name, '--ctx', '4096', '--kv', 'f32', '--json');
    expect(end.stderr).toBe('');
    expect(end.code).toBe(0);
    const quants = rowsOf(documentOf(end), 'quants');
    expect(quants.map((quant) => [quant['type'], quant['file']])).toEqual([
      ['Q4_K_M', 'Large-Q4_K_M.gguf'],
      ['Q8_0', 'Large-Q8_0.gguf'],
    ]);
    expect(quants.filter((quant) => quant['recommended'] === true)).toHaveLength(1);
    for (const quant of quants) {
      expect(quant).toMatchObject({
        files: [quant['file']],
        sizeBytes: expect.any(Number),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        fit: {
          state: expect.stringMatching(/^(gpu|partial|cpu|tight)$/),
          maxContext: expect.any(Number),
          bytes: { total: expect.any(Number) },
        },
      });
    }
  });

  it('refuses a cache type whose blocks this model cannot hold', async () => {
    const end = await cli.run('quants', repo, '--kv', 'q8_0', '--json');
    expect(end.code).toBe(2);
    expect(errorOf(end)).toMatchObject({ code: 'usage', message: expect.stringContaining('do not divide') });
  });

  it('lists the quants and says what is missing where the header cannot be read', async () => {
    hub.setFaults([{ kind: 'cdn', ignoreRange: true }]);
    writeFileSync(join(root, repo, 'Large-Q8_0.gguf'), writeLargeHeader({ tokens: 3001, merges: 10 }));
    writeFileSync(join(root, repo, 'Large-Q4_K_M.gguf'), writeLargeHeader({ tokens: 3002, merges: 10 }));
    await fetch(`${hub.url}/__rescan`, { method: 'POST' });
    const other = await newCommandLine({ HF_ENDPOINT: hub.url });
    const document = documentOf(await other.run('quants', repo, '--json'));
    await other[Symbol.asyncDispose]();
    hub.setFaults([]);
    expect(rowsOf(document, 'quants').map((quant) => quant['fit'])).toEqual([null, null]);
    expect(document['problem']).toMatchObject({ code: 'hub-answer-invalid' });
  });

  it.each([
    ['ada/none', 1, 'repo-not-found'],
    ['no model is called this', 2, 'name-unclear'],
  ])('answers %s with %i', async (name, code, error) => {
    const end = await cli.run('quants', name, '--json');
    expect(end.code).toBe(code);
    expect(errorOf(end)).toMatchObject({ code: error });
  });
});
