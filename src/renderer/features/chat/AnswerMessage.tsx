import { Copy, ListPlus, RotateCw } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { formatCount } from '#core/units.ts';
import type { Message } from '#shared/contract/chat.ts';
import { Icon } from '../../ui/Icon.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { CopyButton } from '../../ui/markdown/CopyButton.tsx';
import { Markdown } from '../../ui/markdown/Markdown.tsx';
import { MessageStats } from './MessageStats.tsx';
import { Reasoning } from './Reasoning.tsx';

interface AnswerMessageProps {
  readonly message: Message;
  /** Only for the last answer, and not while another is being written. */
  readonly onRegenerate: ((messageId: string) => void) | null;
  /** Keeps it as an item of a labelled set. The same function at every render: the message is memoised. */
  readonly onSaveItem: (messageId: string) => void;
  readonly problem?: ReactNode;
  /** Named when it is not the model of the answer before it. */
  readonly showModel: boolean;
}

/** A finished answer. Memoised: a streaming neighbour never makes it parse its Markdown again. */
export const AnswerMessage = memo(function AnswerMessage({ message, onRegenerate, onSaveItem, problem, showModel }: AnswerMessageProps) {
  const dropped = message.context?.droppedMessages ?? 0;
  return (
    <article className="asst" aria-label={`Answer by ${message.modelName ?? 'a model that is gone'}`}>
      {dropped === 0 ? null : <DroppedNote count={dropped} totalTokens={message.context?.totalTokens ?? null} />}
      {showModel && message.modelName !== null ? <div className="note by">{message.modelName}</div> : null}
      {message.reasoning === null || message.reasoning === '' ? null : <Reasoning text={message.reasoning} isGrowing={false} />}
      {message.text === '' ? null : <Markdown text={message.text} />}
      {message.text === '' && message.state !== 'failed' ? (
        <p className="note">{message.state === 'stopped' ? 'Stopped before the first word.' : 'The model answered with nothing.'}</p>
      ) : null}
      {problem}
      <footer className="stats">
        <MessageStats message={message} />
        <span className="acts">
          {message.text === '' ? null : <CopyButton text={message.text} className="ib sm" isCompact icon={<Icon of={Copy} size={14} />} />}
          {message.text === '' ? null : (
            <IconButton icon={ListPlus} size="sm" label="Save as test item" onClick={() => onSaveItem(message.id)} />
          )}
          {onRegenerate === null ? null : (
            <IconButton icon={RotateCw} size="sm" label="Answer again" onClick={() => onRegenerate(message.id)} />
          )}
        </span>
      </footer>
    </article>
  );
});

function DroppedNote({ count, totalTokens }: { readonly count: number; readonly totalTokens: number | null }) {
  const words = count === 1 ? '1 earlier message was' : `${formatCount(count)} earlier messages were`;
  return (
    <div className="dropped note" role="note">
      {words} left out of this answer:{' '}
      {totalTokens === null ? 'the context is full' : `the context holds ${formatCount(totalTokens)} tokens`}
    </div>
  );
}
