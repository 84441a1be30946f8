import { type FormEvent, useState } from 'react';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/TextField.tsx';
import type { PathRequest } from './useAddModels.ts';

/** What a path is asked for. */
type Wanted = PathRequest | 'downloads' | 'dataset';

interface PathDialogProps {
  readonly request: Wanted | null;
  readonly onClose: () => void;
  readonly onSubmit: (path: string) => Promise<void>;
}

const words = {
  import: {
    title: 'Import a model',
    label: 'Path of a GGUF file or a folder',
    hint: 'On the machine where Rightsize runs. The file is used where it is; a folder adds every model in it.',
    button: 'Import',
    example: '/home/you/model-Q4_K_M.gguf',
  },
  folder: {
    title: 'Add a models folder',
    label: 'Path of a folder',
    hint: 'On the machine where Rightsize runs. Its GGUF files are used where they are, in folders of any depth.',
    button: 'Add folder',
    example: '/home/you/models',
  },
  downloads: {
    title: 'Choose a folder for downloads',
    label: 'Path of a folder',
    hint: 'On the machine where Rightsize runs. New downloads go there as publisher/repo/file.',
    button: 'Use this folder',
    example: '/home/you/models',
  },
  dataset: {
    title: 'Import labelled items',
    label: 'Path of a file',
    hint: 'On the machine where Rightsize runs. JSONL, CSV, TSV, a promptfoo configuration, or records of OpenAI evals or Inspect.',
    button: 'Import',
    example: '/home/you/tickets.csv',
  },
} as const;

/** Asks for a path where the host has no file dialog. A refused path is said under the field. */
export function PathDialog({ request, onClose, onSubmit }: PathDialogProps) {
  return request === null ? null : <PathForm key={request} request={request} onClose={onClose} onSubmit={onSubmit} />;
}

function PathForm({ request, onClose, onSubmit }: PathDialogProps & { readonly request: Wanted }) {
  const [path, setPath] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { title, label, hint, button, example } = words[request];
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (path.trim() === '') return setError('Type a path first.');
    setBusy(true);
    try {
      await onSubmit(path.trim());
    } catch (thrown) {
      const problem = toRpcErrorData(thrown);
      setError(problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`);
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={title}>
      <form className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <TextField
          label={label}
          hint={hint}
          error={error}
          placeholder={example}
          value={path}
          onChange={setPath}
          spellCheck={false}
          autoComplete="off"
          className="mono"
        />
        <div className="actions">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" busy={busy}>
            {button}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
