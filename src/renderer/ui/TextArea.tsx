import { type ReactNode, type Ref, type TextareaHTMLAttributes, useId } from 'react';
import { describedBy, Field } from './Field.tsx';

interface TextAreaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange' | 'value' | 'id'> {
  readonly label: string;
  readonly labelHidden?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  readonly ref?: Ref<HTMLTextAreaElement>;
}

export function TextArea({ label, labelHidden = false, value, onChange, hint, error = null, className, ...rest }: TextAreaProps) {
  const id = useId();
  return (
    <Field id={id} label={label} labelHidden={labelHidden} hint={hint} error={error}>
      <textarea
        {...rest}
        id={id}
        className={className === undefined ? 'input' : `input ${className}`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-invalid={error !== null || undefined}
        aria-describedby={describedBy(id, { hint: hint !== undefined, error: error !== null })}
      />
    </Field>
  );
}
