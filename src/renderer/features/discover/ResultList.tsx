import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type Ref, type RefObject, useCallback, useEffect, useId, useImperativeHandle, useRef, useState } from 'react';
import { changeFilters, loadMore, looksFurther, search, useCatalog } from '../../stores/catalog.ts';
import { listStep } from '../../ui/listStep.ts';
import { PaneDivider } from '../../ui/PaneDivider.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { usePaneWidth } from '../../ui/usePaneWidth.ts';
import { HubProblem } from './HubProblem.tsx';
import { ListEnd, LookingOn, NothingFound } from './ListEnd.tsx';
import { ListHead, OfflineBanner } from './ListHead.tsx';
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
      className="pane result-list"
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

const rowHeight = 75;

function Rows({ ref, openRepo, isWide, onOpen }: ResultListProps) {
  const listId = useId();
  const scroll = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => scroll.current as HTMLDivElement);
  const { models, cursor, isStale, emptyPages } = useCatalog((state) => state.list);
  const fits = useListedFits();
  // Coming back to the list finds it where it was left.
  const [activeRepo, setActiveRepo] = useState<string | null>(() => openRepo ?? useCatalog.getState().opened?.repo ?? null);
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
  useFocusOnReturn(scroll, { isOff: isWide || index < 0 });

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

/** Whoever came back from a repo that covered the list had the focus there. */
function useFocusOnReturn(list: RefObject<HTMLDivElement | null>, { isOff }: { readonly isOff: boolean }): void {
  const wasOff = useRef(isOff);
  useEffect(() => {
    if (!wasOff.current && document.activeElement === document.body) list.current?.focus({ preventScroll: true });
  }, [list]);
}

function pageRowsOf(element: HTMLElement | null): number {
  return Math.max(1, Math.floor((element?.clientHeight ?? 0) / rowHeight) - 1);
}
