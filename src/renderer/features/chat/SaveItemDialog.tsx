import { type FormEvent, useEffect, useState } from 'react';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { navigate } from '../../router.ts';
import { loadSuites, useBenchmarks } from '../../stores/benchmarks.ts';
import { addItem } from '../../stores/datasets.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { showToast } from '../../ui/toast.ts';
import type { ChatItem } from './itemFromChat.ts';

interface SaveItemDialogProps {
  /** Null while nothing is saved. */
  readonly item: ChatItem | null;
  readonly onClose: () => void;
}

/** Keeps a question and its answer as an item of a labelled set: what is asked of every model from now on. */
export function SaveItemDialog({ item, onClose }: SaveItemDialogProps) {
  return item === null ? null : <SaveItemForm item={item} onClose={onClose} />;
}

type Check = 'contains' | 'exact' | 'numeric';
const checks: readonly { readonly value: Check; readonly label: string }[] = [
  { value: 'contains', label: 'Contains the text' },
  { value: 'exact', label: 'Is the same text' },
  { value: 'numeric', label: 'Ends in the same number' },
];
const newSet = '';

function SaveItemForm({ item, onClose }: { readonly item: ChatItem; readonly onClose: () => void }) {
  const suites = useBenchmarks((state) => state.suites);
  const own = suites.state === 'ready' ? suites.value.filter((suite) => suite.source === 'yours') : [];
  const [wanted, setWanted] = useState<string | null>(null);
  const [name, setName] = useState('From chats');
  const [input, setInput] = useState(item.input);
  const [expected, setExpected] = useState(item.expected);
  const [system, setSystem] = useState(item.system);
  const [check, setCheck] = useState<Check>('contains');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => void loadSuites(), []);
  const setId = wanted ?? own.at(-1)?.id ?? newSet;

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (expected.trim() === '') return setError('Say what the answer has to be, or what has to stand in it.');
    setBusy(true);
    try {
      const suite = await addItem({
        suiteId: setId === newSet ? null : setId,
        ...(setId === newSet && name.trim() !== '' ? { name: name.trim() } : {}),
        item: { id: '', task: 'chat', system: system.trim() === '' ? null : system, input, expected, grader: { type: check } },
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
      description={
        item.hasEarlierTurns
          ? 'Benchmarks ask it by itself: the earlier messages of this chat are not part of it.'
          : 'Benchmarks ask every model this question and check the answer.'
      }
    >
      <form className="grid gap-4" onSubmit={(event) => void save(event)}>
        <TextArea label="Input" value={input} onChange={setInput} rows={3} />
        <TextArea
          label="Expected"
          hint="Shorten it to what counts."
          value={expected}
          onChange={(text) => {
            setExpected(text);
            setError(null);
          }}
          error={error}
          rows={4}
        />
        <div className="item-choices">
          <div className="field">
            <span className="med sm ink">The answer</span>
            <Select<Check> label="How the answer is checked" value={check} onChange={setCheck} options={checks} />
          </div>
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
            <TextField label="Name of the set" value={name} onChange={setName} maxLength={100} autoComplete="off" />
          ) : null}
        </div>
        <TextArea label="System prompt" value={system} onChange={setSystem} rows={2} />
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
