import type { RpcErrorData } from '#shared/rpc/rpcError.ts';
import { Banner } from './Banner.tsx';
import { Button } from './Button.tsx';

interface FailureBannerProps {
  readonly problem: RpcErrorData | null;
  readonly onDismiss: () => void;
}

/** What an action on this screen failed with, until it is dismissed. */
export function FailureBanner({ problem, onDismiss }: FailureBannerProps) {
  if (problem === null) return null;
  return (
    <Banner
      tone="bad"
      title={problem.message}
      className="pane-banner"
      actions={
        <Button size="sm" onClick={onDismiss}>
          Dismiss
        </Button>
      }
    >
      {problem.hint}
    </Banner>
  );
}
