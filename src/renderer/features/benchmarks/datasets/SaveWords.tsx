import { Check, CircleAlert } from 'lucide-react';
import { datasetErrors } from '#shared/contract/datasets.ts';
import { discardChanges, type OpenSet, retrySave } from '../../../stores/datasets.ts';
import { Banner } from '../../../ui/Banner.tsx';
import { Button } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { copyAndShow } from './setActions.tsx';

/** Whether what is on screen is kept, in two words. */
export function SaveWords({ open }: { readonly open: OpenSet }) {
  if (open.isShipped) return <span className="note">Ships with Rightsize, read only</span>;
  switch (open.save.state) {
    case 'saved':
      return open.suiteId === null ? (
        <span className="note">Nothing to save yet</span>
      ) : (
        <span className="note save-words" role="status">
          <Icon of={Check} size={13} />
          Saved
        </span>
      );
    case 'waiting':
    case 'saving':
      return <span className="note">Saving</span>;
    case 'failed':
      return (
        <span className="note save-words wrong" role="status">
          <Icon of={CircleAlert} size={13} />
          Not saved
        </span>
      );
  }
}

/** Why the last changes are not kept, and what can be done. */
export function SaveBanner({ open }: { readonly open: OpenSet }) {
  if (open.save.state !== 'failed') return null;
  const { problem } = open.save;
  const isLost = problem.code === datasetErrors.changed || problem.code === 'suite-not-found';
  return (
    <Banner
      tone="bad"
      icon={CircleAlert}
      className="pane-banner"
      title={problem.message}
      actions={
        <>
          <Button size="sm" variant="ghost" onClick={() => void discardChanges()}>
            Discard changes
          </Button>
          {isLost ? (
            <Button size="sm" onClick={() => void copyAndShow()}>
              Save as a set of its own
            </Button>
          ) : (
            <Button size="sm" onClick={() => void retrySave()}>
              Try again
            </Button>
          )}
        </>
      }
    >
      {problem.hint}
    </Banner>
  );
}
