import { type Command, Option } from 'commander';
import { kvTypes } from '#core/fit/fitTypes.ts';
import { type KvType, type LoadOptions, nextLoadIn } from '#shared/contract/models.ts';
import { RpcError } from '#shared/rpc/rpcError.ts';
import { integerFrom } from '../optionValues.ts';

export interface LoadOptionValues {
  readonly ctx?: number;
  readonly kv?: KvType;
  readonly flash?: 'on' | 'off';
  readonly gpuLayers?: number;
  readonly threads?: number;
}

/** Options of how a model is loaded, named as `fit` names them. What is left out Rightsize decides. */
export function withLoadOptions(command: Command): Command {
  return command
    .option('--ctx <tokens>', 'context; what fits, at most 8192 or the settings', integerFrom(128, 16_777_216))
    .addOption(new Option('--kv <type>', 'type of the KV cache; f16, or smaller where memory is short').choices(kvTypes))
    .addOption(new Option('--flash <switch>', 'flash attention; on').choices(['on', 'off']))
    .option('--gpu-layers <n>', 'layers on the GPU, output layer counted; as many as fit', integerFrom(0, 100_000))
    .option('--threads <n>', 'processor threads; the settings, or all cores but one', integerFrom(1, 1024));
}

export function loadOptionsOf({ ctx, kv, flash, gpuLayers, threads }: LoadOptionValues): Partial<LoadOptions> {
  return {
    contextTokens: ctx ?? null,
    kvType: kv ?? null,
    flashAttention: flash === undefined ? null : flash === 'on',
    gpuLayers: gpuLayers ?? null,
    threads: threads ?? null,
  };
}

/** The error of a load that ran out of memory, with a hint that names the options of the next try. Any other error as it is. */
export function withNextOptions(error: unknown): unknown {
  const next = error instanceof RpcError ? nextLoadIn(error.data) : null;
  if (!(error instanceof RpcError) || next === null) return error;
  const { contextTokens, kvType, gpuLayers } = next.options;
  const flags = [
    ...(contextTokens === null ? [] : [`--ctx ${contextTokens}`]),
    ...(kvType === null ? [] : [`--kv ${kvType}`]),
    ...(gpuLayers === null ? [] : [`--gpu-layers ${gpuLayers}`]),
  ];
  return new RpcError(error.code, error.message, { hint: `Try it with ${flags.join(' ')}`, data: error.data, cause: error });
}
