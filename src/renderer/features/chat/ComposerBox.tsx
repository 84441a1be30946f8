import { type ReactNode, useState } from 'react';
import type { NewAttachment } from '#shared/contract/chat.ts';
import { AttachmentList } from './AttachmentList.tsx';

interface ComposerBoxProps {
  readonly label: string;
  readonly attachments: readonly NewAttachment[];
  readonly onFiles: (files: Iterable<File> | null | undefined) => Promise<void>;
  readonly onDetach: (index: number) => void;
  readonly children: ReactNode;
}

/** Where something is typed: files can be dropped and pasted anywhere in it. */
export function ComposerBox({ label, attachments, onFiles, onDetach, children }: ComposerBoxProps) {
  const [isDropping, setDropping] = useState(false);
  return (
    <div
      role="group"
      aria-label={label}
      className={isDropping ? 'box is-dropping' : 'box'}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={(event) => {
        if (event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        setDropping(false);
        void onFiles(event.dataTransfer.files);
      }}
      onPaste={(event) => {
        if (event.clipboardData.files.length === 0) return;
        event.preventDefault();
        void onFiles(event.clipboardData.files);
      }}
    >
      <AttachmentList attachments={attachments} onRemove={onDetach} />
      {children}
    </div>
  );
}
