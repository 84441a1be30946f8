import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { ReactNode } from 'react';

interface RadioListProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode; readonly disabled?: boolean }[];
}

export function RadioList<Value extends string>({ label, value, onChange, options }: RadioListProps<Value>) {
  return (
    <RadioGroup aria-label={label} value={value} onValueChange={(next) => onChange(next as Value)} className="col">
      {options.map((option) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the radio is inside, drawn by Base UI with a real input
        <label key={option.value} className="check-label">
          <Radio.Root className="radio" value={option.value} disabled={option.disabled ?? false} />
          <span>{option.label}</span>
        </label>
      ))}
    </RadioGroup>
  );
}
