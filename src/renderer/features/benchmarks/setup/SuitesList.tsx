import { Download, Ellipsis, FileInput, Pencil, Plus, Table2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { formatCount } from '#core/units.ts';
import type { Suite } from '#shared/contract/benchmarks.ts';
import { navigate } from '../../../router.ts';
import { Button } from '../../../ui/Button.tsx';
import { Checkbox } from '../../../ui/Checkbox.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Menu } from '../../../ui/Menu.tsx';
import { Tag } from '../../../ui/Tag.tsx';
import { ImportDialogs } from '../datasets/ImportDialogs.tsx';
import { exportWithWords, RemoveSetDialog } from '../datasets/setActions.tsx';
import { useImportSet } from '../datasets/useImportSet.ts';

interface SuitesListProps {
  readonly suites: readonly Suite[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: readonly string[]) => void;
  readonly scenarios: number;
}

/** What can be asked: the suites that ship and the user's own, which can be made, imported, edited, exported and removed here. */
export function SuitesList({ suites, selected, onSelect, scenarios }: SuitesListProps) {
  const [removing, setRemoving] = useState<Suite | null>(null);
  // What somebody made or brought is what they came for, and would stand out of sight below all that ships.
  const shown = [...suites.filter((suite) => suite.source === 'yours'), ...suites.filter((suite) => suite.source !== 'yours')];
  const chosen = suites.filter((suite) => selected.has(suite.id)).map((suite) => suite.id);
  const importing = useImportSet((suiteId) => onSelect([...chosen.filter((id) => id !== suiteId), suiteId]));
  return (
    <section aria-label="Suites">
      <div className="row spread section-head">
        <h2 className="h2">
          Suites{' '}
          <span className="ink3">
            {chosen.length} of {suites.length}, {formatCount(scenarios)} scenarios
          </span>
        </h2>
        <Menu
          align="end"
          trigger={
            <Button variant="ghost" size="sm" icon={Plus}>
              Add your own
            </Button>
          }
          actions={[
            { label: 'Write and label items', icon: Table2, run: () => navigate({ screen: 'benchmark-data', suiteId: null }) },
            { label: 'Import a file', icon: FileInput, detail: 'CSV, JSONL, promptfoo', run: importing.start },
          ]}
        />
      </div>
      <ul className="su">
        {shown.map((suite) => (
          <li key={suite.id} className={selected.has(suite.id) ? undefined : 'off'}>
            <Checkbox
              checked={selected.has(suite.id)}
              onChange={(on) => onSelect(on ? [...chosen, suite.id] : chosen.filter((id) => id !== suite.id))}
            >
              <span className="ink">{suite.name}</span>{' '}
              <span className="ink3" title={suite.description}>
                {suite.description}
              </span>
            </Checkbox>
            {suite.source === 'yours' ? <Tag tone="acc">yours</Tag> : null}
            <span className="n">{suite.kind === 'speed' ? <span className="note">no score</span> : formatCount(suite.itemCount)}</span>
            {suite.kind === 'speed' ? <span className="no-menu" /> : <SuiteMenu suite={suite} onRemove={() => setRemoving(suite)} />}
          </li>
        ))}
      </ul>
      <ImportDialogs of={importing} />
      <RemoveSetDialog set={removing} onClose={() => setRemoving(null)} />
    </section>
  );
}

function SuiteMenu({ suite, onRemove }: { readonly suite: Suite; readonly onRemove: () => void }) {
  const open = (): void => navigate({ screen: 'benchmark-data', suiteId: suite.id });
  const isOwn = suite.source === 'yours';
  return (
    <Menu
      align="end"
      trigger={<IconButton icon={Ellipsis} size="sm" label={`More about ${suite.name}`} />}
      actions={[
        isOwn ? { label: 'Edit items', icon: Pencil, run: open } : { label: 'Look at its items', icon: Table2, run: open },
        { label: 'Export as JSONL', icon: Download, run: () => void exportWithWords(suite.id) },
        ...(isOwn ? [null, { label: 'Remove', icon: Trash2, danger: true, run: onRemove }] : []),
      ]}
    />
  );
}
