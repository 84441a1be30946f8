import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeGguf, listMetadata } from '#core/gguf/describeGguf.ts';
import type { GgufHeader } from '#core/gguf/ggufHeader.ts';
import { readGgufHeader } from '#core/gguf/readGgufHeader.ts';
import { listTensorTypes, tensorTypeOf } from '#core/gguf/tensorTypes.ts';
import { sourceOf } from '../../../fixtures/gguf/byteSources.ts';
import { tinyLlama } from '../../../fixtures/gguf/tinyLlama.ts';
import { writeGguf } from '../../../fixtures/gguf/writeGguf.ts';

const modelFolder = path.join(import.meta.dirname, '../../../../resources/models');

async function headerOf(bytes: Uint8Array): Promise<GgufHeader> {
  const reading = await readGgufHeader(sourceOf(bytes));
  if (!reading.ok) throw new Error(reading.message);
  return reading.header;
}

async function factsOf(bytes: Uint8Array) {
  return describeGguf(await headerOf(bytes), { sizeBytes: bytes.length });
}

describe('the facts of a model', () => {
  it('are those its README states, for a shipped model', async () => {
    const facts = await factsOf(await readFile(path.join(modelFolder, 'Starter-7M-Instruct-Q4_K_M.gguf')));
    expect(facts).toMatchObject({
      architecture: 'llama',
      role: 'model',
      quant: 'Q4_K_M',
      parameters: 6_689_024,
      contextTokens: 1024,
      blockCount: 8,
      embeddingLength: 256,
      headCount: 4,
      headCountKv: 2,
      vocabularySize: 1536,
      license: 'apache-2.0',
      shard: null,
      sizeBytes: 4_164_608,
    });
    expect(facts.chatTemplate).toContain('<|im_start|>');
    expect(facts.bitsPerWeight).toBeGreaterThan(4.5);
    expect(facts.bitsPerWeight).toBeLessThan(5.5);
    expect(facts.tensorTypes.map((share) => share.type)).toContain('Q4_K');
    expect(facts.tensorTypes.reduce((sum, share) => sum + share.bytes, 0)).toBe(facts.tensorBytes);
  });

  it('are one short line each, whatever bytes the header gives for a name', async () => {
    const text = (value: string) => ({ type: 'string', value }) as const;
    const facts = await factsOf(
      writeGguf(
        tinyLlama({
          metadata: {
            'general.name': text(`\u001b[2J Evil\r\n\u202eName ${'x'.repeat(5000)}`),
            'general.license': text(' \n'),
          },
        }),
      ),
    );
    expect(facts.name).toMatch(/^\[2J Evil Name x+…$/);
    expect(facts.name).toHaveLength(200);
    expect(facts.license).toBeNull();
  });

  it('name the type that holds most weights where the file does not name its quant', async () => {
    const facts = await factsOf(writeGguf(tinyLlama({ metadata: { 'general.file_type': undefined } })));
    expect(facts.quant).toBe('F32');
  });

  it('take a guessed file type for what it is', async () => {
    const facts = await factsOf(writeGguf(tinyLlama({ metadata: { 'general.file_type': { type: 'uint32', value: 1024 + 15 } } })));
    expect(facts.quant).toBe('Q4_K_M');
  });

  it('leave the parameters of a shard open, since the others hold the rest', async () => {
    const split = { 'split.no': { type: 'uint16', value: 1 }, 'split.count': { type: 'uint16', value: 3 } } as const;
    const facts = await factsOf(writeGguf(tinyLlama({ metadata: split })));
    expect(facts).toMatchObject({ shard: { index: 2, total: 3 }, parameters: null });
    expect(facts.tensorElements).toBeGreaterThan(0);
  });

  it('take the largest of values that differ by layer', async () => {
    const heads = { type: 'array', of: 'uint32', values: [4, 0, 2] } as const;
    const facts = await factsOf(writeGguf(tinyLlama({ metadata: { 'llama.attention.head_count_kv': heads } })));
    expect(facts.headCountKv).toBe(4);
  });

  it('are null where the header says nothing', async () => {
    const facts = await factsOf(writeGguf({ metadata: [], tensors: [] }));
    expect(facts).toMatchObject({
      architecture: null,
      name: null,
      quant: null,
      parameters: null,
      vocabularySize: null,
      bitsPerWeight: null,
    });
  });

  it('call a projector what it is', async () => {
    const facts = await factsOf(writeGguf({ metadata: [['general.architecture', { type: 'string', value: 'clip' }]], tensors: [] }));
    expect(facts.role).toBe('mmproj');
  });
});

describe('metadata for people', () => {
  it('cuts long values and shows arrays by length', async () => {
    const header = await headerOf(
      writeGguf(tinyLlama({ metadata: { 'general.description': { type: 'string', value: 'y'.repeat(900) } } })),
    );
    const lines = listMetadata(header, { valueLimit: 100 });
    expect(lines.find((line) => line.key === 'general.description')?.value).toHaveLength(101);
    expect(lines.find((line) => line.key === 'tokenizer.ggml.tokens')).toMatchObject({
      type: 'array<string>',
      value: expect.stringMatching(/^259 values: /),
    });
    expect(lines.find((line) => line.key === 'llama.block_count')).toEqual({ key: 'llama.block_count', type: 'uint32', value: '1' });
  });
});

describe('tensor types', () => {
  /** Bits per weight as ggml-common.h's block structs give them. */
  it.each([
    ['Q4_0', 4.5],
    ['Q8_0', 8.5],
    ['Q2_K', 2.625],
    ['Q3_K', 3.4375],
    ['Q4_K', 4.5],
    ['Q5_K', 5.5],
    ['Q6_K', 6.5625],
    ['IQ1_S', 1.5625],
    ['IQ1_M', 1.75],
    ['IQ2_XXS', 2.0625],
    ['IQ2_XS', 2.3125],
    ['IQ2_S', 2.5625],
    ['IQ3_XXS', 3.0625],
    ['IQ3_S', 3.4375],
    ['IQ4_NL', 4.5],
    ['IQ4_XS', 4.25],
    ['TQ1_0', 1.6875],
    ['TQ2_0', 2.0625],
    ['MXFP4', 4.25],
    ['NVFP4', 4.5],
    ['Q1_0', 1.125],
    ['Q2_0', 2.25],
    ['BF16', 16],
  ])('%s takes %f bits a weight', (name, bits) => {
    const type = listTensorTypes().find(([, entry]) => entry.name === name)?.[1];
    expect(type && (type.blockBytes * 8) / type.blockElements).toBe(bits);
  });

  it('are unknown for numbers that ggml has retired or not given out', () => {
    expect([4, 5, 43, 200].map(tensorTypeOf)).toEqual([null, null, null, null]);
  });
});
