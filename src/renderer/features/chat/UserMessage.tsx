import { Copy, Ellipsis, GitBranch, Pencil, Trash2 } from 'lucide-react';
import { memo } from 'react';
import type { Message } from '#shared/contract/chat.ts';
import { Icon } from '../../ui/Icon.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { CopyButton } from '../../ui/markdown/CopyButton.tsx';
import { BranchArrows } from './BranchArrows.tsx';
import { MessageAttachments } from './MessageAttachments.tsx';
import { MessageEditor } from './MessageEditor.tsx';
import type { MessageActs } from './messageActs.ts';

interface UserMessageProps {
  readonly message: Message;
  readonly acts: MessageActs;
  /** While an answer is being written nothing of the path may change. */
  readonly isLocked: boolean;
  /** The new words while it is being edited. */
  readonly editing: string | null;
}

/** What the person asked, with the versions of it that there are. */
export const UserMessage = memo(function UserMessage({ message, acts, isLocked, editing }: UserMessageProps) {
  const { id, text, siblingIds, attachments } = message;
  if (editing !== null) {
    return (
      <article className="user is-edited" data-message={id} aria-label="You">
        <MessageAttachments attachments={attachments} />
        <MessageEditor
          label="Edit your message"
          text={editing}
          onText={(typed) => acts.edit(id, typed)}
          saveLabel="Send"
          note="The first wording and its answers are kept."
          onSave={isLocked ? null : () => acts.saveEdit(id, 'user', editing)}
          onCancel={acts.cancelEdit}
        />
      </article>
    );
  }
  return (
    <article className="user" data-message={id} aria-label="You">
      <MessageAttachments attachments={attachments} />
      {text === '' ? null : (
        <p className="selectable" dir="auto">
          {text}
        </p>
      )}
      <footer className="acts">
        <span className="reveal">
          <CopyButton text={text} className="ib sm" isCompact icon={<Icon of={Copy} size={14} />} />
          <IconButton icon={Pencil} size="sm" label="Edit message" disabled={isLocked} onClick={() => acts.edit(id, text)} />
          <Menu
            align="end"
            trigger={
              <button type="button" className="ib sm" aria-label="More about this message">
                <Icon of={Ellipsis} size={14} />
              </button>
            }
            actions={[
              { label: 'Branch into a new chat', icon: GitBranch, run: () => acts.branch(id) },
              { label: 'Remove from here on', icon: Trash2, danger: true, disabled: isLocked, run: () => acts.remove(id) },
            ]}
          />
        </span>
        <BranchArrows id={id} siblingIds={siblingIds} of="question" onChoose={isLocked ? null : acts.choose} />
      </footer>
    </article>
  );
});

/** Typed, not yet stored. */
export function PendingMessage({ text, attachmentNames }: { readonly text: string; readonly attachmentNames: readonly string[] }) {
  return (
    <article className="user pending" aria-label="You">
      {attachmentNames.length === 0 ? null : <p className="note">{attachmentNames.join(', ')}</p>}
      <p className="selectable" dir="auto">
        {text}
      </p>
    </article>
  );
}
