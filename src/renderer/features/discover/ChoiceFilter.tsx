import { Menu } from '@base-ui/react/menu';
import { Check, ChevronDown } from 'lucide-react';
import { Icon } from '../../ui/Icon.tsx';
import type { FilterOption } from './filterOptions.ts';

interface ChoiceFilterProps<Value extends string | number> {
  readonly label: string;
  readonly options: readonly FilterOption<Value>[];
  readonly value: Value | null;
  readonly onChange: (value: Value | null) => void;
}

/** A chip with a menu of exclusive choices; tinted while it narrows the list. */
export function ChoiceFilter<Value extends string | number>({ label, options, value, onChange }: ChoiceFilterProps<Value>) {
  const chosen = options.find((option) => option.value === value)?.label ?? String(value);
  return (
    <Menu.Root>
      <Menu.Trigger className={value === null ? 'chip is-any' : 'chip on'} aria-label={`${label}: ${chosen}`}>
        {label} <b>{chosen}</b>
        <Icon of={ChevronDown} size={12} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="layer" sideOffset={4} align="start" collisionPadding={8}>
          <Menu.Popup className="pop popup menu">
            <Menu.RadioGroup value={value} onValueChange={(next: Value | null) => onChange(next)}>
              {options.map((option) => (
                <Menu.RadioItem key={option.label} value={option.value} className="item" closeOnClick>
                  <span className="mark">
                    <Menu.RadioItemIndicator>
                      <Icon of={Check} size={14} />
                    </Menu.RadioItemIndicator>
                  </span>
                  {option.value === null ? `${option.label.charAt(0).toUpperCase()}${option.label.slice(1)}` : option.label}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
