import { formatCount } from '#core/units.ts';
import type { LoggedRequest, ServerState } from '#shared/contract/server.ts';

/** @returns how long it has run, with two units at most: `up 3 h 12 min` */
export function uptimeWords(startedAt: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - startedAt) / 1000));
  if (seconds < 60) return `up ${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `up ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `up ${hours} h` : `up ${hours} h ${minutes % 60} min`;
  return `up ${Math.floor(hours / 24)} days`;
}

/** @returns what it has done since it was started: `418 requests, 2 failed, 1 now, 3 waiting` */
export function countWords({ requests, errors, active, waiting }: ServerState): string {
  return [
    `${formatCount(requests)} ${requests === 1 ? 'request' : 'requests'}`,
    errors === 0 ? null : `${formatCount(errors)} failed`,
    active === 0 ? null : `${formatCount(active)} now`,
    waiting === 0 ? null : `${formatCount(waiting)} waiting`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** @returns when models that nobody asks are unloaded */
export function keepAliveWords(minutes: number): string {
  return minutes === 0 ? 'They stay loaded' : `Unload after ${minutes} min idle`;
}

/** @returns how a request stands, in a word */
export function stateWords({ state, status, problem, usage, finishReason }: LoggedRequest): string {
  if (state === 'waiting') return 'waiting';
  if (state === 'running') return usage === null && status === null ? 'running' : 'streaming';
  if (problem !== null && (status === null || status < 400)) return finishReason === 'cancelled' ? 'left' : 'broke off';
  return status === null ? 'done' : String(status);
}

/** @returns tokens read and written; null where the request had none */
export function tokensOf({ usage }: LoggedRequest): number | null {
  return usage === null ? null : usage.promptTokens + usage.completionTokens;
}

/** @returns a measured speed for a column whose head names the unit; null where none was measured */
export function speedWords({ generationTokensPerSecond: speed }: LoggedRequest): string | null {
  if (speed === null) return null;
  return speed >= 1000 ? formatCount(Math.round(speed)) : speed.toFixed(1);
}

const day = 24 * 60 * 60 * 1000;

/** @returns the time of a request, with its day where that is not today */
export function timeWords(at: number, now: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return now - at < 7 * day
    ? `${date.toLocaleDateString('en-GB', { weekday: 'short' })} ${time.slice(0, 5)}`
    : `${two(date.getDate())}.${two(date.getMonth() + 1)}. ${time.slice(0, 5)}`;
}

/** A key that is not shown: its ends are enough to tell it from another. */
export function maskedKey(hint: string): string {
  const [first = '', last = ''] = hint.split(/…|\.{3}|•+/);
  return last === '' ? `${first}••••••••` : `${first}••••••••${last}`;
}
