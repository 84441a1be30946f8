import { type FormEvent, useState } from 'react';
import { toRpcErrorData } from '#shared/rpc/rpcError.ts';
import { savePreset } from '../../stores/chatPresets.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/TextField.tsx';
import type { Answering } from './activePreset.ts';
import { toolsOffered } from './ToolsMenu.tsx';

/** Keeps the way a conversation answers under a name. */
export function SavePresetDialog({ now, onClose }: { readonly now: Answering; readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [hasPrompt, setHasPrompt] = useState(now.systemPrompt.trim() !== '');
  const [hasShape, setHasShape] = useState(
    now.shape.schema !== null || now.shape.thinking !== 'default' || toolsOffered(now.shape.tools).length > 0,
  );
  const [problem, setProblem] = useState<string | null>(null);

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (name.trim() === '') return setProblem('Give it a name.');
    try {
      await savePreset({
        id: null,
        name: name.trim(),
        systemPrompt: hasPrompt ? now.systemPrompt : null,
        sampling: now.sampling,
        shape: hasShape ? now.shape : null,
      });
      onClose();
    } catch (thrown) {
      setProblem(toRpcErrorData(thrown).message);
    }
  }

  return (
    <Dialog open onClose={onClose} title="Save as preset" description="Any chat can answer this way from now on.">
      <form className="grid gap-4" onSubmit={(event) => void save(event)}>
        <TextField
          label="Name"
          value={name}
          maxLength={100}
          autoComplete="off"
          onChange={(typed) => {
            setName(typed);
            setProblem(null);
          }}
          error={problem}
        />
        <div className="grid gap-2">
          <Checkbox checked={hasPrompt} onChange={setHasPrompt}>
            With the system prompt
          </Checkbox>
          <Checkbox checked={hasShape} onChange={setHasShape}>
            With thinking, JSON schema and tools
          </Checkbox>
        </div>
        <div className="actions">
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" type="submit">
            Save preset
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
