import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import { Icon } from './Icon.tsx';

interface SelectProps<Value extends string> {
  /** What is chosen here, for screen readers. */
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly detail?: string; readonly disabled?: boolean }[];
  readonly size?: 'sm' | 'default';
  readonly plain?: boolean;
  readonly disabled?: boolean;
  readonly className?: string;
}

export function Select<Value extends string>({
  label,
  value,
  onChange,
  options,
  size = 'default',
  plain = false,
  disabled = false,
  className,
}: SelectProps<Value>) {
  const classes = ['select', size === 'sm' ? 'sm' : '', plain ? 'plain' : '', className ?? ''].filter(Boolean).join(' ');
  return (
    <Base.Root
      items={options}
      value={value}
      disabled={disabled}
      onValueChange={(next) => {
        if (next !== null) onChange(next as Value);
      }}
    >
      <Base.Trigger className={classes} aria-label={label}>
        <Base.Value />
        <Base.Icon>
          <Icon of={ChevronDown} size={14} />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="layer" sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className="pop popup menu">
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} disabled={option.disabled ?? false} className="item">
                <span className="mark">
                  <Base.ItemIndicator>
                    <Icon of={Check} size={14} />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText>{option.label}</Base.ItemText>
                {option.detail === undefined ? null : <span className="end">{option.detail}</span>}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
