import { EmptyState } from '../../ui/EmptyState.tsx';

/** The local API that other programs talk to. */
export function ServerScreen() {
  return <EmptyState title="The server page is not built yet" />;
}
