import { WifiOff, X } from 'lucide-react';
import type { CatalogSort } from '#shared/contract/catalog.ts';
import { changeFilters, search, useCatalog } from '../../stores/catalog.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Select } from '../../ui/Select.tsx';
import { whenShort } from '../../ui/shortForms.ts';
import { useNow } from '../../ui/useNow.ts';
import { sortOptions } from './filterOptions.ts';

/** How many there are, of which formats and publisher, in which order, and how old the answer is. */
export function ListHead() {
  const list = useCatalog((state) => state.list);
  const { sort, library, publishers } = useCatalog((state) => state.filters);
  const now = useNow();
  const count = list.models.length;
  const { freshness } = list;
  const isOld = freshness !== null && freshness.source === 'cache' && !freshness.isOffline && now - freshness.fetchedAt > 60_000;
  return (
    <>
      <div className="lh">
        <span className="ell" role="status" title={isOld ? `As of ${whenShort(freshness.fetchedAt, now)}` : undefined}>
          {list.state === 'ready' && count > 0 ? (
            <>
              <b className="ink med">
                {count.toLocaleString('en')}
                {list.cursor === null ? '' : '+'}
              </b>{' '}
              {count === 1 ? 'repository' : 'repositories'}
              {isOld ? `, ${whenShort(freshness.fetchedAt, now)}` : ''}
            </>
          ) : null}
        </span>
        <span className="row gap-0">
          <Select
            label="Format"
            size="sm"
            plain
            value={library}
            onChange={(next) => changeFilters({ library: next })}
            options={[
              { value: 'gguf', label: 'GGUF' },
              { value: 'any', label: 'All formats' },
            ]}
          />
          <Select<CatalogSort>
            label="Order"
            size="sm"
            plain
            value={sort}
            onChange={(next) => changeFilters({ sort: next })}
            options={sortOptions}
          />
        </span>
      </div>
      {publishers.length === 0 ? null : (
        <div className="only-by">
          <span className="ell">
            Only by <b className="ink med">{publishers.join(', ')}</b>
          </span>
          <IconButton size="sm" icon={X} label="Show all publishers" onClick={() => changeFilters({ publishers: [] })} />
        </div>
      )}
    </>
  );
}

/** That the list is a copy, and from when. */
export function OfflineBanner() {
  const freshness = useCatalog((state) => state.list.freshness);
  const now = useNow();
  if (freshness === null || !freshness.isOffline) return null;
  return (
    <Banner
      tone="warn"
      icon={WifiOff}
      className="list-banner"
      title="No connection"
      actions={
        <Button size="sm" onClick={() => void search()}>
          Try again
        </Button>
      }
    >
      Cached {whenShort(freshness.fetchedAt, now)}.
    </Banner>
  );
}
