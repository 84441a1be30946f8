import { FileText, ImageOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Attachment } from '#shared/contract/chat.ts';
import { type AttachedTo, readAttachment } from '../../stores/chatAttachments.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Icon } from '../../ui/Icon.tsx';

interface MessageAttachmentsProps {
  readonly attachments: readonly Attachment[];
  readonly attachedTo?: AttachedTo;
}

/** What went along with a message or a comparison: pictures small, text files by name; either opens large. */
export function MessageAttachments({ attachments, attachedTo = 'chat' }: MessageAttachmentsProps) {
  const [opened, setOpened] = useState<Attachment | null>(null);
  if (attachments.length === 0) return null;
  return (
    <ul className="attachments" aria-label="Attached">
      {attachments.map((attachment) => (
        <li key={attachment.id} className={attachment.kind}>
          <button type="button" className="open" aria-label={`Open ${attachment.name}`} onClick={() => setOpened(attachment)}>
            {attachment.kind === 'image' ? <Picture attachment={attachment} attachedTo={attachedTo} /> : <Icon of={FileText} size={14} />}
            {attachment.kind === 'image' ? null : <span className="ell">{attachment.name}</span>}
          </button>
        </li>
      ))}
      {opened === null ? null : (
        <Dialog open wide onClose={() => setOpened(null)} title={opened.name}>
          {opened.kind === 'image' ? (
            <Picture attachment={opened} attachedTo={attachedTo} />
          ) : (
            <Words attachment={opened} attachedTo={attachedTo} />
          )}
        </Dialog>
      )}
    </ul>
  );
}

interface AttachedFile {
  readonly attachment: Attachment;
  readonly attachedTo: AttachedTo;
}

function Picture({ attachment, attachedTo }: AttachedFile) {
  const data = useAttachment(attachment.id, attachedTo);
  if (data === null) return <span className="picture-place" role="img" aria-label={attachment.name} />;
  if (data === 'failed') return <Icon of={ImageOff} size={16} />;
  return <img className="picture" src={`data:${attachment.mediaType};base64,${data.data}`} alt={attachment.name} />;
}

function Words({ attachment, attachedTo }: AttachedFile) {
  const data = useAttachment(attachment.id, attachedTo);
  if (data === null) return null;
  if (data === 'failed') return <p className="note">It could not be read.</p>;
  const bytes = Uint8Array.from(atob(data.data), (letter) => letter.charCodeAt(0));
  return <pre className="code wrapped attachment-text">{new TextDecoder().decode(bytes)}</pre>;
}

/** Null until it was read. */
function useAttachment(id: string, attachedTo: AttachedTo): { readonly data: string } | 'failed' | null {
  const [read, setRead] = useState<{ readonly data: string } | 'failed' | null>(null);
  useEffect(() => {
    let isWanted = true;
    readAttachment(id, attachedTo).then(
      (data) => (isWanted ? setRead({ data }) : undefined),
      () => (isWanted ? setRead('failed') : undefined),
    );
    return () => {
      isWanted = false;
    };
  }, [id, attachedTo]);
  return read;
}
