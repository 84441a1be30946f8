import { PathDialog } from '../../../shell/PathDialog.tsx';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import type { ImportSet } from './useImportSet.ts';

const mostShown = 200;

/** What an import asks: where the file is, and what to do about rows that cannot be used. */
export function ImportDialogs({ of }: { readonly of: ImportSet }) {
  const { refused } = of;
  const usable = refused?.usable ?? 0;
  const count = refused?.problems.length ?? 0;
  return (
    <>
      <PathDialog request={of.asksPath ? 'dataset' : null} onClose={of.cancelPath} onSubmit={of.submitPath} />
      <Dialog
        open={refused !== null}
        onClose={of.dismiss}
        wide
        title={count === 1 ? "One row can't be used" : `${count} rows can't be used`}
        description="Nothing was imported yet."
        actions={
          <>
            <Button variant="ghost" onClick={of.dismiss}>
              Cancel
            </Button>
            {usable > 0 ? (
              <Button variant="primary" onClick={of.takeGoodOnes}>
                {usable === 1 ? 'Import the good one' : `Import the ${usable} good ones`}
              </Button>
            ) : null}
          </>
        }
      >
        <ul className="bad-rows">
          {refused?.problems.slice(0, mostShown).map((problem) => (
            <li key={`${problem.line}-${problem.message}`}>
              <span className="mono">line {problem.line}</span> {problem.message}
            </li>
          ))}
        </ul>
        {count > mostShown ? <p className="note">and {count - mostShown} more</p> : null}
        {usable > 0 ? null : <p className="note">{refused?.hint}</p>}
      </Dialog>
    </>
  );
}
