/** Shown where a value is missing: never 0, never "N/A". */
export const missing = '–';

const gigabyte = 1e9;
const megabyte = 1e6;
const gibibyte = 2 ** 30;
const mebibyte = 2 ** 20;

type MaybeNumber = number | null | undefined;

function isKnown(value: MaybeNumber): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** Thousands separated by commas, as many decimals as asked; the same on every machine. */
function grouped(value: number, decimals: number): string {
  const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && Number(value.toFixed(decimals)) !== 0 ? '−' : '';
  return `${sign}${digits}${fraction === undefined ? '' : `.${fraction}`}`;
}

/**
 * Whole number in full.
 * @param value a count
 * @returns such as `8,192`
 */
export function formatCount(value: MaybeNumber): string {
  return isKnown(value) ? grouped(value, 0) : missing;
}

/**
 * What passed of several: an item that was asked more than once counts in parts.
 * @param value a sum of shares
 * @returns such as `94` or `410.8`
 */
export function formatTally(value: MaybeNumber): string {
  return isKnown(value) ? grouped(value, Number.isInteger(value) ? 0 : 1) : missing;
}

/**
 * File and download sizes and disks, decimal.
 * @param bytes size
 * @returns such as `18.6 GB`; `4.2 MB` below 0.1 GB
 */
export function formatGigabytes(bytes: MaybeNumber): string {
  if (!isKnown(bytes)) return missing;
  if (bytes === 0) return '0 GB';
  return Math.abs(bytes) >= gigabyte / 10 ? `${grouped(bytes / gigabyte, 1)} GB` : `${grouped(bytes / megabyte, 1)} MB`;
}

/**
 * How far a transfer has come, decimal; the unit once where both share it.
 * @param bytesDone of `bytesTotal`
 * @returns such as `1.6 of 2.5 GB`, `80.0 MB of 2.5 GB`
 */
export function formatBytesOf(bytesDone: MaybeNumber, bytesTotal: MaybeNumber): string {
  const [done, total] = [formatGigabytes(bytesDone), formatGigabytes(bytesTotal)];
  const unit = total.slice(-3);
  const zero = isKnown(bytesDone) && bytesDone === 0;
  return `${zero ? '0' : done.endsWith(unit) && unit !== missing ? done.slice(0, -3) : done} of ${total}`;
}

/**
 * Speed of a transfer, decimal.
 * @param bytesPerSecond rate
 * @returns such as `38 MB/s`, `3.4 MB/s`, `45 kB/s`, `0 MB/s`
 */
export function formatBytesPerSecond(bytesPerSecond: MaybeNumber): string {
  if (!isKnown(bytesPerSecond)) return missing;
  if (bytesPerSecond < 500) return '0 MB/s';
  if (bytesPerSecond < megabyte / 10) return `${grouped(bytesPerSecond / 1000, 0)} kB/s`;
  const rate = bytesPerSecond / megabyte;
  return `${grouped(rate, rate < 9.95 ? 1 : 0)} MB/s`;
}

/**
 * Memory and GPU memory, binary.
 * @param bytes size
 * @returns such as `18.5 GiB`, `128 GiB` from 100 on, `96.0 MiB` below 0.1 GiB
 */
export function formatGibibytes(bytes: MaybeNumber): string {
  if (!isKnown(bytes)) return missing;
  if (bytes === 0) return '0 GiB';
  const size = bytes / gibibyte;
  if (Math.abs(size) < 0.1) return `${grouped(bytes / mebibyte, 1)} MiB`;
  return `${grouped(size, Math.abs(size) >= 99.95 ? 0 : 1)} GiB`;
}

/**
 * Number of weights.
 * @param parameters count
 * @returns such as `30.5B`, `7B`, `361M`, `1.2M`
 */
export function formatParameters(parameters: MaybeNumber): string {
  if (!isKnown(parameters)) return missing;
  for (const [size, unit] of [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (parameters >= size * 0.9995) return `${(parameters / size).toFixed(parameters / size >= 99.95 ? 0 : 1).replace(/\.0$/, '')}${unit}`;
  }
  return String(Math.round(parameters));
}

/**
 * Speed of reading or writing.
 * @param tokensPerSecond rate
 * @param options.kind `measured` over a run is whole (one decimal below 10), `live` has one decimal, `predicted` carries a tilde
 * @returns such as `31 tok/s`, `~27 tok/s`
 */
export function formatTokensPerSecond(
  tokensPerSecond: MaybeNumber,
  options: { readonly kind?: 'measured' | 'live' | 'predicted' } = {},
): string {
  if (!isKnown(tokensPerSecond)) return missing;
  const decimals = options.kind === 'live' || tokensPerSecond < 9.95 ? 1 : 0;
  return `${options.kind === 'predicted' ? '~' : ''}${grouped(tokensPerSecond, decimals)} tok/s`;
}

/**
 * A span of time.
 * @param milliseconds length
 * @returns such as `31 ms`, `0.31 s`, `1.1 s`, `1 min 40 s`, `24 min`, `1 h 36 min`
 */
export function formatDuration(milliseconds: MaybeNumber): string {
  if (!isKnown(milliseconds)) return missing;
  if (milliseconds < 100) return `${grouped(milliseconds, milliseconds < 9.95 && milliseconds > 0 ? 1 : 0)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 0.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const wholeSeconds = Math.round(seconds);
  if (wholeSeconds < 60) return `${wholeSeconds} s`;
  if (wholeSeconds < 600)
    return wholeSeconds % 60 === 0 ? `${wholeSeconds / 60} min` : `${Math.floor(wholeSeconds / 60)} min ${wholeSeconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/**
 * A share as whole percent. A share short of 1 never reads 100%, one above 0 never 0%.
 * @param share 0 to 1
 * @returns such as `94%`
 */
export function formatPercent(share: MaybeNumber): string {
  return isKnown(share) ? `${wholePercent(share)}%` : missing;
}

function wholePercent(share: number): number {
  const percent = Math.round(share * 100);
  if (percent >= 100 && share < 1) return 99;
  return percent <= 0 && share > 0 ? 1 : percent;
}

/**
 * A difference of two shares in percentage points.
 * @param difference -1 to 1
 * @returns such as `+3.0 points`
 */
export function formatPoints(difference: MaybeNumber): string {
  if (!isKnown(difference)) return missing;
  const points = grouped(difference * 100, 1);
  return `${points.startsWith('−') || Number(points) === 0 ? '' : '+'}${points} points`;
}

/**
 * A pass rate with its 95 % interval.
 * @param score share and bounds, 0 to 1
 * @returns such as `94% [91–96]`
 */
export function formatScore(score: { readonly passRate: number; readonly low: number; readonly high: number } | null | undefined): string {
  if (!score || !isKnown(score.passRate)) return missing;
  return `${wholePercent(score.passRate)}% [${Math.round(score.low * 100)}–${Math.round(score.high * 100)}]`;
}

/**
 * One quantity as a multiple of another.
 * @param ratio quotient
 * @returns such as `2.1×`
 */
export function formatRatio(ratio: MaybeNumber): string {
  return isKnown(ratio) ? `${grouped(ratio, 1)}×` : missing;
}
