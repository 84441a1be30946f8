import { useState } from 'react';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';
import { overrule } from '../../../stores/benchmarks.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { TextArea } from '../../../ui/TextArea.tsx';
import { isOpen } from './scenarios.ts';

interface OverruleDialogProps {
  readonly sample: Sample;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}

/** A person says how an answer is to be graded. The grader's word stays to be seen. */
export function OverruleDialog({ sample, onClose, onChanged }: OverruleDialogProps) {
  const [passed, setPassed] = useState(sample.state !== 'passed');
  const [note, setNote] = useState('');
  const [isBusy, setBusy] = useState(false);
  async function write(): Promise<void> {
    setBusy(true);
    const isDone = await overrule(sample, { passed, note: note.trim() });
    onClose();
    if (isDone) onChanged();
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={isOpen(sample) ? 'Judge this answer' : 'The grader is wrong'}
      description="Scores, verdict and reports follow your word. The grader's reason stays beside it, and you can take your word back."
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" busy={isBusy} onClick={() => void write()}>
            {passed ? 'Count it as a pass' : 'Count it as a fail'}
          </Button>
        </>
      }
    >
      <Segmented
        label="This answer"
        value={passed ? 'passes' : 'fails'}
        onChange={(value) => setPassed(value === 'passes')}
        options={[
          { value: 'passes', label: 'Passes' },
          { value: 'fails', label: 'Fails' },
        ]}
      />
      <TextArea label="Why, for later (optional)" value={note} rows={3} maxLength={2000} onChange={setNote} />
    </Dialog>
  );
}
