import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

interface ChipProps {
  readonly children: ReactNode;
  readonly pressed: boolean;
  readonly onPressedChange: (pressed: boolean) => void;
  readonly disabled?: boolean;
}

/** A filter or a pick that is on or off; on shows a check and the tint. */
export function Chip({ children, pressed, onPressedChange, disabled = false }: ChipProps) {
  return (
    <button type="button" className="chip" aria-pressed={pressed} disabled={disabled} onClick={() => onPressedChange(!pressed)}>
      {pressed ? <Icon of={Check} size={13} /> : null}
      {children}
    </button>
  );
}
