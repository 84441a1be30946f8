import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, Ref } from 'react';
import { Icon } from './Icon.tsx';
import { Tooltip } from './Tooltip.tsx';

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  readonly icon: LucideIcon;
  /** Accessible name and tooltip. */
  readonly label: string;
  readonly size?: 'sm' | 'default';
  readonly keys?: readonly string[];
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon, label, size = 'default', keys, className, ...rest }: IconButtonProps) {
  const classes = ['ib', size === 'sm' ? 'sm' : '', className ?? ''].filter(Boolean).join(' ');
  return (
    <Tooltip text={label} {...(keys ? { keys } : {})}>
      <button type="button" {...rest} className={classes} aria-label={label}>
        <Icon of={icon} size={size === 'sm' ? 14 : 16} />
      </button>
    </Tooltip>
  );
}
