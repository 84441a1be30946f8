import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandLine, documentOf, newCommandLine } from './commandLine.ts';

const header = (name: string): string => fileURLToPath(new URL(`../../fixtures/fit/headers/${name}.gguf`, import.meta.url));

let cli: CommandLine;
beforeAll(async () => {
  cli = await newCommandLine();
});
afterAll(() => cli[Symbol.asyncDispose]());

describe('fit', () => {
  it('answers for a stated machine from a header without data, with the engine’s own figures', async () => {
    const end = await cli.run('fit', header('llama-3.1-8b.Q4_K_M'), '--device', 'cuda', '--vram', '12GiB', '--ram', '32GiB', '--json');
    expect(end.code).toBe(0);
    expect(documentOf(end)).toMatchObject({
      state: 'gpu',
      gpuLayers: 33,
      layers: 33,
      bytes: { weights: 4_912_898_304, kvCache: 1_073_741_824, recurrent: 0 },
      buffers: [
        { device: 'gpu', weights: 4_617_396_480, kvAndState: 1_073_741_824, compute: 271_056_896 },
        { device: 'host', weights: 295_501_824, kvAndState: 0, compute: 25_180_160 },
      ],
      tokensPerSecond: null,
      source: 'header',
      tier: 't0',
    });
  });

  it('says for people what fits and where', async () => {
    const end = await cli.run('fit', header('llama-3.1-8b.Q8_0'), '--device', 'vulkan', '--vram', '6GiB', '--ram', '32GiB');
    expect(end.code).toBe(0);
    expect(end.stdout).toMatch(/^llama-3\.1-8b\.Q8_0\.gguf at 8,192 tokens: fits with \d+ of 33 layers on the GPU\.\n/);
    expect(end.stdout).toContain('RAM, pinned');
  });

  it('says no speed for what would not load', async () => {
    const end = await cli.run('fit', header('llama-3.1-8b.Q8_0'), '--device', 'cpu', '--ram', '4GiB');
    expect(end.code).toBe(0);
    expect(end.stdout).toContain("won't fit.");
    expect(end.stdout).toContain('Speed: – (it would not load)');
    const json = await cli.run('fit', header('llama-3.1-8b.Q8_0'), '--device', 'cpu', '--ram', '4GiB', '--json');
    expect(documentOf(json)).toMatchObject({ state: 'none', tokensPerSecond: null });
  });

  it.each([
    ['layers without a GPU', 'llama-3.2-1b.Q4_K_M', ['--device', 'cpu', '--gpu-layers', '5'], 'There is no GPU to put layers on'],
    [
      'experts of a model that has none',
      'llama-3.2-1b.Q4_K_M',
      ['--device', 'cuda', '--vram', '8GiB', '--experts-in-ram', '4'],
      'This model has no experts',
    ],
  ])('says that it cannot heed %s', async (_, file, options, note) => {
    const end = await cli.run('fit', header(file), '--ram', '16GiB', ...options, '--json');
    expect(end.code).toBe(0);
    expect(documentOf(end)['notes']).toEqual([expect.stringContaining(note)]);
  });

  it('does not call a model whose experts lie in RAM one that fits the GPU', async () => {
    const asked = ['--device', 'cuda', '--vram', '24GiB', '--ram', '64GiB', '--experts-in-ram', '48'];
    const end = await cli.run('fit', header('qwen3-30b-a3b.Q4_K_M'), ...asked);
    expect(end.stdout).toContain('fits with all layers on the GPU but the experts of 48.');
  });

  it('says of an address elsewhere that only those of the hub are known', async () => {
    const end = await cli.run('fit', 'https://models.example/some-model', '--json');
    expect(end.code).toBe(2);
    expect(JSON.parse(end.stderr.trim() || end.stdout.trim()).error.message).toContain('none of the hub');
  });

  it('answers for a bare name that tells size and quant, as a guess with its range', async () => {
    const asked = ['--device', 'cuda', '--vram', '12GiB', '--ram', '32GiB'];
    const end = await cli.run('fit', 'Qwen3-8B-Q4_K_M', ...asked, '--json');
    expect(end.code).toBe(0);
    expect(documentOf(end)).toMatchObject({ state: 'gpu', isExact: false, source: 'name', bytes: { weights: 5_021_827_072 } });
    const said = await cli.run('fit', 'someone-13b-q4_k_m', ...asked);
    expect(said.stdout).toMatch(
      /nothing of this family is known: this is Qwen3 14B, scaled to the size in the name\. It may be [\d.]+ GiB to/,
    );
  });

  it('says that what is only guessed may be more than is free', async () => {
    const said = async (ram: string) => (await cli.run('fit', 'someone-13b-q4_k_m', '--device', 'cpu', '--ram', ram)).stdout;
    expect(await said('12GiB')).toMatch(/fits in RAM\.[\s\S]*It may be [\d.]+ GiB to [\d.]+ GiB, more than is free\./);
    expect(await said('64GiB')).toMatch(/It may be [\d.]+ GiB to [\d.]+ GiB\./);
  });

  it('has the engine itself say it for this machine, to the byte of what was computed', async () => {
    const asked = ['fit', header('llama-3.2-1b.Q4_K_M'), '--ctx', '4096', '--json'];
    const [end, computed] = [
      await cli.run(...asked, '--device', 'cpu', '--tier', 't1'),
      await cli.run(...asked, '--tier', 't0', '--device', 'cpu'),
    ];
    expect(end.code).toBe(0);
    expect(documentOf(end)).toMatchObject({ tier: 't1', source: 'header', buffers: documentOf(computed)['buffers'] });
    expect(documentOf(computed)['tier']).toBe('t0');
    const said = await cli.run('fit', header('llama-3.2-1b.Q4_K_M'));
    expect(said.stdout).toMatch(/dry run on this machine\.\n$|^Computed: /m);
  });

  it.each([
    ['another machine', ['--ram', '64GiB']],
    ['experts in RAM', ['--experts-in-ram', '2']],
  ])('says that the engine cannot be asked for %s', async (_, options) => {
    const end = await cli.run('fit', header('llama-3.2-1b.Q4_K_M'), '--tier', 't1', ...options, '--json');
    expect(end.code).toBe(2);
    expect(JSON.parse(end.stderr.trim() || end.stdout.trim()).error.code).toBe('usage');
  });

  it('asks for more where a name tells no quant', async () => {
    const end = await cli.run('fit', 'Qwen3-8B', '--device', 'cpu', '--ram', '8GiB', '--json');
    expect(end.code).toBe(2);
    expect(JSON.parse(end.stderr.trim() || end.stdout.trim()).error.code).toBe('model-not-found');
  });

  it.each([
    ['a size in words', ['--ram', 'lots'], "Option '--ram <size>' argument 'lots' is invalid. It takes a size of memory, such as 16GiB."],
    [
      'a size without its unit',
      ['--ram', '16'],
      "Option '--ram <size>' argument '16' is invalid. It takes a size of memory, such as 16GiB.",
    ],
    ['no context', ['--ctx', '0'], "Option '--ctx <tokens>' argument '0' is invalid. It takes a whole number from 1 to 2147483647."],
    [
      'a context beyond training',
      ['--ctx', '131073'],
      'A context of 131073 tokens is more than the 131072 that the model was trained for.',
    ],
    ['a cache that needs flash attention', ['--kv', 'q4_0', '--flash', 'off'], 'A cache of type q4_0 needs flash attention.'],
    ['GPU memory without a GPU', ['--device', 'cpu', '--vram', '8GiB'], 'With --device cpu there is no GPU memory to state.'],
  ])('refuses %s as wrong usage', async (_, options, message) => {
    const end = await cli.run('fit', header('llama-3.1-8b.Q4_K_M'), ...options, '--json');
    expect(end.code).toBe(2);
    expect(JSON.parse(end.stderr.trim() || end.stdout.trim()).error.message).toBe(message);
  });

  it('refuses what is no model', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rightsize-fit-'));
    try {
      const path = join(folder, 'page.gguf');
      await writeFile(path, '<!doctype html><title>Sign in</title>');
      const end = await cli.run('fit', path, '--device', 'cpu', '--ram', '8GiB', '--json');
      expect(end.code).toBe(2);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
