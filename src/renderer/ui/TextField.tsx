import type { LucideIcon } from 'lucide-react';
import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react';
import { describedBy, Field } from './Field.tsx';
import { Icon } from './Icon.tsx';
import { Kbd } from './Kbd.tsx';

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value' | 'id'> {
  readonly label: string;
  readonly labelHidden?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  readonly icon?: LucideIcon;
  /** Key that focuses it, shown at its end. */
  readonly keys?: readonly string[];
  readonly ref?: Ref<HTMLInputElement>;
}

export function TextField({
  label,
  labelHidden = false,
  value,
  onChange,
  hint,
  error = null,
  icon,
  keys,
  className,
  ...rest
}: TextFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={label} labelHidden={labelHidden} hint={hint} error={error}>
      <span className={className === undefined ? 'input' : `input ${className}`}>
        {icon === undefined ? null : <Icon of={icon} size={14} />}
        <input
          {...rest}
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={error !== null || undefined}
          aria-describedby={describedBy(id, { hint: hint !== undefined, error: error !== null })}
        />
        {keys === undefined ? null : <Kbd keys={keys} />}
      </span>
    </Field>
  );
}
