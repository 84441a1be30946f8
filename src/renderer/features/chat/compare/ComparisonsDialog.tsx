import { Search, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatCount, formatPercent, missing } from '#core/units.ts';
import type { ComparisonEntry, Standing } from '#shared/contract/comparisons.ts';
import { navigate } from '../../../router.ts';
import { readHistory, removeComparison, useComparisons } from '../../../stores/comparisons.ts';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { ErrorState } from '../../../ui/ErrorState.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Tabs } from '../../../ui/Tabs.tsx';
import { TextField } from '../../../ui/TextField.tsx';
import { modelWords, voteWords } from './voteWords.ts';

interface ComparisonsDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onRemove: (id: string) => void;
}

/** What was compared before, and which model won most. */
export function ComparisonsDialog({ open, onClose, onRemove }: ComparisonsDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Comparisons" wide>
      {open ? <Comparisons onClose={onClose} onRemove={onRemove} /> : null}
    </Dialog>
  );
}

function Comparisons({ onClose, onRemove }: Omit<ComparisonsDialogProps, 'open'>) {
  const history = useComparisons((state) => state.history);
  const historyProblem = useComparisons((state) => state.historyProblem);
  const [tab, setTab] = useState<'earlier' | 'standings'>('earlier');
  useEffect(() => void readHistory(), []);
  if (historyProblem !== null) return <ErrorState title="Comparisons cannot be read" error={historyProblem} />;
  if (history === null) return null;
  return (
    <Tabs
      label="Comparisons"
      value={tab}
      onChange={setTab}
      tabs={[
        { value: 'earlier', label: 'Earlier', panel: <Earlier entries={history.entries} onClose={onClose} onRemove={onRemove} /> },
        { value: 'standings', label: 'Standings', panel: <Standings standings={history.standings} /> },
      ]}
    />
  );
}

const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

interface EarlierProps extends Omit<ComparisonsDialogProps, 'open'> {
  readonly entries: readonly ComparisonEntry[];
}

function Earlier({ entries, onClose, onRemove }: EarlierProps) {
  const writtenId = useComparisons((state) => state.live?.comparison.id ?? null);
  const [search, setSearch] = useState('');
  const [removing, setRemoving] = useState<ComparisonEntry | null>(null);
  if (entries.length === 0) return <p className="note p-3">Nothing was compared yet. What you ask is kept here.</p>;
  const found = entries.filter((entry) => isFound(entry, search));
  return (
    <>
      <div className="row earlier-find">
        <TextField
          label="Find an earlier comparison"
          labelHidden
          icon={Search}
          placeholder="Find by words or model"
          value={search}
          onChange={setSearch}
          autoComplete="off"
        />
        <Button
          size="sm"
          disabled={writtenId !== null}
          onClick={() => {
            onClose();
            navigate({ screen: 'compare', comparisonId: null });
          }}
        >
          New comparison
        </Button>
      </div>
      {found.length === 0 ? <p className="note p-3">None has these words.</p> : null}
      <ul className="earlier">
        {found.map((entry) => (
          <li key={entry.id}>
            <button
              type="button"
              className="open"
              onClick={() => {
                onClose();
                navigate({ screen: 'compare', comparisonId: entry.id });
              }}
            >
              <span className="ink ell">{entry.prompt}</span>
              <span className="note ell">{modelWords(entry.modelNames)}</span>
              <span className="note ell">
                {dates.format(entry.createdAt)}
                {entry.isBlind ? ', blind' : ''}, {voteWords(entry.vote, entry.modelNames)}
              </span>
            </button>
            <IconButton
              icon={Trash2}
              size="sm"
              label={`Remove “${entry.prompt.slice(0, 40)}”`}
              disabled={writtenId === entry.id}
              onClick={() => setRemoving(entry)}
            />
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title="Remove this comparison?"
        confirmLabel="Remove comparison"
        onConfirm={() => {
          if (removing !== null) void removeComparison(removing.id).then(() => onRemove(removing.id));
          setRemoving(null);
        }}
      >
        Its answers are gone for good, and its vote counts no more in the standings. Models stay.
      </ConfirmDialog>
    </>
  );
}

/** All words, anywhere in the prompt or the names. */
function isFound({ prompt, modelNames }: ComparisonEntry, search: string): boolean {
  const text = `${prompt} ${modelNames.join(' ')}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Standings({ standings }: { readonly standings: readonly Standing[] }) {
  if (standings.length === 0)
    return (
      <p className="note p-3">
        No blind vote yet. Switch Blind on, compare, and say which answer is better: only votes without names count.
      </p>
    );
  return (
    <>
      <table className="standings">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Shown</th>
            <th scope="col">Won</th>
            <th scope="col">Tied</th>
            <th scope="col">Lost</th>
            <th scope="col">Won of decided</th>
          </tr>
        </thead>
        <tbody>
          {standings.map(({ modelId, modelName, shown, won, tied, lost, low, high }) => (
            <tr key={modelId}>
              <th scope="row">{modelName}</th>
              <td>{formatCount(shown)}</td>
              <td>{formatCount(won)}</td>
              <td>{formatCount(tied)}</td>
              <td>{formatCount(lost)}</td>
              <td>
                {low === null || high === null
                  ? missing
                  : `${formatPercent(won / (won + lost))}, ${formatPercent(low)} to ${formatPercent(high)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="note">
        Only blind votes count, given before the names were told. The range is a 95% interval: where ranges overlap, the votes decide
        nothing yet. Among three or four models each wins less often than among two.
      </p>
    </>
  );
}
