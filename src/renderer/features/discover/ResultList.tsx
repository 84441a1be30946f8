import { useVirtualizer } from '@tanstack/react-virtual';
import { SearchX, WifiOff, X } from 'lucide-react';
import { type KeyboardEvent, type Ref, useCallback, useEffect, useId, useImperativeHandle, useRef, useState } from 'react';
import type { CatalogSort } from '#shared/contract/catalog.ts';
import { changeFilters, clearFilters, loadMore, looksFurther, search, useCatalog } from '../../stores/catalog.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { PaneDivider } from '../../ui/PaneDivider.tsx';
import { Select } from '../../ui/Select.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { whenShort } from '../../ui/shortForms.ts';
import { useNow } from '../../ui/useNow.ts';
import { usePaneWidth } from '../../ui/usePaneWidth.ts';
import { sortOptions } from './filterOptions.ts';
import { HubProblem } from './HubProblem.tsx';
import { listStep } from './listStep.ts';
import { ReadingStrip } from './ReadingStrip.tsx';
import { ResultRow } from './ResultRow.tsx';
import type { SearchReading } from './readSearch.ts';
import { useListedFits } from './useListedFits.ts';

interface ResultListProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly reading: SearchReading | null;
  readonly openRepo: string | null;
  /** List and details side by side: moving in the list opens. */
  readonly isWide: boolean;
  readonly onOpen: (repo: string, how: 'keyboard' | 'pointer') => void;
}

/** What the hub lists for the words and filters. Endless; only rows in view exist. */
export function ResultList(props: ResultListProps) {
  const list = useCatalog((state) => state.list);
  const pane = usePaneWidth({ name: 'discover', initial: 352, min: 300, max: 480 });
  return (
    <section
      className="pane results"
      aria-label="Results"
      aria-busy={list.state === 'loading' || list.isStale}
      style={props.isWide ? { width: pane.width } : undefined}
    >
      <ListHead />
      <OfflineBanner />
      <ReadingStrip reading={props.reading} />
      {list.state === 'failed' && list.problem !== null ? <HubProblem problem={list.problem} onRetry={() => void search()} /> : null}
      {list.state === 'loading' ? <Skeleton label="Asking Hugging Face" rows={9} /> : null}
      {list.state === 'ready' && list.models.length === 0 ? looksFurther(list) ? <LookingOn /> : <NothingFound /> : null}
      {list.models.length > 0 ? <Rows {...props} /> : null}
      {props.isWide ? <PaneDivider label="Width of the results" pane={pane} paneIs="left" /> : null}
    </section>
  );
}

function ListHead() {
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

function OfflineBanner() {
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

/** The filters left nothing of what came so far: the next pages are asked for. */
function LookingOn() {
  const emptyPages = useCatalog((state) => state.list.emptyPages);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page that came to nothing asks for the next
  useEffect(() => void loadMore(), [emptyPages]);
  return <Skeleton label="Looking through Hugging Face" rows={9} />;
}

function NothingFound() {
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

type Filters = ReturnType<typeof useCatalog.getState>['filters'];

function isFiltered(filters: Filters): boolean {
  const { fits, trustedOnly, publishers, tune, license, updatedWithinDays, minParameters, maxParameters } = filters;
  return (
    fits ||
    trustedOnly ||
    publishers.length > 0 ||
    [tune, license, updatedWithinDays, minParameters, maxParameters].some((one) => one !== null)
  );
}

const rowHeight = 75;

function Rows({ ref, openRepo, isWide, onOpen }: ResultListProps) {
  const listId = useId();
  const scroll = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => scroll.current as HTMLDivElement);
  const { models, cursor, isStale, emptyPages } = useCatalog((state) => state.list);
  const fits = useListedFits();
  const [activeRepo, setActiveRepo] = useState<string | null>(openRepo);
  const selected = isWide ? openRepo : activeRepo;
  const index = models.findIndex((model) => model.repo === selected);
  const rows = useVirtualizer({
    count: models.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  const items = rows.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that came to nothing asks for the next
  useEffect(() => {
    if (lastSeen >= models.length - 10) void loadMore();
  }, [lastSeen, models.length, emptyPages]);
  useEffect(() => {
    if (index >= 0) rows.scrollToIndex(index);
  }, [index, rows]);

  const choose = (next: number): void => {
    const model = models[next];
    if (model === undefined) return;
    if (isWide) onOpen(model.repo, 'keyboard');
    else setActiveRepo(model.repo);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = listStep(event.key, { index, count: models.length, pageRows: pageRowsOf(scroll.current) });
    const model = models[index];
    if (next !== null) choose(next);
    else if (event.key === 'Enter' && model !== undefined) onOpen(model.repo, 'pointer');
    else return;
    event.preventDefault();
  };
  const open = useRef(onOpen);
  useEffect(() => {
    open.current = onOpen;
  });
  const openByPointer = useCallback((repo: string) => open.current(repo, 'pointer'), []);
  const showOnly = useCallback((publisher: string) => changeFilters({ publishers: [publisher] }), []);

  return (
    <div className={isStale ? 'list-body is-stale' : 'list-body'}>
      <div
        ref={scroll}
        className="rows"
        role="listbox"
        aria-label="Repositories"
        tabIndex={0}
        aria-activedescendant={index >= 0 ? `${listId}-${index}` : undefined}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          if (event.target === event.currentTarget && index < 0 && !isWide) choose(0);
        }}
      >
        <div role="presentation" className="rows-in" style={{ height: rows.getTotalSize() }}>
          {items.map((item) => {
            const model = models[item.index];
            return model === undefined ? null : (
              <ResultRow
                key={model.repo}
                id={`${listId}-${item.index}`}
                model={model}
                listed={fits.get(model.repo)}
                isSelected={item.index === index}
                position={item.index + 1}
                count={cursor === null ? models.length : -1}
                top={item.start}
                onOpen={openByPointer}
                onPublisher={showOnly}
              />
            );
          })}
        </div>
      </div>
      <ListEnd />
    </div>
  );
}

/** Below the rows: more on its way, what it failed with, or that filters hold something back. */
function ListEnd() {
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

function pageRowsOf(element: HTMLElement | null): number {
  return Math.max(1, Math.floor((element?.clientHeight ?? 0) / rowHeight) - 1);
}
