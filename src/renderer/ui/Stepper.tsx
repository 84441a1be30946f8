import { NumberField } from '@base-ui/react/number-field';
import { Minus, Plus } from 'lucide-react';
import { useState } from 'react';
import { commitOnEnter } from './commitOnEnter.ts';
import { Icon } from './Icon.tsx';

interface StepperProps {
  readonly label: string;
  /** Null = empty. */
  readonly value: number | null;
  /** Called when the value is settled: on blur, Enter or a button. */
  readonly onCommit: (value: number | null) => void;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly unit?: string;
  readonly placeholder?: string;
  readonly disabled?: boolean;
}

/** A number with minus and plus. */
export function Stepper({ label, value, onCommit, min, max, step = 1, unit, placeholder, disabled = false }: StepperProps) {
  // What is typed is kept here until it is settled: the page may be drawn anew meanwhile, and would bring the old number back.
  const [typed, setTyped] = useState<number | null | undefined>(undefined);
  return (
    <NumberField.Root
      value={typed === undefined ? value : typed}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      onValueChange={(next) => setTyped(next)}
      onValueCommitted={(next) => {
        setTyped(undefined);
        onCommit(next);
      }}
    >
      <NumberField.Group className="stepper">
        <NumberField.Input aria-label={label} placeholder={placeholder} onKeyDown={commitOnEnter} />
        {unit === undefined ? null : <span className="unit">{unit}</span>}
        <NumberField.Decrement aria-label={`Less: ${label}`}>
          <Icon of={Minus} size={14} />
        </NumberField.Decrement>
        <NumberField.Increment aria-label={`More: ${label}`}>
          <Icon of={Plus} size={14} />
        </NumberField.Increment>
      </NumberField.Group>
    </NumberField.Root>
  );
}
