import { useShallow } from 'zustand/react/shallow';
import { useChat } from '../../stores/chat.ts';
import type { LiveAnswer } from '../../stores/chatThread.ts';

/** What of a live answer the page around it needs: it stays the same while text streams. */
export type LiveHead = Pick<LiveAnswer, 'messageId' | 'replacing' | 'pendingText' | 'isStopping'>;

/** @returns null while nothing is being written in this conversation */
export function useLiveHead(conversationId: string | null): LiveHead | null {
  const head = useChat(
    useShallow((state) => {
      const live = conversationId === null ? undefined : state.live[conversationId];
      if (live === undefined) return noAnswer;
      const { messageId, replacing, pendingText, isStopping } = live;
      return { messageId, replacing, pendingText, isStopping, isLive: true };
    }),
  );
  return head.isLive ? head : null;
}

const noAnswer = { messageId: null, replacing: null, pendingText: null, isStopping: false, isLive: false } as const;
