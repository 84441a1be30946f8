import { useEffect, useState } from 'react';
import type { ContextUse } from '#shared/contract/chat.ts';
import { rpc } from '../../stores/rpc.ts';

/** Typing is counted when it has rested. */
const restMs = 500;

/**
 * How much of the context the next message would find taken.
 * @param about what it depends on beside the text: another value asks again
 * @returns null until it is known, and where nobody can tell
 */
export function useContextUse(conversationId: string | null, text: string, about: string): ContextUse | null {
  const [known, setKnown] = useState<{ readonly conversationId: string; readonly use: ContextUse } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `about` is what else the answer depends on
  useEffect(() => {
    if (conversationId === null) return;
    const stopped = new AbortController();
    const timer = setTimeout(() => {
      rpc.call('chat.context', { conversationId, text }, { signal: stopped.signal }).then(
        (use) => (stopped.signal.aborted ? undefined : setKnown({ conversationId, use })),
        () => (stopped.signal.aborted ? undefined : setKnown(null)),
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [conversationId, text, about]);
  return known !== null && known.conversationId === conversationId ? known.use : null;
}
