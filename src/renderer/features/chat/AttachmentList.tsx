import { FileText, X } from 'lucide-react';
import type { NewAttachment } from '#shared/contract/chat.ts';
import { Icon } from '../../ui/Icon.tsx';

interface AttachmentListProps {
  readonly attachments: readonly NewAttachment[];
  readonly onRemove: (index: number) => void;
}

/** What goes along with the message that is being typed. */
export function AttachmentList({ attachments, onRemove }: AttachmentListProps) {
  if (attachments.length === 0) return null;
  return (
    <ul className="attachments" aria-label="Attached">
      {attachments.map((attachment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two files may be the same in everything
        <li key={index} className={attachment.kind}>
          {attachment.kind === 'image' ? (
            <img src={`data:${attachment.mediaType};base64,${attachment.data}`} alt={attachment.name} />
          ) : (
            <>
              <Icon of={FileText} size={14} />
              <span className="ell">{attachment.name}</span>
            </>
          )}
          <button type="button" className="ib sm" aria-label={`Remove ${attachment.name}`} onClick={() => onRemove(index)}>
            <Icon of={X} size={13} />
          </button>
        </li>
      ))}
    </ul>
  );
}
