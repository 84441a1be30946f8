import { Copy, Ellipsis, GitBranch, ListPlus, Pencil, RotateCw, StepForward, Trash2 } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { formatCount } from '#core/units.ts';
import type { Message } from '#shared/contract/chat.ts';
import { Icon } from '../../ui/Icon.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { CopyButton } from '../../ui/markdown/CopyButton.tsx';
import { AnswerBody } from './AnswerBody.tsx';
import { BranchArrows } from './BranchArrows.tsx';
import { MessageEditor } from './MessageEditor.tsx';
import { MessageStats } from './MessageStats.tsx';
import type { MessageActs } from './messageActs.ts';
import { Reasoning } from './Reasoning.tsx';
import { reasonedMs } from './reasonedMs.ts';

interface AnswerMessageProps {
  readonly message: Message;
  readonly acts: MessageActs;
  readonly isLast: boolean;
  /** While another answer is being written nothing of the path may change. */
  readonly isLocked: boolean;
  /** The new words while it is being edited. */
  readonly editing: string | null;
  /** Null where nobody counted them. */
  readonly reasoningTokens: number | null;
  readonly problem?: ReactNode;
  /** Named when it is not the model of the answer before it. */
  readonly showModel: boolean;
}

/** A finished answer. Memoised: a streaming neighbour never makes it parse its Markdown again. */
export const AnswerMessage = memo(function AnswerMessage(props: AnswerMessageProps) {
  const { message, acts, isLast, isLocked, editing, reasoningTokens, problem, showModel } = props;
  const { id, text, reasoning, context, siblingIds } = message;
  const dropped = context?.droppedMessages ?? 0;
  /** What this window asked for is drawn as a live answer while it is written, and not here. */
  const isForeign = message.state === 'streaming';
  const canGoOn = isLast && !isLocked && text !== '' && !isForeign;
  const wasCut = message.finishReason === 'length' || message.finishReason === 'cancelled' || message.state === 'stopped';
  return (
    <article className="asst" data-message={id} aria-label={`Answer by ${message.modelName ?? 'a model that is gone'}`}>
      {dropped === 0 ? null : <DroppedNote count={dropped} totalTokens={context?.totalTokens ?? null} />}
      {showModel && message.modelName !== null ? <div className="note by">{message.modelName}</div> : null}
      {reasoning === null || reasoning === '' ? null : (
        <Reasoning text={reasoning} isGrowing={false} ms={reasonedMs(message)} tokens={reasoningTokens} />
      )}
      {editing === null ? (
        <AnswerBody text={text} calls={message.calls} onDecide={null} />
      ) : (
        <MessageEditor
          label="Edit the answer"
          text={editing}
          onText={(typed) => acts.edit(id, typed)}
          saveLabel="Save"
          note="The model's own words are kept beside yours."
          onSave={isLocked ? null : () => acts.saveEdit(id, 'assistant', editing)}
          onCancel={acts.cancelEdit}
        />
      )}
      {isForeign ? <p className="note">Being written in another window. It is shown here when it is whole.</p> : null}
      {text === '' && message.calls.length === 0 && (message.state === 'stopped' || message.state === 'complete') ? (
        <p className="note">{message.state === 'stopped' ? 'Stopped before the first word.' : 'The model answered with nothing.'}</p>
      ) : null}
      {message.notice === undefined ? null : <p className="note">{message.notice}</p>}
      {problem}
      <footer className="stats">
        <BranchArrows id={id} siblingIds={siblingIds} of="answer" onChoose={isLocked ? null : acts.choose} />
        <MessageStats message={message} />
        <span className="acts">
          {canGoOn && wasCut ? (
            <button type="button" className="btn ghost sm" onClick={() => acts.goOn(id)}>
              <Icon of={StepForward} size={13} />
              Continue
            </button>
          ) : null}
          {text === '' ? null : <CopyButton text={text} className="ib sm" isCompact icon={<Icon of={Copy} size={14} />} />}
          {isLocked ? null : <IconButton icon={RotateCw} size="sm" label="Answer again" onClick={() => acts.regenerate(id)} />}
          {text === '' ? null : <IconButton icon={ListPlus} size="sm" label="Save as test item" onClick={() => acts.saveItem(id)} />}
          <Menu
            align="end"
            trigger={
              <button type="button" className="ib sm" aria-label="More about this answer">
                <Icon of={Ellipsis} size={14} />
              </button>
            }
            actions={[
              { label: 'Continue', icon: StepForward, disabled: !canGoOn, run: () => acts.goOn(id) },
              { label: 'Edit answer', icon: Pencil, disabled: isLocked || text === '', run: () => acts.edit(id, text) },
              { label: 'Branch into a new chat', icon: GitBranch, run: () => acts.branch(id) },
              { label: 'Remove from here on', icon: Trash2, danger: true, disabled: isLocked, run: () => acts.remove(id) },
            ]}
          />
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
