import { Paperclip } from 'lucide-react';
import { useRef } from 'react';
import { IconButton } from '../../ui/IconButton.tsx';

interface AttachButtonProps {
  readonly label: string;
  readonly onFiles: (files: Iterable<File> | null | undefined) => Promise<void>;
}

/** The paperclip: files of this machine go along with what is asked. */
export function AttachButton({ label, onFiles }: AttachButtonProps) {
  const files = useRef<HTMLInputElement | null>(null);
  return (
    <>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Files to attach"
        onChange={(event) => {
          void onFiles(event.target.files).then(() => {
            if (files.current !== null) files.current.value = '';
          });
        }}
      />
      <IconButton icon={Paperclip} label={label} onClick={() => files.current?.click()} />
    </>
  );
}
