import type { ReactNode } from 'react';

interface EmptyStateProps {
  /** A drawing or an icon of 24 px. */
  readonly picture?: ReactNode;
  readonly title: string;
  /** What the place is for. */
  readonly children?: ReactNode;
  /** One primary action, and at most one more. */
  readonly actions?: ReactNode;
}

export function EmptyState({ picture, title, children, actions }: EmptyStateProps) {
  return (
    <div className="empty">
      {picture}
      <h2>{title}</h2>
      {children === undefined ? null : <p>{children}</p>}
      {actions === undefined ? null : <div className="actions">{actions}</div>}
    </div>
  );
}
