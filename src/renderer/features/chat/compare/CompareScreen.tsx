import { EmptyState } from '../../../ui/EmptyState.tsx';

/** One prompt to several models, side by side. */
export function CompareScreen({ comparisonId: _comparisonId }: { readonly comparisonId: string | null }) {
  return <EmptyState title="Compare is not built yet" />;
}
