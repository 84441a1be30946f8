import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

interface BannerProps {
  readonly tone?: 'acc' | 'warn' | 'bad';
  readonly icon?: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** In the flow of the page, for what needs a decision. */
export function Banner({ tone, icon, title, children, actions, className }: BannerProps) {
  return (
    <div className={['banner', tone ?? '', className ?? ''].filter(Boolean).join(' ')} role={tone === 'bad' ? 'alert' : 'status'}>
      {icon === undefined ? null : <Icon of={icon} size={18} />}
      <div className="grow">
        <div className="ink med sm">{title}</div>
        {children === undefined ? null : <div className="xs ink2">{children}</div>}
      </div>
      {actions}
    </div>
  );
}
