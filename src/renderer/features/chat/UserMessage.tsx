import { memo } from 'react';

interface UserMessageProps {
  readonly text: string;
  /** Typed, not yet stored. */
  readonly isPending?: boolean;
}

export const UserMessage = memo(function UserMessage({ text, isPending = false }: UserMessageProps) {
  return (
    <article className={isPending ? 'user pending' : 'user'} aria-label="You">
      <p className="selectable">{text}</p>
    </article>
  );
});
