import { type FormEvent, useEffect, useState } from 'react';
import type { DatasetItem } from '#shared/contract/datasets.ts';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { navigate } from '../router.ts';
import { loadSuites, useBenchmarks } from '../stores/benchmarks.ts';
import { addItem } from '../stores/datasets.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Select } from '../ui/Select.tsx';
import { TextArea } from '../ui/TextArea.tsx';
import { TextField } from '../ui/TextField.tsx';
import { showToast } from '../ui/toast.ts';
import { draftOf, type ItemCheck, isHeldToText, itemChecks, itemOfDraft } from './itemDraft.ts';
import './testItems.css';

interface SaveItemDialogProps {
  /** As it was made of an answer or a request; null while nothing is saved. */
  readonly item: DatasetItem | null;
  /** What a new set is called until somebody names it. */
  readonly setName: string;
  readonly description?: string;
  readonly onClose: () => void;
}

/** Keeps a question and its answer as an item of a labelled set: what is asked of every model from now on. */
export function SaveItemDialog({ item, ...rest }: SaveItemDialogProps) {
  return item === null ? null : <SaveItemForm item={item} {...rest} />;
}

const newSet = '';

function SaveItemForm({ item, setName, description, onClose }: SaveItemDialogProps & { readonly item: DatasetItem }) {
  const suites = useBenchmarks((state) => state.suites);
  const own = suites.state === 'ready' ? suites.value.filter((suite) => suite.source === 'yours') : [];
  const [wanted, setWanted] = useState<string | null>(null);
  const [newName, setNewName] = useState(setName);
  const [draft, setDraft] = useState(() => draftOf(item));
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => void loadSuites(), []);
  const setId = wanted ?? own.at(-1)?.id ?? newSet;
  const change = (part: Partial<typeof draft>): void => {
    setDraft((before) => ({ ...before, ...part }));
    setError(null);
  };

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    const written = itemOfDraft(item, draft);
    if (!written.ok) return setError(written.message);
    setBusy(true);
    try {
      const suite = await addItem({
        suiteId: setId === newSet ? null : setId,
        ...(setId === newSet && newName.trim() !== '' ? { name: newName.trim() } : {}),
        item: written.item,
      });
      const open = (): void => navigate({ screen: 'benchmark-data', suiteId: suite.id });
      showToast({ tone: 'done', title: `Saved in ${suite.name}`, action: { label: 'Open the set', run: open } });
      onClose();
    } catch (thrown) {
      setError(toRpcErrorData(thrown).message);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Save as test item"
      description={description ?? 'Benchmarks ask every model this question and check the answer.'}
    >
      <form className="grid gap-4" onSubmit={(event) => void save(event)}>
        <TextArea label="Input" value={draft.input} onChange={(input) => change({ input })} rows={3} />
        <TextArea
          label="Expected"
          hint={isHeldToText(item) ? 'Shorten it to what counts.' : 'Compared as JSON values.'}
          value={draft.expected}
          onChange={(expected) => change({ expected })}
          error={error}
          rows={4}
        />
        <div className="item-choices">
          {isHeldToText(item) ? (
            <div className="field">
              <span className="med sm ink">The answer</span>
              <Select<ItemCheck>
                label="How the answer is checked"
                value={draft.check}
                onChange={(check) => change({ check })}
                options={itemChecks}
              />
            </div>
          ) : null}
          <div className="field">
            <span className="med sm ink">Set</span>
            <Select
              label="Set"
              value={setId}
              onChange={setWanted}
              options={[...own.map((suite) => ({ value: suite.id, label: suite.name })), { value: newSet, label: 'A new set' }]}
            />
          </div>
          {setId === newSet ? (
            <TextField label="Name of the set" value={newName} onChange={setNewName} maxLength={100} autoComplete="off" />
          ) : null}
        </div>
        <TextArea label="System prompt" value={draft.system} onChange={(system) => change({ system })} rows={2} />
        <div className="actions">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" busy={busy}>
            Save item
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
