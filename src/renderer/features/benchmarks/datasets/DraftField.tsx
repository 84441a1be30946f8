import { type KeyboardEvent, useEffect, useState } from 'react';
import { TextArea } from '../../../ui/TextArea.tsx';
import { TextField } from '../../../ui/TextField.tsx';

interface DraftFieldProps {
  readonly label: string;
  readonly labelHidden?: boolean;
  readonly hint?: string;
  readonly value: string;
  readonly error?: string | null;
  readonly isLong?: boolean;
  readonly isCode?: boolean;
  /** Called with what was typed when the field is left, or on Enter in a short one. */
  readonly onCommit: (text: string) => void;
}

/** A field that hands its text over once it is whole: a row is not changed with every key. */
export function DraftField({
  label,
  labelHidden = false,
  hint,
  value,
  error = null,
  isLong = false,
  isCode = false,
  onCommit,
}: DraftFieldProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const commit = (): void => {
    if (text !== value) onCommit(text);
  };
  const shared = {
    label,
    labelHidden,
    value: text,
    onChange: setText,
    onBlur: commit,
    error,
    spellCheck: !isCode,
    ...(hint === undefined ? {} : { hint }),
    ...(isCode ? { className: 'mono' } : {}),
  };
  if (isLong) return <TextArea {...shared} rows={4} />;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') commit();
  };
  return <TextField {...shared} onKeyDown={onKeyDown} autoComplete="off" />;
}
