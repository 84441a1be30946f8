import { describe, expect, it } from 'vitest';
import type { ApiNeeds } from '#main/services/api/apiAnswer.ts';
import { servedModel } from '#main/services/api/servedModel.ts';

const gigabyte = 1e9;
const library = [
  ['seven-q2', 'Seven-Instruct', 'Q2_K', 3],
  ['seven-q8', 'Seven-Instruct', 'Q8_0', 8],
  ['seven-q4', 'Seven-Instruct', 'Q4_K_M', 5],
  ['seven-coder', 'Seven-Coder', 'Q4_K_M', 5],
].map(([id, name, quant, size]) => ({ id, name, quant, sizeBytes: Number(size) * gigabyte, repo: `lab/${name}-GGUF`, state: 'ready' }));

function idOf(name: string, { loaded = [], memory = 16 }: { readonly loaded?: readonly string[]; readonly memory?: number } = {}): string {
  const needs = {
    library: { list: () => library },
    models: { loaded: () => loaded.map((artifactId) => ({ artifactId, state: 'ready' })) },
    memoryBytes: () => memory * gigabyte,
  };
  return servedModel(name, needs as unknown as ApiNeeds).id;
}

describe('a model by the name that a client gives it', () => {
  it('is the one of that id, that quant or that quant of a repo, whatever is loaded', () => {
    for (const name of ['seven-q2', 'Seven-Instruct-Q2_K', 'seven-instruct:q2_k', 'lab/seven-instruct-gguf:Q2_K', 'seven-q2:latest']) {
      expect(idOf(name, { loaded: ['seven-q8'] })).toBe('seven-q2');
    }
  });

  it.each(['Seven-Instruct', 'seven instruct', 'seven-instruct:latest', 'lab/Seven-Instruct-GGUF'])(
    'without a quant (%s) is the loaded one, else the largest that there is memory for, else the smallest',
    (name) => {
      expect(idOf(name, { loaded: ['seven-q4', 'seven-coder'] })).toBe('seven-q4');
      expect(idOf(name)).toBe('seven-q8');
      expect(idOf(name, { memory: 10 })).toBe('seven-q4');
      expect(idOf(name, { memory: 1 })).toBe('seven-q2');
    },
  );

  it('may be a beginning of one name, but not of several', () => {
    expect(idOf('seven-instruct-q4')).toBe('seven-q4');
    expect(idOf('seven-coder')).toBe('seven-coder');
    expect(() => idOf('seven')).toThrow(/does not exist here/);
  });
});
