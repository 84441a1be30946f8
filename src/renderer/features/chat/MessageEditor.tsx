import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Button } from '../../ui/Button.tsx';

interface MessageEditorProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** What saving it does: `Send`, `Save`. */
  readonly saveLabel: string;
  readonly note: string;
  /** Null while it cannot be saved. */
  readonly onSave: (() => void) | null;
  readonly onCancel: () => void;
}

const tallestPx = 360;

/** A message's words in place of the message. Ctrl Enter saves, Esc leaves everything as it was. */
export function MessageEditor({ label, text, onText, saveLabel, note, onSave, onCancel }: MessageEditorProps) {
  const field = useRef<HTMLTextAreaElement | null>(null);
  useEffect(() => {
    const { current } = field;
    current?.focus();
    current?.setSelectionRange(current.value.length, current.value.length);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    if (field.current === null) return;
    field.current.style.height = 'auto';
    field.current.style.height = `${Math.min(field.current.scrollHeight + 2, tallestPx)}px`;
  }, [text]);
  const canSave = onSave !== null && text.trim() !== '';

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onCancel();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      if (canSave) onSave();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className="message-editor">
      <textarea
        ref={field}
        dir="auto"
        className="input"
        aria-label={label}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="row">
        <span className="note grow">{note}</span>
        <Button size="sm" variant="ghost" keys={['Esc']} onClick={onCancel}>
          Cancel
        </Button>
        <Button size="sm" variant="primary" disabled={!canSave} keys={['Ctrl', 'Enter']} onClick={() => onSave?.()}>
          {saveLabel}
        </Button>
      </div>
    </div>
  );
}
