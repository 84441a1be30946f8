import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { type LoadOptionValues, loadOptionsOf, withLoadOptions, withNextOptions } from '#main/hosts/cli/commands/loadOptions.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';

function parse(...words: string[]): LoadOptionValues {
  const command = withLoadOptions(new Command('run'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parse(words, { from: 'user' }).opts<LoadOptionValues>();
}

describe('the options of a load', () => {
  test('are what is said, and left to Rightsize where nothing is', () => {
    expect(loadOptionsOf(parse())).toEqual({ contextTokens: null, kvType: null, flashAttention: null, gpuLayers: null, threads: null });
    expect(loadOptionsOf(parse('--ctx', '4096', '--kv', 'q8_0', '--flash', 'off', '--gpu-layers', '0', '--threads', '2'))).toEqual({
      contextTokens: 4096,
      kvType: 'q8_0',
      flashAttention: false,
      gpuLayers: 0,
      threads: 2,
    });
  });

  test.for([
    ['--ctx', '0'],
    ['--ctx', 'lots'],
    ['--ctx', '-5'],
    ['--kv', 'q9'],
    ['--flash', 'maybe'],
    ['--gpu-layers', '-1'],
    ['--threads', '0'],
  ])('refuse %s', (words) => {
    expect(() => parse(...words)).toThrow();
  });
});

describe('the hint of a load that ran out of memory', () => {
  const options = { contextTokens: 4096, threads: 2, gpuLayers: 12, kvType: 'q8_0', flashAttention: true };
  const failed = new RpcError('out-of-memory', 'There is not enough memory.', {
    hint: 'Close other programs.',
    data: { next: { options, words: 'Load with 4,096 context' } },
  });

  test('names the options that load it', () => {
    const told = withNextOptions(failed);
    expect(told).toMatchObject({ code: 'out-of-memory', hint: 'Try it with --ctx 4096 --kv q8_0 --gpu-layers 12' });
    const words = told instanceof RpcError ? (told.hint ?? '').replace('Try it with ', '').split(' ') : [];
    expect(loadOptionsOf(parse(...words))).toMatchObject({ contextTokens: 4096, kvType: 'q8_0', gpuLayers: 12 });
  });

  test('stays as it is where nothing is offered, and for every other error', () => {
    const other = new RpcError('out-of-memory', 'There is not enough memory.', { hint: 'Close other programs.' });
    expect(withNextOptions(other)).toBe(other);
    const bug = new TypeError('x is not a function');
    expect(withNextOptions(bug)).toBe(bug);
  });
});
