import { formatCount } from '#core/units.ts';
import type { ContextUse } from '#shared/contract/chat.ts';

/** How full the context is with what stands in the chat and in the field. Nothing while that cannot be told. */
export function ContextMeter({ use }: { readonly use: ContextUse | null }) {
  if (use === null || use.usedTokens === null || use.totalTokens === null || use.totalTokens === 0) return null;
  const { usedTokens, totalTokens, droppedMessages } = use;
  const share = Math.min(100, Math.round((100 * usedTokens) / totalTokens));
  const dropped =
    droppedMessages === 0 ? '' : `, ${droppedMessages === 1 ? '1 message is' : `${formatCount(droppedMessages)} messages are`} left out`;
  return (
    <>
      <span className="note num" title={`${formatCount(usedTokens)} of ${formatCount(totalTokens)} tokens${dropped}`}>
        Context {share}%
      </span>
      <div
        className={share >= 90 || droppedMessages > 0 ? 'bar full' : 'bar mute'}
        role="meter"
        aria-label="Context used"
        aria-valuenow={share}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={`${share}%, ${formatCount(usedTokens)} of ${formatCount(totalTokens)} tokens${dropped}`}
      >
        <i style={{ width: `${share}%` }} />
      </div>
    </>
  );
}
