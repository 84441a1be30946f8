import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

export type AfterEdit = 'stay' | 'down' | 'next' | 'previous' | 'leave';

interface CellEditorProps {
  readonly label: string;
  readonly text: string;
  /** Null keeps the cell as it was; `leave` where the focus went elsewhere. */
  readonly onFinish: (text: string | null, then: AfterEdit) => void;
}

/** A cell being written: Enter and Tab take it, Shift Enter breaks the line, Esc leaves the cell as it was, a click elsewhere takes it. */
export function CellEditor({ label, text, onFinish }: CellEditorProps) {
  const [value, setValue] = useState(text);
  const area = useRef<HTMLTextAreaElement | null>(null);
  const isOver = useRef(false);
  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(text.length, text.length);
  }, [text]);

  function finish(taken: string | null, then: AfterEdit): void {
    if (isOver.current) return;
    isOver.current = true;
    onFinish(taken, then);
  }
  function onKeyDown(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const then = { Enter: 'down', Tab: event.shiftKey ? 'previous' : 'next', Escape: 'stay' } as const;
    const key = event.key;
    if (key !== 'Escape' && key !== 'Tab' && (key !== 'Enter' || event.shiftKey)) return;
    event.preventDefault();
    finish(key === 'Escape' ? null : value, then[key]);
  }
  return (
    <textarea
      ref={area}
      aria-label={label}
      className="cell-editor"
      value={value}
      rows={1}
      onChange={(event) => setValue(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => finish(value, 'leave')}
    />
  );
}
