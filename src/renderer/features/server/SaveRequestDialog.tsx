import { type FormEvent, useEffect, useState } from 'react';
import type { DatasetItem } from '#shared/contract/datasets.ts';
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

interface SaveRequestDialogProps {
  /** As the app made it of the request. */
  readonly item: DatasetItem;
  readonly onClose: () => void;
}

const newSet = '';

/** Keeps a request as an item of a labelled set: what programs really ask is what models should be measured by. */
export function SaveRequestDialog({ item, onClose }: SaveRequestDialogProps) {
  const suites = useBenchmarks((state) => state.suites);
  const own = suites.state === 'ready' ? suites.value.filter((suite) => suite.source === 'yours') : [];
  const isText = typeof item.expected === 'string' || item.expected === null;
  const [wanted, setWanted] = useState<string | null>(null);
  const [name, setName] = useState('From the server');
  const [input, setInput] = useState(item.input);
  const [expected, setExpected] = useState(isText ? String(item.expected ?? '') : JSON.stringify(item.expected, null, 2));
  const [system, setSystem] = useState(item.system ?? '');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => void loadSuites(), []);
  const setId = wanted ?? own.at(-1)?.id ?? newSet;

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (expected.trim() === '') return setError('Say what the answer has to be, or what has to stand in it.');
    const value = isText ? { value: expected } : readJson(expected);
    if (value === null) return setError('This is not JSON any more.');
    setBusy(true);
    try {
      const suite = await addItem({
        suiteId: setId === newSet ? null : setId,
        ...(setId === newSet && name.trim() !== '' ? { name: name.trim() } : {}),
        item: { ...item, input, system: system.trim() === '' ? null : system, expected: value.value },
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
    <Dialog open wide onClose={onClose} title="Save as test item" description="Benchmarks ask every model this and check the answer.">
      <form className="grid gap-4" onSubmit={(event) => void save(event)}>
        <TextArea label="Input" value={input} onChange={setInput} rows={3} />
        <TextArea
          label="Expected"
          hint="The answer it got. Shorten it to what counts."
          value={expected}
          onChange={(text) => {
            setExpected(text);
            setError(null);
          }}
          error={error}
          rows={4}
        />
        <div className="row items-end">
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

function readJson(text: string): { readonly value: DatasetItem['expected'] } | null {
  try {
    return { value: JSON.parse(text) as DatasetItem['expected'] };
  } catch {
    return null;
  }
}
