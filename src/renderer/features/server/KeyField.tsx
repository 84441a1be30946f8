import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import type { ServerState } from '#shared/contract/server.ts';
import { makeServerKey, readServerKey } from '../../stores/server.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { showToast } from '../../ui/toast.ts';
import { CopyButton } from './CopyButton.tsx';
import { tryOr } from './serverActions.ts';
import { maskedKey } from './serverWords.ts';

/** The key as the page shows it: null while it is hidden. */
export interface ShownKey {
  readonly key: string | null;
  readonly set: (key: string | null) => void;
}

interface KeyFieldProps {
  readonly server: ServerState;
  readonly shown: ShownKey;
}

/** The key that programs send: hidden until it is asked for, and read only then. */
export function KeyField({ server, shown }: KeyFieldProps) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const reveal = (): void => {
    if (shown.key !== null) return shown.set(null);
    void tryOr('The key was not read', async () => shown.set(await readServerKey()));
  };
  const renew = async (): Promise<void> => {
    setBusy(true);
    const isMade = await tryOr('No new key was made', async () => {
      await makeServerKey();
      if (shown.key !== null) shown.set(await readServerKey());
    });
    setBusy(false);
    setAsking(false);
    if (isMade) showToast({ tone: 'done', title: 'There is a new key', text: 'Programs with the old one are refused from now on.' });
  };
  return (
    <>
      <div className="key">
        <span className="caption">API key</span>
        <div className="input">
          <span className="mono grow ell selectable" title={shown.key ?? undefined}>
            {shown.key ?? (server.keyHint === null ? '••••••••••••' : maskedKey(server.keyHint))}
          </span>
          <IconButton
            icon={shown.key === null ? Eye : EyeOff}
            label={shown.key === null ? 'Show key' : 'Hide key'}
            size="sm"
            onClick={reveal}
          />
          <CopyButton label="Copy key" text={readServerKey} />
        </div>
      </div>
      <Button className="new-key" onClick={() => setAsking(true)}>
        New key
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Make a new key?"
        confirmLabel="Make a new key"
        busy={busy}
        onConfirm={() => void renew()}
      >
        <p>Programs that have the old key are refused at once. Give them the new one.</p>
      </ConfirmDialog>
    </>
  );
}
