import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { editGguf, type RawValue, writeTensorlessGguf } from '../fixtures/gguf/editGguf.ts';
import { createSupervisor, failureOf, greedy, loadRequest, starterModel, temporaryFolder } from './runnerHarness.ts';

const source = starterModel('1M-Instruct-Q4_K_M');
const number = (value: number): RawValue => ({ type: 'uint32', value });
const words = (value: string): RawValue => ({ type: 'string', value });

interface Case {
  readonly name: string;
  readonly make: (path: string) => unknown;
  readonly code: string;
  /** Whether the engine takes its process with it; the app must live either way. */
  readonly dies?: boolean;
}

const withMetadata = (changes: Readonly<Record<string, RawValue | null>>) => (path: string) => editGguf(source, path, changes);
const withBytes = (change: (bytes: Buffer) => Buffer) => (path: string) => writeFileSync(path, change(readFileSync(source)));
const patched = (patch: (bytes: Buffer) => void) =>
  withBytes((bytes) => {
    patch(bytes);
    return bytes;
  });

/** The app's own header check stops most of these; here the engine meets them unwarned. */
const cases: readonly Case[] = [
  { name: 'two equal tokens and no tensors', make: writeDuplicateTokens, code: 'gguf-invalid', dies: true },
  { name: '4,000,000,000 blocks', make: withMetadata({ 'llama.block_count': number(4e9) }), code: 'gguf-invalid', dies: true },
  { name: 'no blocks', make: withMetadata({ 'llama.block_count': number(0) }), code: 'gguf-invalid', dies: true },
  { name: 'no attention heads', make: withMetadata({ 'llama.attention.head_count': number(0) }), code: 'gguf-invalid', dies: true },
  { name: '60,000 experts', make: withMetadata({ 'llama.expert_count': number(60_000) }), code: 'gguf-invalid', dies: true },
  { name: 'an unknown architecture', make: withMetadata({ 'general.architecture': words('nonesuch') }), code: 'architecture-unsupported' },
  { name: 'an unknown tokenizer', make: withMetadata({ 'tokenizer.ggml.model': words('nonesuch') }), code: 'gguf-invalid' },
  { name: 'no tokenizer', make: withMetadata({ 'tokenizer.ggml.model': null }), code: 'gguf-invalid' },
  { name: 'one byte too few', make: withBytes((bytes) => bytes.subarray(0, -1)), code: 'gguf-truncated' },
  { name: 'half a header', make: withBytes((bytes) => bytes.subarray(0, 20_000)), code: 'gguf-truncated' },
  { name: 'a web page in it', make: (path) => writeFileSync(path, '<!doctype html><title>404</title>'), code: 'not-gguf' },
  { name: 'nothing in it', make: (path) => writeFileSync(path, ''), code: 'not-gguf' },
  { name: 'a version from the future', make: patched((bytes) => bytes.writeUInt32LE(9, 4)), code: 'gguf-invalid' },
  { name: 'a key of a terabyte', make: patched((bytes) => bytes.writeBigUInt64LE(1n << 40n, 24)), code: 'gguf-invalid' },
  { name: 'a trillion keys', make: patched((bytes) => bytes.writeBigUInt64LE(1n << 40n, 16)), code: 'gguf-invalid' },
  { name: 'weights that are no numbers', make: patched((bytes) => bytes.fill(0xff, bytes.length - 500_000)), code: 'gguf-invalid' },
  { name: 'a folder in its place', make: (path) => mkdirSync(path), code: 'load-failed' },
  { name: 'no file behind the name', make: () => undefined, code: 'file-missing' },
];

describe('a file with', () => {
  test.for(cases)('$name ends as $code and the app lives', async ({ make, code, dies }) => {
    const path = join(temporaryFolder(), 'model.gguf');
    make(path);
    const generation = await createSupervisor({ stopMs: 60_000 }).start('model');
    const failure = await failureOf(generation.load(loadRequest(path)));
    expect(failure.code).toBe(code);
    expect(failure.hint).toBeTruthy();
    const exit = await generation.stop();
    if (dies === true) {
      expect(exit.code).not.toBe(0);
      expect(failure.data).toMatchObject({ key: 'model', output: expect.arrayContaining([expect.stringMatching(/GGML_ASSERT/)]) });
    } else {
      expect(exit).toEqual({ code: 0, signal: null });
    }
  });

  test.runIf(process.platform === 'linux')('no blocks starts no debugger, for which the error would wait', async () => {
    const folder = temporaryFolder();
    const trace = join(folder, 'was-started');
    for (const name of ['gdb', 'lldb']) writeFileSync(join(folder, name), `#!/bin/sh\n: > '${trace}'\n`, { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const path = editGguf(source, join(folder, 'model.gguf'), { 'llama.block_count': number(0) });
    const generation = await createSupervisor().start('model');
    expect((await failureOf(generation.load(loadRequest(path)))).code).toBe('gguf-invalid');
    expect(existsSync(trace)).toBe(false);
  });

  test('an epsilon that is no number loads, then ends the first answer with a code', async () => {
    const path = editGguf(source, join(temporaryFolder(), 'model.gguf'), {
      'llama.attention.layer_norm_rms_epsilon': { type: 'float32', value: Number.NaN },
    });
    const generation = await createSupervisor().start('model');
    await generation.load(loadRequest(path));
    const failure = await failureOf(generation.generate(greedy('Hello')));
    expect(failure.code).toBe('runner-crashed');
    expect(failure.data).toMatchObject({ activity: 'generating' });
  });

  test('nothing wrong still loads after all that', async () => {
    const path = editGguf(source, join(temporaryFolder(), 'model.gguf'), {});
    const generation = await createSupervisor().start('model');
    await generation.load(loadRequest(path));
    expect((await generation.generate(greedy('Hello'))).finishReason).toBe('stop');
  });
});

/** Passes every header reader; `loadModel` aborts. */
function writeDuplicateTokens(path: string): void {
  writeTensorlessGguf(path, {
    'general.architecture': words('llama'),
    'llama.block_count': number(1),
    'llama.context_length': number(32),
    'llama.embedding_length': number(8),
    'llama.feed_forward_length': number(8),
    'llama.attention.head_count': number(1),
    'llama.attention.layer_norm_rms_epsilon': { type: 'float32', value: 1e-5 },
    'tokenizer.ggml.model': words('llama'),
    'tokenizer.ggml.tokens': { type: 'strings', value: ['<unk>', '<s>', 'a', 'a'] },
    'tokenizer.ggml.scores': { type: 'float32s', value: [0, 0, 0, 0] },
    'tokenizer.ggml.token_type': { type: 'int32s', value: [2, 3, 1, 1] },
  });
}
