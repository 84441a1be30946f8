import { Checkbox as Base } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { leaveToShortcuts } from './leaveToShortcuts.ts';

interface CheckboxProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** Some, not all, of what it stands for. */
  readonly mixed?: boolean;
  readonly disabled?: boolean;
  /** Words beside the box. */
  readonly children?: ReactNode;
  /** Accessible name where there are no words beside it. */
  readonly label?: string;
}

export function Checkbox({ checked, onChange, mixed = false, disabled = false, children, label }: CheckboxProps) {
  const box = (
    <Base.Root
      className="check"
      checked={checked}
      indeterminate={mixed}
      disabled={disabled}
      onCheckedChange={(next) => onChange(next)}
      aria-label={label}
      onKeyDown={leaveToShortcuts}
    >
      <Base.Indicator>
        {mixed ? <Minus size={11} strokeWidth={3.5} aria-hidden="true" /> : <Check size={11} strokeWidth={3.5} aria-hidden="true" />}
      </Base.Indicator>
    </Base.Root>
  );
  return children === undefined ? (
    box
  ) : (
    // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is inside, drawn by Base UI with a real input
    <label className="check-label">
      {box}
      <span>{children}</span>
    </label>
  );
}
