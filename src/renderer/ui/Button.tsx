import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon } from './Icon.tsx';
import { Kbd } from './Kbd.tsx';
import { Spinner } from './Spinner.tsx';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  readonly children: ReactNode;
  readonly variant?: 'default' | 'primary' | 'ghost' | 'danger';
  /** xl only for "Benchmark my models". */
  readonly size?: 'sm' | 'default' | 'lg' | 'xl';
  readonly icon?: LucideIcon;
  /** Keeps its width, shows a spinner in place of the icon and takes no second click. */
  readonly busy?: boolean;
  readonly keys?: readonly string[];
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({
  children,
  variant = 'default',
  size = 'default',
  icon,
  busy = false,
  keys,
  className,
  onClick,
  ...rest
}: ButtonProps) {
  const classes = ['btn', variant, size, className].filter((name) => name !== undefined && name !== 'default').join(' ');
  return (
    <button type="button" {...rest} className={classes} aria-busy={busy || undefined} onClick={busy ? undefined : onClick}>
      {busy ? <Spinner /> : icon === undefined ? null : <Icon of={icon} size={size === 'lg' || size === 'xl' ? 16 : 15} />}
      {children}
      {keys === undefined ? null : <Kbd keys={keys} />}
    </button>
  );
}
