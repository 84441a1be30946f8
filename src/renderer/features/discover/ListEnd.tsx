import { SearchX } from 'lucide-react';
import { useEffect } from 'react';
import { type CatalogFilters, clearFilters, loadMore, looksFurther, useCatalog } from '../../stores/catalog.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';

/** Below the rows: more on its way, what it failed with, or that filters hold something back. */
export function ListEnd() {
  const list = useCatalog((state) => state.list);
  const filters = useCatalog((state) => state.filters);
  const { models, cursor, isLoadingMore, problem, emptyPages } = list;
  if (isLoadingMore) return <p className="list-end note">Asking for more</p>;
  if (problem !== null)
    return (
      <p className="list-end note">
        {problem.message}
        <Button size="sm" variant="ghost" onClick={() => void loadMore({ again: true })}>
          Try again
        </Button>
      </p>
    );
  if (cursor !== null && emptyPages > 0 && !looksFurther(list))
    return (
      <p className="list-end note">
        Few pass these filters.
        <Button size="sm" variant="ghost" onClick={() => void loadMore({ again: true })}>
          Look further
        </Button>
      </p>
    );
  if (cursor !== null || !isFiltered(filters) || models.length >= 8) return null;
  return (
    <p className="list-end note">
      Filters are on.
      <Button size="sm" variant="ghost" onClick={clearFilters}>
        Search without filters
      </Button>
    </p>
  );
}

/** The filters left nothing of what came so far: the next pages are asked for. */
export function LookingOn() {
  const emptyPages = useCatalog((state) => state.list.emptyPages);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page that came to nothing asks for the next
  useEffect(() => void loadMore(), [emptyPages]);
  return <Skeleton label="Looking through Hugging Face" rows={9} />;
}

/** No row at all: what was asked, and the way to ask for more. */
export function NothingFound() {
  const text = useCatalog((state) => state.text.trim());
  const filters = useCatalog((state) => state.filters);
  const isNarrowed = isFiltered(filters);
  const canLookFurther = useCatalog((state) => state.list.cursor !== null);
  return (
    <div className="grow grid place-items-center">
      <EmptyState
        picture={<SearchX size={24} strokeWidth={1} aria-hidden="true" />}
        title={isNarrowed ? 'Nothing fits those filters' : 'Nothing found'}
        actions={
          isNarrowed ? (
            <>
              <Button variant="primary" onClick={clearFilters}>
                Search without filters
              </Button>
              {canLookFurther ? <Button onClick={() => void loadMore({ again: true })}>Look further</Button> : null}
            </>
          ) : null
        }
      >
        {text === ''
          ? 'No repository passes them all.'
          : `No repository answers to “${text.length > 60 ? `${text.slice(0, 60)}…` : text}”.`}
      </EmptyState>
    </div>
  );
}

function isFiltered(filters: CatalogFilters): boolean {
  const { fits, trustedOnly, publishers, tune, license, updatedWithinDays, minParameters, maxParameters } = filters;
  return (
    fits ||
    trustedOnly ||
    publishers.length > 0 ||
    [tune, license, updatedWithinDays, minParameters, maxParameters].some((one) => one !== null)
  );
}
