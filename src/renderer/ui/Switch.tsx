import { Switch as Base } from '@base-ui/react/switch';
import { leaveToShortcuts } from './leaveToShortcuts.ts';

interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function Switch({ label, checked, onChange, disabled = false }: SwitchProps) {
  return (
    <Base.Root
      className="switch"
      checked={checked}
      disabled={disabled}
      onCheckedChange={(next) => onChange(next)}
      aria-label={label}
      onKeyDown={leaveToShortcuts}
    >
      <Base.Thumb />
    </Base.Root>
  );
}
