import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkGgufBounds } from '#core/gguf/checkGgufBounds.ts';
import { describeGguf, listMetadata } from '#core/gguf/describeGguf.ts';
import { type GgufHeader, type GgufProblem, isGgufArray } from '#core/gguf/ggufHeader.ts';
import { readGgufHeader } from '#core/gguf/readGgufHeader.ts';
import { brokenFiles, soundFile } from '../../../fixtures/gguf/brokenFiles.ts';
import { sourceOf } from '../../../fixtures/gguf/byteSources.ts';
import { tinyLlama, tinyTokens } from '../../../fixtures/gguf/tinyLlama.ts';
import { writeGguf } from '../../../fixtures/gguf/writeGguf.ts';

const modelFolder = path.join(import.meta.dirname, '../../../../resources/models');

async function headerOf(bytes: Uint8Array): Promise<GgufHeader> {
  const reading = await readGgufHeader(sourceOf(bytes));
  if (!reading.ok) throw new Error(reading.message);
  return reading.header;
}

/** What both checks together say of a file. */
async function problemOf(bytes: Uint8Array): Promise<GgufProblem | null> {
  const reading = await readGgufHeader(sourceOf(bytes));
  return reading.ok ? checkGgufBounds(reading.header, { sizeBytes: bytes.length }) : reading;
}

/** Numbers that only depend on the seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('reading a header', () => {
  it('finds nothing wrong with any shipped model', async () => {
    const names = (await readdir(modelFolder)).filter((name) => name.endsWith('.gguf'));
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) expect([name, await problemOf(await readFile(path.join(modelFolder, name)))]).toEqual([name, null]);
  });

  it('finds nothing wrong with a small sound file, in version 3 and 2', async () => {
    expect(await problemOf(soundFile())).toBeNull();
    expect(await problemOf(writeGguf({ ...tinyLlama(), version: 2 }))).toBeNull();
  });

  it('keeps values with their types, and arrays as length and first elements', async () => {
    const header = await headerOf(
      writeGguf({
        ...tinyLlama({
          metadata: {
            'test.small': { type: 'int8', value: -5 },
            'test.wide': { type: 'int64', value: -7n },
            'test.large': { type: 'uint64', value: 2n ** 40n },
            'test.flag': { type: 'bool', value: true },
            'test.real': { type: 'float64', value: 0.1 },
            'test.layers': { type: 'array', of: 'uint32', values: Array.from({ length: 600 }, (_, index) => index) },
            'test.none': { type: 'array', of: 'float32', values: [] },
            'test.word': { type: 'string', value: 'grün 🐋' },
          },
        }),
      }),
    );
    const value = (key: string): unknown => header.metadata.get(key);
    expect([
      value('test.small'),
      value('test.wide'),
      value('test.large'),
      value('test.flag'),
      value('test.real'),
      value('test.word'),
    ]).toEqual([-5, -7, 2 ** 40, true, 0.1, 'grün 🐋']);
    expect(header.metadataTypes.get('test.large')).toBe('uint64');
    expect(header.metadataTypes.get('tokenizer.ggml.tokens')).toBe('array<string>');
    const layers = header.metadata.get('test.layers');
    expect(isGgufArray(layers) && [layers.elementType, layers.length, layers.first.length, layers.first[511]]).toEqual([
      'uint32',
      600,
      512,
      511,
    ]);
    expect(value('test.none')).toEqual({ elementType: 'float32', length: 0, first: [] });
  });

  it('never holds a vocabulary, only its length and first tokens', async () => {
    const header = await headerOf(soundFile());
    expect(header.vocabulary).toEqual({ length: tinyTokens.length, duplicate: null });
    expect(header.metadata.get('tokenizer.ggml.tokens')).toEqual({ elementType: 'string', length: 259, first: tinyTokens.slice(0, 16) });
  });

  it('reads the same header however small the pieces are that the source hands out', async () => {
    const whole = await readGgufHeader(sourceOf(soundFile()));
    const pieces = await readGgufHeader(sourceOf(soundFile(), { pieceLimit: 7 }));
    expect(pieces).toEqual(whole);
  });

  it('reads little of a large file: neither its data nor the long arrays of numbers', async () => {
    const values = Array.from({ length: 1_000_000 }, () => 1);
    const bytes = writeGguf(tinyLlama({ metadata: { 'test.scores': { type: 'array', of: 'float32', values } } }));
    const source = sourceOf(bytes);
    expect((await readGgufHeader(source)).ok).toBe(true);
    expect(source.bytesRead()).toBeLessThan(500_000);
  });

  it('keeps the start of a text that is too long to be held', async () => {
    const header = await headerOf(
      writeGguf(tinyLlama({ metadata: { 'tokenizer.huggingface.json': { type: 'string', value: 'x'.repeat(2_000_000) } } })),
    );
    const value = header.metadata.get('tokenizer.huggingface.json');
    expect(value).toMatchObject({ sizeBytes: 2_000_000 });
    expect(header.metadata.get('tokenizer.chat_template')).toContain('im_start');
  });

  it('reads a header whose data is missing, for plans made before a download', async () => {
    const { headerBytes } = await headerOf(soundFile());
    const reading = await readGgufHeader(sourceOf(soundFile().slice(0, headerBytes)));
    expect(reading).toMatchObject({ ok: true, header: { headerBytes, alignment: 32 } });
  });

  it('lets more than one empty token pass, as the engine numbers those itself', async () => {
    const tokens = { type: 'array', of: 'string', values: tinyTokens.with(7, '').with(9, '') } as const;
    expect(await problemOf(writeGguf(tinyLlama({ metadata: { 'tokenizer.ggml.tokens': tokens } })))).toBeNull();
  });

  it('lets models pass that have no attention in some or all layers', async () => {
    const perLayer = { 'llama.attention.head_count_kv': { type: 'array', of: 'uint32', values: [0, 1, 0] } } as const;
    const recurrent = {
      'llama.attention.head_count': { type: 'uint32', value: 0 },
      'llama.ssm.conv_kernel': { type: 'uint32', value: 4 },
    } as const;
    expect(await problemOf(writeGguf(tinyLlama({ metadata: perLayer })))).toBeNull();
    expect(await problemOf(writeGguf(tinyLlama({ metadata: recurrent })))).toBeNull();
  });

  it('passes on the reason of a source that fails, and of a signal', async () => {
    const failing = { sizeBytes: 1000, read: () => Promise.reject(new Error('EIO')) };
    await expect(readGgufHeader(failing)).rejects.toThrow('EIO');
    await expect(readGgufHeader(sourceOf(soundFile()), { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  it('says truncated when a file shrinks while it is read', async () => {
    const reading = await readGgufHeader(sourceOf(soundFile().slice(0, 2000), { sizeBytes: 200_000 }));
    expect(reading).toMatchObject({ ok: false, code: 'gguf-truncated' });
  });
});

describe('a broken file', () => {
  it.each(brokenFiles())('$name ends in $expectedCode with a message that names what is wrong', async ({ bytes, expectedCode, names }) => {
    const problem = await problemOf(bytes);
    expect(problem).toMatchObject({ code: expectedCode });
    expect(problem?.message).toMatch(names);
    expect(problem?.message).toMatch(/^[A-Z"].*\.$/s);
  });

  it('that claims more than it holds is refused after its first chunk', async () => {
    const bytes = writeGguf(
      tinyLlama({ metadata: { 'general.tags': { type: 'array', of: 'string', values: [], claimedLength: 2 ** 24 } } }),
    );
    const source = sourceOf(bytes, { sizeBytes: 2 ** 34 });
    expect(await readGgufHeader(source)).toMatchObject({ ok: false });
    expect(source.reads.length).toBe(1);
  });

  it.each([1, 2, 3, 4])('with bytes changed at random never throws and always ends (seed %i)', async (seed) => {
    const sound = soundFile();
    const { headerBytes } = await headerOf(sound);
    const random = seeded(seed);
    const codes = new Set<string>();
    for (let round = 0; round < 400; round += 1) {
      const bytes = sound.slice();
      for (let edits = random(4); edits >= 0; edits -= 1) bytes[random(headerBytes)] = random(256);
      const problem = await problemOf(bytes);
      codes.add(problem?.code ?? 'sound');
      const reading = await readGgufHeader(sourceOf(bytes));
      if (reading.ok)
        expect([...listMetadata(reading.header), describeGguf(reading.header, { sizeBytes: bytes.length })].length).toBeGreaterThan(1);
    }
    expect(codes).toContain('gguf-invalid');
  });

  it('cut anywhere in its header is called truncated', async () => {
    const sound = soundFile();
    const { headerBytes } = await headerOf(sound);
    for (let length = 1; length < headerBytes; length += 61) {
      const problem = await problemOf(sound.slice(0, length));
      expect([length, problem?.code]).toEqual([length, 'gguf-truncated']);
    }
  });
});
