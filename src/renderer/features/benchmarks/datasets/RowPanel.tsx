import { TriangleAlert } from 'lucide-react';
import type { DatasetItem, DatasetProblem } from '#shared/contract/datasets.ts';
import { cellText, withCell } from '../../../stores/datasetRows.ts';
import { Button } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { Kbd } from '../../../ui/Kbd.tsx';
import { CheckFields } from './CheckFields.tsx';
import { DraftField } from './DraftField.tsx';

interface RowPanelProps {
  readonly row: DatasetItem;
  readonly index: number;
  readonly count: number;
  readonly problem: DatasetProblem | undefined;
  readonly isReadOnly: boolean;
  readonly onChange: (change: (row: DatasetItem) => DatasetItem) => void;
  /** Takes a label as the expected answer. */
  readonly onPick: (label: string) => void;
  /** Gives every item what this one has. */
  readonly onShare: (fields: Partial<DatasetItem>) => void;
}

/** What the chosen item has beside its texts: labels to choose from, how it is checked, what the model is told before. */
export function RowPanel({ row, index, count, problem, isReadOnly, onChange, onPick, onShare }: RowPanelProps) {
  const labels = row.labels ?? [];
  const share = (fields: Partial<DatasetItem>) =>
    isReadOnly || count < 2 ? null : (
      <Button size="sm" variant="ghost" onClick={() => onShare(fields)}>
        Use for all {count}
      </Button>
    );
  return (
    <aside className="pane item-panel" aria-label={`Item ${index + 1}`}>
      <div className="scroll">
        <div className="item-parts">
          <div className="p1">
            <h2 className="h2">Item {index + 1}</h2>
            {problem === undefined ? null : (
              <p className="note wrong" role="status">
                <Icon of={TriangleAlert} size={13} />
                {problem.message}
              </p>
            )}
            {labels.length === 0 ? null : (
              <fieldset className="pick" aria-label="Expected label">
                {labels.map((label, at) => (
                  <button
                    key={label}
                    type="button"
                    className="chip"
                    aria-pressed={row.expected === label}
                    disabled={isReadOnly}
                    onClick={() => onPick(label)}
                  >
                    {at < 10 ? <Kbd keys={[String((at + 1) % 10)]} /> : null}
                    {label}
                  </button>
                ))}
              </fieldset>
            )}
          </div>
          <fieldset className="p1" disabled={isReadOnly} aria-label="Labels">
            <DraftField
              key={`labels-${row.id}`}
              label="Labels"
              hint="The answers a model may give, with semicolons between. A number key chooses one."
              value={cellText(row, 'labels')}
              onCommit={(text) => onChange((one) => withCell(one, 'labels', text))}
            />
            {share({ labels: row.labels ?? null })}
          </fieldset>
          <fieldset className="p1" disabled={isReadOnly} aria-label="Check">
            <CheckFields row={row} isReadOnly={isReadOnly} onChange={onChange} />
            {share({ grader: row.grader ?? null, schema: row.schema ?? null })}
          </fieldset>
          <fieldset className="p1" disabled={isReadOnly} aria-label="What the model is told">
            <DraftField
              key={`system-${row.id}`}
              label="System prompt"
              hint="Told before the input. Empty is none."
              value={row.system ?? ''}
              isLong
              onCommit={(text) => onChange((one) => withCell(one, 'system', text))}
            />
            {share({ system: row.system })}
          </fieldset>
          <fieldset className="p1" disabled={isReadOnly} aria-label="Name">
            <DraftField
              key={`task-${row.id}`}
              label="Task"
              hint="Groups items in the results."
              value={row.task}
              onCommit={(task) => onChange((one) => ({ ...one, task: task.trim() === '' ? 'mine' : task.trim() }))}
            />
            <DraftField
              key={`id-${row.id}`}
              label="Id"
              hint="Its name in reports; once in a set."
              value={row.id}
              onCommit={(id) => onChange((one) => ({ ...one, id: id.trim() }))}
            />
          </fieldset>
        </div>
      </div>
    </aside>
  );
}
