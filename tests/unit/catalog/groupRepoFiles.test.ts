import { describe, expect, it } from 'vitest';
import { groupRepoFiles } from '#core/catalog/groupRepoFiles.ts';
import type { RepoFile } from '#core/catalog/repoFile.ts';

const file = (path: string, sizeBytes = 100): RepoFile => ({ path, sizeBytes, sha256: `sha of ${path}`, gitSha1: null });
const group = (...paths: readonly string[]): ReturnType<typeof groupRepoFiles> => groupRepoFiles(paths.map((path) => file(path)));

describe('the files of a repo', () => {
  it('become quants, smallest first', () => {
    const { quants } = groupRepoFiles([
      file('M-Q8_0.gguf', 800),
      file('M-Q4_K_M.gguf', 400),
      file('M-UD-IQ2_XXS.gguf', 200),
      file('README.md', 1),
    ]);
    expect(quants.map(({ type, sizeBytes, bits, bitsPerWeight, dynamic }) => [type, sizeBytes, bits, bitsPerWeight, dynamic])).toEqual([
      ['UD-IQ2_XXS', 200, 2, 2.3824, true],
      ['Q4_K_M', 400, 4, 4.8944, false],
      ['Q8_0', 800, 8, 8.5008, false],
    ]);
    expect(quants[1]).toMatchObject({ file: 'M-Q4_K_M.gguf', sha256: 'sha of M-Q4_K_M.gguf', missingShards: [], imatrix: false });
  });

  it('join their shards, first shard first, without a hash for all of them', () => {
    const { quants } = group('M-Q4_K_M-00002-of-00003.gguf', 'M-Q4_K_M-00001-of-00003.gguf', 'M-Q4_K_M-00003-of-00003.gguf');
    expect(quants).toHaveLength(1);
    expect(quants[0]).toMatchObject({ file: 'M-Q4_K_M-00001-of-00003.gguf', sizeBytes: 300, sha256: null, missingShards: [] });
    expect(quants[0]?.files.map(({ path }) => path.slice(-17))).toEqual(
      ['0001-of-00003.gguf', '0002-of-00003.gguf', '0003-of-00003.gguf'].map((end) => end.slice(-17)),
    );
  });

  it('tell which shards are not there', () => {
    const { quants } = group('M-Q4_K_M-00002-of-00003.gguf');
    expect(quants[0]).toMatchObject({ file: 'M-Q4_K_M-00002-of-00003.gguf', missingShards: [1, 3] });
  });

  it('are named by their folder where their own name does not say', () => {
    const { quants } = group(
      'UD-Q4_K_XL/model-00001-of-00002.gguf',
      'UD-Q4_K_XL/model-00002-of-00002.gguf',
      'Q8_0/model.gguf',
      'model.gguf',
    );
    expect(quants.map(({ type, files }) => [type, files.length])).toEqual([
      ['Q8_0', 1],
      [null, 1],
      ['UD-Q4_K_XL', 2],
    ]);
  });

  it('stay apart where they lie in two folders or have two totals', () => {
    const { quants } = group(
      'a/M-Q4_K_M-00001-of-00002.gguf',
      'b/M-Q4_K_M-00001-of-00002.gguf',
      'a/M-Q4_K_M-00001-of-00003.gguf',
      'a/M-Q4_K_M.gguf',
      'b/M-Q4_K_M.gguf',
    );
    expect(quants.map(({ type }) => type)).toEqual(Array.from({ length: 5 }, () => 'Q4_K_M'));
    expect(new Set(quants.map((quant) => quant.file)).size).toBe(5);
  });

  it('that belong to a model are kept apart, projectors best first', () => {
    const { quants, projectors, others } = group(
      'M-Q4_K_M.gguf',
      'mmproj-F32.gguf',
      'M-mmproj-BF16.gguf',
      'mmproj-F16.gguf',
      'mmproj-Q8_0.gguf',
      'mmproj-other.gguf',
      'imatrix_unsloth.gguf',
      'mtp-M-Q4_0.gguf',
      'style-lora-f16.gguf',
    );
    expect(quants.map((quant) => quant.file)).toEqual(['M-Q4_K_M.gguf']);
    expect(projectors.map(({ path }) => path)).toEqual([
      'mmproj-F16.gguf',
      'M-mmproj-BF16.gguf',
      'mmproj-Q8_0.gguf',
      'mmproj-F32.gguf',
      'mmproj-other.gguf',
    ]);
    expect(others.map(({ path }) => path)).toEqual(['imatrix_unsloth.gguf', 'mtp-M-Q4_0.gguf', 'style-lora-f16.gguf']);
  });

  it('are left out when they are no GGUF or try to leave the folder', () => {
    const { quants, projectors, others } = group(
      'M.safetensors',
      '../M-Q4_K_M.gguf',
      '/M-Q4_K_M.gguf',
      'a/../M-Q4_K_M.gguf',
      'C:\\M-Q4_K_M.gguf',
      'con/M-Q4_K_M.gguf',
      'M\u0000-Q4_K_M.gguf',
      '\ud800.gguf',
    );
    expect([...quants, ...projectors, ...others]).toEqual([]);
  });

  it('that claim to be parts of a monstrous set cost no more than they are', () => {
    const { quants } = groupRepoFiles(Array.from({ length: 200 }, (_, index) => file(`M${index}-Q4_K_M-00001-of-99999.gguf`)));
    expect(quants).toHaveLength(200);
    expect(quants.every(({ missingShards, files }) => files.length === 1 && missingShards.length > 0 && missingShards.length <= 1000)).toBe(
      true,
    );
  });
});
