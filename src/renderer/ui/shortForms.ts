import { formatGibibytes, formatTokensPerSecond, missing } from '#core/units.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const dayMs = 24 * 60 * 60 * 1000;

const longContext = 1_000_000;

/** Context in tight columns. @returns such as `512`, `8k`, `128k`, `1M`, `1.5M` */
export function contextShort(tokens: number | null): string {
  if (tokens === null) return missing;
  if (tokens >= longContext) return `${Number((tokens / 2 ** 20).toFixed(1))}M`;
  return tokens < 1000 ? String(tokens) : `${Math.round(tokens / 1024)}k`;
}

/** A measured speed for a column whose head names the unit. @returns such as `46` */
export function speedShort(tokensPerSecond: number | null | undefined): string {
  return splitUnit(formatTokensPerSecond(tokensPerSecond)).value;
}

/** Memory as number and unit apart, where they are set in two sizes. */
export function memoryParts(bytes: number): { readonly value: string; readonly unit: string } {
  return splitUnit(formatGibibytes(bytes));
}

/** How much of a memory is used, for small print behind the number. @returns such as `GiB of 12.0`, `MiB of 12.0 GiB`; `of 12.0 GiB` where nothing is known */
export function unitOf(usedBytes: number | null, totalBytes: number | null): string {
  const unit = usedBytes === null ? '' : memoryParts(usedBytes).unit;
  if (totalBytes === null) return unit;
  const total = memoryParts(totalBytes);
  return [unit, 'of', total.value, total.unit === unit ? '' : total.unit].filter(Boolean).join(' ');
}

/** Memory that is used of a memory. @returns such as `6.9 of 12.0 GiB`, `96.0 MiB of 12.0 GiB`; `6.9 GiB` where it is not known of how much */
export function usedOf(usedBytes: number, totalBytes: number | null): string {
  const used = memoryParts(usedBytes);
  if (totalBytes === null) return formatGibibytes(usedBytes);
  return `${used.unit === memoryParts(totalBytes).unit ? used.value : formatGibibytes(usedBytes)} of ${formatGibibytes(totalBytes)}`;
}

function splitUnit(text: string): { readonly value: string; readonly unit: string } {
  const [value = '', unit = ''] = text.split(' ');
  return { value, unit };
}

/**
 * When something was, as short as it can be said.
 * @returns such as `now`, `9 min ago`, `5 h ago`, `yesterday`, `28 Jun`, `28 Jun 2025`
 */
export function whenShort(atMs: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - atMs) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min ago`;
  const days = Math.round((startOfDay(nowMs) - startOfDay(atMs)) / dayMs);
  if (days === 0) return `${Math.floor(minutes / 60)} h ago`;
  if (days === 1) return 'yesterday';
  const date = new Date(atMs);
  const dayAndMonth = `${date.getDate()} ${months[date.getMonth()] ?? ''}`;
  return date.getFullYear() === new Date(nowMs).getFullYear() ? dayAndMonth : `${dayAndMonth} ${date.getFullYear()}`;
}

/** The day something was. @returns such as `today`, `yesterday`, `28 Jun` */
export function dayShort(atMs: number, nowMs: number): string {
  return startOfDay(atMs) === startOfDay(nowMs) ? 'today' : whenShort(atMs, nowMs);
}

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}
