import { formatCount, formatDuration, formatTokensPerSecond } from '#core/units.ts';
import type { FinishReason, Message } from '#shared/contract/chat.ts';

/** The measured line under a finished answer. A number that was not measurable is left out, never shown as 0. */
export function MessageStats({ message }: { readonly message: Message }) {
  const { timings, usage, context } = message;
  const ending = message.finishReason === null ? null : endingWords(message.finishReason, usage?.completionTokens ?? null);
  return (
    <>
      {timings?.ttftMs == null ? null : (
        <span title="Time to first token">
          TTFT <b>{formatDuration(timings.ttftMs)}</b>
        </span>
      )}
      {timings?.promptTokensPerSecond == null ? null : (
        <span title={promptTitle(usage)}>
          Prompt <b>{speedWords(timings.promptTokensPerSecond)}</b>
        </span>
      )}
      {timings?.generationTokensPerSecond == null ? null : (
        <span title="Generation speed of this answer">
          <b>{speedWords(timings.generationTokensPerSecond)}</b>
        </span>
      )}
      {usage === null ? null : (
        <span title={`${formatCount(usage.promptTokens)} prompt tokens, ${formatCount(usage.completionTokens)} written`}>
          <b>{formatCount(usage.completionTokens)}</b> tokens
        </span>
      )}
      {context === null ? null : (
        <span>
          Context <b>{formatCount(context.usedTokens)}</b> of {formatCount(context.totalTokens)}
        </span>
      )}
      {ending === null ? null : <span className="ending">{ending}</span>}
    </>
  );
}

function promptTitle(usage: Message['usage']): string {
  if (usage === null) return 'Prompt speed';
  const kept = usage.cachedTokens > 0 ? `, ${formatCount(usage.cachedTokens)} of them kept from before` : '';
  return `Prompt speed over ${formatCount(usage.promptTokens)} tokens${kept}`;
}

/** Only endings that cut an answer short are worth words. */
function endingWords(reason: FinishReason, completionTokens: number | null): string | null {
  switch (reason) {
    case 'length':
      return completionTokens === null
        ? 'Cut at the token limit'
        : `Cut at ${formatCount(completionTokens)} tokens, the limit in Parameters`;
    case 'context-full':
      return 'Cut: the context is full';
    case 'limit':
      return 'Cut: it took too long';
    case 'cancelled':
      return 'Stopped by you';
    case 'stop':
    case 'stop-sequence':
    case 'error':
      return null;
    default:
      return reason satisfies never;
  }
}

/** One decimal tells speeds apart where a person can feel it; from 100 on it is noise. */
function speedWords(tokensPerSecond: number): string {
  return formatTokensPerSecond(tokensPerSecond, { kind: tokensPerSecond < 100 ? 'live' : 'measured' });
}
