import { ArrowLeft, Copy, Download, Ellipsis, Plus, Redo2, Ruler, Trash2, Undo2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { DatasetItem } from '#shared/contract/datasets.ts';
import { navigate } from '../../../router.ts';
import {
  changeRow,
  insertRows,
  isBlank,
  nextRow,
  removeRows,
  shareWithAll,
  type TextColumn,
  withCell,
} from '../../../stores/datasetRows.ts';
import { editRows, type OpenSet, openSet, redoEdit, renameSet, undoEdit, useDatasets } from '../../../stores/datasets.ts';
import { withPasted } from '../../../stores/pastedRows.ts';
import { Button } from '../../../ui/Button.tsx';
import { ErrorState } from '../../../ui/ErrorState.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Menu } from '../../../ui/Menu.tsx';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { showToast } from '../../../ui/toast.ts';
import { DatasetGrid, type GridActions } from './DatasetGrid.tsx';
import { DraftField } from './DraftField.tsx';
import { chosenRows, type GridCursor, moved, pasteColumns } from './gridCursor.ts';
import { RowPanel } from './RowPanel.tsx';
import { SaveBanner, SaveWords } from './SaveWords.tsx';
import { SetFoot } from './SetFoot.tsx';
import { benchmarkSet, copyAndShow, exportWithWords, RemoveSetDialog } from './setActions.tsx';
import { useUnsavedGuard } from './useUnsavedGuard.ts';

/** A labelled set in a grid: write, paste, label. Saved by itself. */
export function DatasetView({ suiteId }: { readonly suiteId: string | null }) {
  const open = useDatasets((state) => state.open);
  const problem = useDatasets((state) => state.problem);
  useUnsavedGuard();
  useEffect(() => {
    void openSet(suiteId).then((isOpen) => {
      const kept = useDatasets.getState().open;
      if (isOpen || kept === null) return;
      showToast({ tone: 'warning', title: `${kept.name} is not saved yet`, text: 'Save it, or discard its changes, to go on.' });
      navigate({ screen: 'benchmark-data', suiteId: kept.suiteId }, { replace: true });
    });
  }, [suiteId]);
  const wasNew = useRef(false);
  const savedId = open?.suiteId ?? null;
  // A set that was just saved for the first time has an address of its own from now on.
  useEffect(() => {
    if (wasNew.current && savedId !== null && suiteId === null) navigate({ screen: 'benchmark-data', suiteId: savedId }, { replace: true });
    wasNew.current = open !== null && savedId === null;
  }, [open, savedId, suiteId]);

  if (problem !== null) {
    return (
      <div className="pane-banner">
        <ErrorState
          title="The set could not be opened"
          error={problem}
          actions={
            <Button size="sm" onClick={() => navigate({ screen: 'benchmark' })}>
              Back to the benchmark
            </Button>
          }
        />
      </div>
    );
  }
  return open === null ? <Skeleton label="Opening the set" rows={10} /> : <SetEditor open={open} />;
}

function SetEditor({ open }: { readonly open: OpenSet }) {
  const { rows, problems, isShipped } = open;
  const [wanted, setCursor] = useState<GridCursor>({ row: 0, column: 'input', anchor: 0 });
  const [isRemoving, setRemoving] = useState(false);
  // Undo may leave fewer rows than the cursor knew.
  const last = Math.max(0, rows.length - 1);
  const cursor = { ...wanted, row: Math.min(wanted.row, last), anchor: Math.min(wanted.anchor, last) };
  const chosen = chosenRows(cursor);
  const row = rows[cursor.row];
  const to = (index: number, column = cursor.column): void => setCursor({ row: index, column, anchor: index });

  function addBelow(): void {
    const at = cursor.row + 1;
    editRows((before) => insertRows(before, at, [nextRow(before, before[cursor.row])]));
    to(at);
  }
  function remove(): void {
    const count = chosen.to - chosen.from + 1;
    editRows((before) => {
      const left = removeRows(before, chosen.from, chosen.to);
      return left.length === 0 ? [nextRow([], before[0])] : left;
    });
    to(Math.max(0, Math.min(chosen.from, rows.length - count - 1)));
    showToast({ title: count === 1 ? 'One item deleted' : `${count} items deleted`, action: { label: 'Undo', run: undoEdit } });
  }
  const actions: GridActions = {
    addBelow,
    remove,
    undo: undoEdit,
    redo: redoEdit,
    writeCell: (index, column, text) => editRows((before) => changeRow(before, index, (one) => withCell(one, column, text))),
    clear: () => {
      const { column } = cursor;
      if (column === 'check') return;
      editRows((before) => before.map((one, index) => (index < chosen.from || index > chosen.to ? one : withCell(one, column, ''))));
    },
    paste: (text) => {
      const column: TextColumn = cursor.column === 'check' ? 'labels' : cursor.column;
      editRows((before) => {
        const isNew = before.every(isBlank);
        const after = withPasted(isNew ? [] : before, text, { row: isNew ? 0 : cursor.row, column, columns: pasteColumns });
        return after.length === 0 ? before : after;
      });
    },
    duplicate: () => {
      editRows((before) => insertRows(before, chosen.to + 1, before.slice(chosen.from, chosen.to + 1)));
      to(chosen.to + 1);
    },
    openCheck: () => document.querySelector<HTMLElement>('.check-select')?.focus(),
  };
  const changeCurrent = (change: (one: DatasetItem) => DatasetItem): void => editRows((before) => changeRow(before, cursor.row, change));
  function pick(change: (one: DatasetItem) => DatasetItem): void {
    changeCurrent(change);
    const below = moved(cursor, 'down', { rows: rows.length });
    if (row?.expected === null && below !== null) setCursor(below);
  }

  return (
    <>
      <div className="bar-top set-top">
        <IconButton icon={ArrowLeft} label="Back to the benchmark" onClick={() => navigate({ screen: 'benchmark' })} />
        {isShipped ? (
          <h1>{open.name}</h1>
        ) : (
          <div className="set-name">
            <DraftField label="Name of the set" labelHidden value={open.name} onCommit={renameSet} />
          </div>
        )}
        <SaveWords open={open} />
        <div className="end">
          <Button icon={Ruler} disabled={open.suiteId === null || open.usable === 0} onClick={() => void benchmarkSet()}>
            Benchmark this set
          </Button>
          {isShipped ? (
            <Button icon={Copy} onClick={() => void copyAndShow()}>
              Make a copy to edit
            </Button>
          ) : (
            <>
              <Button
                icon={Plus}
                onClick={() => {
                  addBelow();
                  // What is typed next is meant for the new row.
                  document.querySelector<HTMLElement>('.item-grid')?.focus();
                }}
              >
                Add item
              </Button>
              <IconButton icon={Undo2} label="Undo" keys={['Ctrl Z']} disabled={open.past.length === 0} onClick={undoEdit} />
              <IconButton icon={Redo2} label="Redo" keys={['Ctrl Y']} disabled={open.future.length === 0} onClick={redoEdit} />
            </>
          )}
          <Menu
            align="end"
            trigger={<IconButton icon={Ellipsis} label="More" />}
            actions={[
              {
                label: 'Export as JSONL',
                icon: Download,
                disabled: open.suiteId === null,
                run: () => void (open.suiteId === null ? undefined : exportWithWords(open.suiteId)),
              },
              ...(isShipped
                ? []
                : [
                    null,
                    { label: 'Duplicate rows', icon: Copy, detail: 'Ctrl D', run: actions.duplicate },
                    { label: 'Delete rows', icon: Trash2, detail: 'Ctrl Del', run: remove },
                    null,
                    { label: 'Remove set', icon: Trash2, danger: true, disabled: open.suiteId === null, run: () => setRemoving(true) },
                  ]),
            ]}
          />
        </div>
      </div>
      <SaveBanner open={open} />
      <div className="body set-body">
        <section className="pane grow set-pane">
          <DatasetGrid rows={rows} problems={problems} cursor={cursor} onMove={setCursor} isReadOnly={isShipped} actions={actions} />
          <SetFoot open={open} />
        </section>
        {row === undefined ? null : (
          <RowPanel
            row={row}
            index={cursor.row}
            count={rows.length}
            problem={problems.get(row)}
            isReadOnly={isShipped}
            onChange={changeCurrent}
            onPick={(label) => pick((one) => ({ ...one, expected: label }))}
            onShare={(fields) => editRows((before) => shareWithAll(before, fields))}
          />
        )}
      </div>
      <RemoveSetDialog
        set={isRemoving && open.suiteId !== null ? { id: open.suiteId, name: open.name } : null}
        onClose={() => setRemoving(false)}
        onRemoved={() => navigate({ screen: 'benchmark' })}
      />
    </>
  );
}
