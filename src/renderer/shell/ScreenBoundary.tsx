import { Component, type ReactNode } from 'react';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { Button } from '../ui/Button.tsx';
import { ErrorState } from '../ui/ErrorState.tsx';

interface ScreenBoundaryProps {
  readonly screen: string;
  readonly children: ReactNode;
}

interface ScreenBoundaryState {
  readonly thrown: unknown;
  readonly failed: boolean;
}

/** Catches a bug in one screen. React offers this as a class only. */
export class ScreenBoundary extends Component<ScreenBoundaryProps, ScreenBoundaryState> {
  override state: ScreenBoundaryState = { thrown: null, failed: false };

  static getDerivedStateFromError(thrown: unknown): ScreenBoundaryState {
    return { thrown, failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="p-4">
        <ErrorState
          title={`${this.props.screen} cannot be shown`}
          error={toRpcErrorData(this.state.thrown)}
          actions={<Button onClick={() => this.setState({ thrown: null, failed: false })}>Show it again</Button>}
        />
      </div>
    );
  }
}
