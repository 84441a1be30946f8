import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

interface TagProps {
  readonly children: ReactNode;
  readonly tone?: 'acc' | 'ok' | 'warn' | 'bad';
  readonly size?: 'default' | 'lg';
  readonly icon?: LucideIcon;
  readonly title?: string;
}

/** A read-only fact. */
export function Tag({ children, tone, size = 'default', icon, title }: TagProps) {
  const classes = ['tag', tone ?? '', size === 'lg' ? 'lg' : ''].filter(Boolean).join(' ');
  return (
    <span className={classes} title={title}>
      {icon === undefined ? null : <Icon of={icon} size={12} />}
      {children}
    </span>
  );
}
