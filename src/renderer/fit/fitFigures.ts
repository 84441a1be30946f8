import type { FitEstimate } from '#core/fit/fitTypes.ts';
import { formatGibibytes, missing } from '#core/units.ts';
import type { LoadObservation, Placement } from '#shared/contract/fit.ts';

const gibibyte = 2 ** 30;

/** A predicted speed: always a range, always marked as predicted. @returns such as `~22–33`, `~4.1–6.2` */
export function speedRange({ low, high }: NonNullable<FitEstimate['tokensPerSecond']>): string {
  const number = (speed: number): string => (speed < 9.95 ? speed.toFixed(1) : String(Math.round(speed)));
  return number(low) === number(high) ? `~${number(low)}` : `~${number(low)}–${number(high)}`;
}

/** Memory between two sizes. @returns such as `6.1–6.3 GiB`; one figure where both read the same */
export function bytesRange({ low, high }: { readonly low: number; readonly high: number }): string {
  const [from, to] = [formatGibibytes(low), formatGibibytes(high)];
  if (from === to || from === missing) return to;
  const [value, unit] = from.split(' ');
  return to.endsWith(` ${unit}`) ? `${value}–${to}` : `${from} – ${to}`;
}

/** Memory with two decimals, where an estimate is held against a measurement. @returns such as `2.71 GiB`, `96.0 MiB` */
export function gibibytesFine(bytes: number): string {
  return Number.isFinite(bytes) && bytes >= gibibyte / 10 ? `${(bytes / gibibyte).toFixed(2)} GiB` : formatGibibytes(bytes);
}

/** @returns such as `estimated 2.71, measured 2.68 GiB` */
export function estimatedMeasured({
  estimated,
  measured,
}: {
  readonly estimated: { readonly totalBytes: number };
  readonly measured: { readonly totalBytes: number };
}): string {
  const [expected, took] = [gibibytesFine(estimated.totalBytes), gibibytesFine(measured.totalBytes)];
  const unit = took.slice(took.indexOf(' '));
  return `estimated ${expected.endsWith(unit) ? expected.slice(0, -unit.length) : expected}, measured ${took}`;
}

/** @returns the newest load of just this placement; undefined where there was none */
export function loadAt(observations: readonly LoadObservation[], placement: Placement): LoadObservation | undefined {
  const { contextTokens, kvType, gpuLayers } = placement;
  return observations.find(
    ({ placement: was }) => was.contextTokens === contextTokens && was.kvType === kvType && was.gpuLayers === gpuLayers,
  );
}
