import type { Message } from '#shared/contract/chat.ts';

/** Time between the first token and the first one of the answer itself. Null where it was not measured, or nothing was reasoned. */
export function reasonedMs({ timings }: Pick<Message, 'timings'>): number | null {
  const { ttftMs, ttfaMs } = timings ?? {};
  if (ttftMs == null || ttfaMs == null || ttfaMs <= ttftMs) return null;
  return ttfaMs - ttftMs;
}
