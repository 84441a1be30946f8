import { type RefObject, useEffect } from 'react';
import type { Message } from '#shared/contract/chat.ts';
import { jumpTo, useChat } from '../../stores/chat.ts';

interface JumpOptions {
  readonly conversationId: string;
  readonly messages: readonly Message[];
  readonly boxRef: RefObject<HTMLElement | null>;
  /** Keeps the box where it is while its content changes. */
  readonly letGo: () => void;
  readonly choose: (messageId: string) => void;
}

/** Shows the message that somebody asked for: on another path that path is taken first. It is marked for a moment. */
export function useJump({ conversationId, messages, boxRef, letGo, choose }: JumpOptions): void {
  const wanted = useChat((state) => (state.jump?.conversationId === conversationId ? state.jump.messageId : null));
  const isHere = messages.some(({ id }) => id === wanted);
  useEffect(() => {
    if (wanted === null) return;
    if (!isHere) return choose(wanted);
    const message = boxRef.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(wanted)}"]`);
    letGo();
    message?.scrollIntoView({ block: 'center' });
    message?.classList.add('is-found');
    message?.addEventListener('animationend', () => message.classList.remove('is-found'), { once: true });
    jumpTo(null);
  }, [wanted, isHere, boxRef, letGo, choose]);
}
