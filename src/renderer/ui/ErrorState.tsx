import { CircleX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

interface ErrorStateProps {
  readonly title: string;
  /** An RpcError or the `problem` of a model or a run. */
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string | undefined };
  readonly tone?: 'bad' | 'warn';
  /** What can be done now, as buttons. */
  readonly actions?: ReactNode;
}

/** What happened, why, what to do now. The code goes under Details. */
export function ErrorState({ title, error, tone = 'bad', actions }: ErrorStateProps) {
  return (
    <div className={tone === 'warn' ? 'error-card warn' : 'error-card'} role="alert">
      <Icon of={tone === 'warn' ? TriangleAlert : CircleX} size={18} />
      <div className="grow">
        <h2>{title}</h2>
        <p>{error.message}</p>
        {error.hint === undefined ? null : <p>{error.hint}</p>}
        <details className="more">
          <summary>Details</summary>
          <code className="mono xs">{error.code}</code>
        </details>
        {actions === undefined ? null : <div className="row mt-2">{actions}</div>}
      </div>
    </div>
  );
}
