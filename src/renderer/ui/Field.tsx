import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

interface FieldProps {
  readonly id: string;
  readonly label: string;
  /** Keeps the label for screen readers only. */
  readonly labelHidden?: boolean;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  /** The control: give it `id`, and `aria-describedby={describedBy(id, …)}`. */
  readonly children: ReactNode;
}

/** Label above, hint below, error under the field as icon and sentence. */
export function Field({ id, label, labelHidden = false, hint, error = null, children }: FieldProps) {
  return (
    <div className="field">
      <label htmlFor={id} className={labelHidden ? 'sr' : undefined}>
        {label}
      </label>
      {children}
      {error === null ? null : (
        <p className="error" id={`${id}-error`} role="alert">
          <Icon of={CircleAlert} size={13} />
          {error}
        </p>
      )}
      {hint === undefined ? null : (
        <p className="note" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** @returns the ids of hint and error for `aria-describedby`, or undefined when there is neither. */
export function describedBy(id: string, parts: { readonly hint: boolean; readonly error: boolean }): string | undefined {
  const ids = [parts.error ? `${id}-error` : '', parts.hint ? `${id}-hint` : ''].filter(Boolean).join(' ');
  return ids === '' ? undefined : ids;
}
