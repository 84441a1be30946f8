import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bareHeader } from '#core/fit/bareHeader.ts';
import { fitShapeOf, withWeightBytes } from '#core/fit/fitShape.ts';
import type { FitShape } from '#core/fit/fitTypes.ts';
import { checkGgufBounds } from '#core/gguf/checkGgufBounds.ts';
import type { GgufHeader } from '#core/gguf/ggufHeader.ts';
import { readGgufHeader } from '#core/gguf/readGgufHeader.ts';
import { readShape } from '../../fixtures/fit/frozenTable.ts';

const folders = ['headers', 'architectures'].map((name) => fileURLToPath(new URL(`../../fixtures/fit/${name}`, import.meta.url)));
const files = folders.flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`));

const small: FitShape = {
  architecture: 'llama',
  hyperparameters: { block_count: 1, context_length: 32 },
  hyperparameterTypes: { block_count: 'uint32', context_length: 'uint32' },
  vocabularySize: 64,
  tensors: [
    { name: 'token_embd.weight', type: 'F16', shape: [8, 64], bytes: 1024, layers: null },
    { name: 'attn_norm.weight', type: 'F32', shape: [3], bytes: 12, layers: [0, 1] },
  ],
};

describe('a bare header', () => {
  it('reads back as the same shape for every model of the table, in some ten KB', async () => {
    expect(files.length).toBeGreaterThan(60);
    for (const file of files) {
      const shape = await readShape(file);
      const bytes = written(shape);
      expect(bytes.length).toBeLessThan(80_000);
      const again = fitShapeOf([await readBytes(bytes)]);
      const { vocab_size: _, ...hyperparameters } = again.hyperparameters;
      const { vocab_size: __, ...wanted } = shape.hyperparameters;
      expect(hyperparameters, file).toEqual(wanted);
      expect(again.tensors.toSorted(byName), file).toEqual(shape.tensors.toSorted(byName));
      expect(again.vocabularySize).toBe(shape.vocabularySize);
    }
  });

  it('puts tensors one behind the other, each at a multiple of 32 bytes', async () => {
    const header = await readBytes(written(small));
    expect(header.tensors.map(({ name, offset }) => [name, offset])).toEqual([
      ['token_embd.weight', 0],
      ['blk.0.attn_norm.weight', 1024],
      ['blk.1.attn_norm.weight', 1056],
    ]);
    expect(checkGgufBounds(header, { sizeBytes: 2 ** 40 })).toBeNull();
    expect(header.metadata.get('tokenizer.ggml.model')).toBe('no_vocab');
    expect(header.metadata.get('llama.vocab_size')).toBe(64);
  });

  it('keeps each value in the type that it was written in', async () => {
    const values = {
      a: ['uint8', 200],
      b: ['int8', -3],
      c: ['uint16', 60_000],
      d: ['int16', -30_000],
      e: ['uint32', 4e9],
      f: ['int32', -5],
      g: ['float32', 0.5],
      h: ['float64', 0.1],
      i: ['uint64', 2 ** 40],
      j: ['int64', -(2 ** 40)],
      k: ['bool', true],
      l: ['string', 'Größe 🦙'],
      m: ['array<bool>', [true, false]],
      n: ['array<int32>', [0, -1, 7]],
      o: ['array<float32>', [0.25, 8]],
    } as const;
    const names = Object.keys(values) as (keyof typeof values)[];
    const shape: FitShape = {
      ...small,
      hyperparameters: Object.fromEntries(names.map((name) => [name, values[name][1]])),
      hyperparameterTypes: Object.fromEntries(names.map((name) => [name, values[name][0]])),
    };
    const header = await readBytes(written(shape));
    const again = fitShapeOf([header]);
    const { vocab_size: _, ...hyperparameters } = again.hyperparameters;
    expect(hyperparameters).toEqual(shape.hyperparameters);
    expect(names.map((name) => header.metadataTypes.get(`llama.${name}`))).toEqual(names.map((name) => values[name][0]));
  });

  it('takes the number of words from the embedding where the header counts none', async () => {
    const header = await readBytes(written({ ...small, vocabularySize: null }));
    expect(header.metadata.get('llama.vocab_size')).toBe(64);
  });

  it('is written for an architecture that is named as what every object has', () => {
    for (const architecture of ['constructor', '__proto__', 'toString'])
      expect(bareHeader({ ...small, architecture }).ok, architecture).toBe(true);
  });

  it.for([
    ['types of the values are not known', { ...small, hyperparameterTypes: undefined }, /older Rightsize/],
    [
      'a type cannot be written',
      { ...small, hyperparameterTypes: { block_count: 'array<array>', context_length: 'uint32' } },
      /block_count/,
    ],
    [
      'a value was no number and was lost when it was stored',
      { ...small, hyperparameters: { ...small.hyperparameters, block_count: null as unknown as number } },
      /block_count/,
    ],
    ['the type of one value is missing', { ...small, hyperparameterTypes: { block_count: 'uint32' } }, /context_length/],
    ['weights were scaled to another quant', withWeightBytes(small, 4000), /token_embd/],
    ['a tensor type is unknown', { ...small, tensors: [{ name: 'x', type: 'Q99', shape: [8], bytes: 8, layers: null }] }, /"x"/],
    [
      'an integer is no integer',
      { ...small, hyperparameterTypes: { block_count: 'uint64', context_length: 'uint32' }, hyperparameters: { block_count: 1.5 } },
      /block_count|integer|BigInt/,
    ],
  ] as const)('is refused in words where %s', ([, shape, reason]) => {
    const made = bareHeader(shape as FitShape);
    expect(made.ok ? 'written' : made.reason).toMatch(reason);
  });
});

function written(shape: FitShape): Uint8Array {
  const made = bareHeader(shape);
  if (!made.ok) throw new Error(made.reason);
  return made.bytes;
}

async function readBytes(bytes: Uint8Array): Promise<GgufHeader> {
  const reading = await readGgufHeader({
    sizeBytes: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  });
  if (!reading.ok) throw new Error(reading.message);
  return reading.header;
}

function byName(a: { readonly name: string; readonly type: string }, b: { readonly name: string; readonly type: string }): number {
  return `${a.name} ${a.type}`.localeCompare(`${b.name} ${b.type}`);
}
