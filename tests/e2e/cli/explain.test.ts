import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appRoot } from '#main/hosts/hostPaths.ts';
import { type CommandLine, documentOf, newCommandLine } from './commandLine.ts';

let cli: CommandLine;
beforeAll(async () => {
  cli = await newCommandLine();
});
afterAll(() => cli[Symbol.asyncDispose]());

describe('explain', () => {
  it('answers in JSON with every field, null where the name does not say', async () => {
    const end = await cli.run('explain', 'mradermacher/Qwen3-Coder-30B-A3B-Instruct-i1-GGUF', '--json');
    expect(end.code).toBe(0);
    expect(documentOf(end)).toMatchObject({
      input: 'mradermacher/Qwen3-Coder-30B-A3B-Instruct-i1-GGUF',
      publisher: 'mradermacher',
      repo: 'mradermacher/Qwen3-Coder-30B-A3B-Instruct-i1-GGUF',
      file: null,
      family: 'qwen',
      version: '3',
      parameters: { total: 30e9, active: 3e9, effective: null },
      quant: { type: null, bits: null, bitsPerWeight: null, scheme: null, imatrix: true, dynamic: false },
      tunes: ['coder', 'instruct'],
      modalities: ['text'],
      library: 'gguf',
      role: 'model',
      shard: null,
      runnable: true,
      sentence: expect.stringMatching(/^Qwen3, with 30 billion parameters/),
      segments: expect.arrayContaining([{ text: 'i1', meaning: 'importance-matrix quants', kind: 'quant' }]),
    });
  });

  it('puts the sentence before the parts for people, and what the quant is good for behind', async () => {
    const end = await cli.run('explain', 'unsloth/Qwen3-4B-Instruct-2507-GGUF:Q4_K_M');
    expect(end.code).toBe(0);
    const lines = end.stdout.split('\n');
    expect(lines[0]).toMatch(/^Qwen3, with 4 billion parameters, instruction-tuned, from July 2025/);
    expect(end.stdout).toMatch(/^2507\s+July 2025$/m);
    expect(end.stdout).toMatch(/^Q4_K_M: .*sweet spot/m);
  });

  it('compares the name of a file that is there with its header', async () => {
    const lying = join(cli.home, 'Qwen3-4B-Q8_0.gguf');
    await copyFile(join(appRoot(), 'resources', 'models', 'Starter-1M-Instruct-Q4_K_M.gguf'), lying);
    const end = await cli.run('explain', lying, '--json');
    expect(end.code).toBe(0);
    const document = documentOf(end);
    expect((document['mismatches'] as { field: string }[]).map(({ field }) => field)).toEqual(['parameters', 'quant', 'family']);
    expect(document).toMatchObject({ quant: { type: 'Q4_K_M' }, parameters: { total: expect.any(Number) } });
  });

  it('takes any input', async () => {
    const end = await cli.run('explain', '../../😀\u202e', '--json');
    expect(end.code).toBe(0);
    expect(documentOf(end)).toMatchObject({ family: null, repo: null, segments: [] });
  });
});
