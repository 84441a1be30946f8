import { useEffect, useState } from 'react';
import type { ChatHit } from '#shared/contract/chat.ts';
import { rpc } from '../../stores/rpc.ts';

/** Typing is searched for when it has rested. */
const restMs = 150;
const hitsAtMost = 50;

/** What was found, with the words it was found for; `hits` is null where it could not be searched. */
export interface ChatFound {
  readonly query: string;
  readonly hits: readonly ChatHit[] | null;
}

/** Searches titles and messages. Late answers to earlier words are dropped. @returns null while nothing is searched for, or nothing came yet */
export function useChatSearch(query: string): ChatFound | null {
  const [found, setFound] = useState<ChatFound | null>(null);
  const words = query.trim();
  useEffect(() => {
    if (words === '') return setFound(null);
    const stopped = new AbortController();
    const timer = setTimeout(() => {
      rpc.call('chat.search', { query: words.slice(0, 500), limit: hitsAtMost }, { signal: stopped.signal }).then(
        ({ hits }) => (stopped.signal.aborted ? undefined : setFound({ query: words, hits })),
        () => (stopped.signal.aborted ? undefined : setFound({ query: words, hits: null })),
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      stopped.abort();
    };
  }, [words]);
  return words === '' ? null : found;
}
