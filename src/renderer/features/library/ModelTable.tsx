import { useVirtualizer } from '@tanstack/react-virtual';
import { SearchX } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import type { Artifact } from '#shared/contract/models.ts';
import type { FitPlan } from '../../fit/fitPlan.ts';
import { chatWith } from '../../shell/paletteCommands.ts';
import { wantInView } from '../../stores/fit.ts';
import { onConnected } from '../../stores/rpc.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { listStep } from '../../ui/listStep.ts';
import { RowSpacer } from '../../ui/RowSpacer.tsx';
import { SortHeader } from '../../ui/SortHeader.tsx';
import type { Sort } from '../../ui/sort.ts';
import type { ColumnHead, LibraryColumn } from './columns.ts';
import { ModelRow } from './ModelRow.tsx';

interface ModelTableProps {
  readonly models: readonly Artifact[];
  readonly columns: readonly ColumnHead[];
  /** What the fits are computed for; null while the machine has not been read. */
  readonly plan: FitPlan | null;
  readonly loadedIds: ReadonlySet<string>;
  readonly sort: Sort<LibraryColumn>;
  readonly onSort: (sort: Sort<LibraryColumn>) => void;
  readonly selectedId: string | null;
  readonly onSelect: (id: string, how: 'keyboard' | 'pointer') => void;
  readonly onPreview: () => void;
  readonly onRemove: (id: string) => void;
  readonly query: string;
  readonly onClearQuery: () => void;
}

const rowHeight = 33;
const headHeight = 28;
const pageRows = 12;

/** One tab stop; the arrows move the selection, and only rows in view exist. */
export function ModelTable(props: ModelTableProps) {
  const { models, columns, plan, loadedIds, sort, onSort, selectedId, onSelect, onPreview, onRemove } = props;
  const gridId = useId();
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: models.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    paddingStart: headHeight,
    scrollPaddingStart: headHeight,
  });
  const selectedIndex = models.findIndex((model) => model.id === selectedId);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a scan that puts rows above the selected one moves nobody's view
  useEffect(() => {
    if (selectedIndex >= 0) rows.scrollToIndex(selectedIndex);
  }, [selectedId, sort, rows]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
    const selected = models[selectedIndex];
    const next = listStep(event.key, { index: selectedIndex, count: models.length, pageRows });
    if (next !== null) {
      const model = models[next];
      if (model !== undefined) onSelect(model.id, 'keyboard');
    } else if (event.key === ' ' && selected !== undefined) onPreview();
    else if (event.key === 'Enter' && selected?.state === 'ready') chatWith(selected.id);
    else if (event.key === 'Delete' && selected !== undefined) onRemove(selected.id);
    else return;
    event.preventDefault();
  };

  const items = rows.getVirtualItems();
  useShapesInView(items.map(({ index }) => models[index]));

  if (models.length === 0) {
    return (
      <div className="grow grid place-items-center">
        <EmptyState
          picture={<SearchX size={24} strokeWidth={1} aria-hidden="true" />}
          title="No model matches"
          actions={<Button onClick={props.onClearQuery}>Clear filter</Button>}
        >
          {props.query.trim() === '' ? 'The filters leave none of them.' : `Nothing here is called “${props.query.trim()}”.`}
        </EmptyState>
      </div>
    );
  }

  const before = (items[0]?.start ?? headHeight) - headHeight;
  const after = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  const head = { sort, onSort };
  return (
    <div className="scroll library-scroll" ref={scroll}>
      <table
        className="tbl lib"
        role="grid"
        aria-label="Models"
        aria-rowcount={models.length + 1}
        tabIndex={0}
        aria-activedescendant={selectedIndex >= 0 ? `${gridId}-${selectedIndex}` : undefined}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          const first = models[0];
          if (event.target === event.currentTarget && selectedIndex < 0 && first !== undefined) onSelect(first.id, 'keyboard');
        }}
      >
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ id, label, title, isNumber, isBestFirst }) => (
              <SortHeader
                key={id}
                column={id}
                label={label}
                className={`c-${id}`}
                align={isNumber === true ? 'right' : 'left'}
                first={isBestFirst === true ? 'descending' : 'ascending'}
                {...(title === undefined ? {} : { title })}
                {...head}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          <RowSpacer height={before} />
          {items.map((item) => {
            const model = models[item.index];
            return model === undefined ? null : (
              <ModelRow
                key={model.id}
                id={`${gridId}-${item.index}`}
                rowIndex={item.index + 2}
                model={model}
                columns={columns}
                plan={plan}
                isLoaded={loadedIds.has(model.id)}
                isSelected={item.index === selectedIndex}
                onSelect={() => onSelect(model.id, 'pointer')}
              />
            );
          })}
          <RowSpacer height={after} />
        </tbody>
      </table>
    </div>
  );
}

/** Rows that were only passed over are not asked for. */
const restMs = 80;

/** Has the shapes of the rows in view read, once the view rests. */
function useShapesInView(inView: readonly (Artifact | undefined)[]): void {
  const latest = useRef(inView);
  useEffect(() => {
    latest.current = inView;
  });
  const key = inView
    .map((model) => (model === undefined ? '' : `${model.id} ${model.state} ${model.sizeBytes} ${model.sha256}`))
    .join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says which files they are
  useEffect(() => {
    let stop: (() => void) | undefined;
    const ask = (): void => wantInView(latest.current.filter((model) => model !== undefined));
    const timer = setTimeout(() => {
      stop = onConnected(ask);
    }, restMs);
    return () => {
      clearTimeout(timer);
      stop?.();
    };
  }, [key]);
}
