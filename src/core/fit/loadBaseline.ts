import { estimateFit } from './estimateFit.ts';
import { type FitMachine, type FitOptions, type FitShape, noCalibration } from './fitTypes.ts';

/** What a load is expected to take and give by the formulas alone. What was learned here is learned against this and never against itself. */
export interface LoadBaseline {
  /** Of the process, with its overhead. */
  readonly ramBytes: number;
  /** How long one token takes with little and with half of the context in use; null where the speed cannot be estimated. */
  readonly speed: readonly [TokenTime, TokenTime] | null;
  /** Of RAM, that the speed was computed from: measured anew it may be another. Null where the speed does not depend on it. */
  readonly bandwidthBytesPerSecond: number | null;
}

export interface TokenTime {
  readonly depthTokens: number;
  readonly seconds: number;
}

const shallowContextTokens = 256;

/**
 * Estimates a load without anything that was learned on this machine.
 * @param options as it was loaded; the layers on the GPU are decided
 * @throws {FitInputError} as `estimateFit`
 */
export function loadBaseline(shape: FitShape, machine: FitMachine, options: FitOptions & { readonly gpuLayers: number }): LoadBaseline {
  const plain = { ...machine, calibration: noCalibration };
  const at = (contextTokens: number) => estimateFit(shape, plain, { ...options, contextTokens });
  const timeAt = (contextTokens: number, tokensPerSecond: number | undefined): TokenTime | null =>
    tokensPerSecond === undefined ? null : { depthTokens: contextTokens / 2, seconds: 1 / tokensPerSecond };
  const whole = at(options.contextTokens);
  const shallowTokens = Math.min(shallowContextTokens, options.contextTokens);
  const shallow = timeAt(shallowTokens, at(shallowTokens).tokensPerSecond?.estimate);
  const half = timeAt(options.contextTokens, whole.tokensPerSecond?.estimate);
  const speed: LoadBaseline['speed'] = shallow === null || half === null ? null : [shallow, half];
  const readsRam = options.gpuLayers === 0 || machine.gpu === null || machine.gpu.unified;
  return { ramBytes: whole.bytes.ram, speed, bandwidthBytesPerSecond: speed !== null && readsRam ? machine.bandwidthBytesPerSecond : null };
}

/** Seconds for one token at a depth: reading the cache takes longer the more of it is used. Null where unknown. */
export function expectedSeconds({ speed }: LoadBaseline, depthTokens: number): number | null {
  if (speed === null) return null;
  const [shallow, half] = speed;
  const between = half.depthTokens - shallow.depthTokens;
  const perToken = between > 0 ? (half.seconds - shallow.seconds) / between : 0;
  return Math.max(shallow.seconds + perToken * (depthTokens - shallow.depthTokens), shallow.seconds / 2);
}
