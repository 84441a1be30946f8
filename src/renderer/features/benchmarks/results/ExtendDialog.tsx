import { useState } from 'react';
import { formatCount } from '#core/units.ts';
import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import { navigate } from '../../../router.ts';
import { extendRun } from '../../../stores/benchmarks.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Stepper } from '../../../ui/Stepper.tsx';
import { extensionOf } from './extension.ts';

/** Asks more items of the suites that were cut short. What the further look costs stands beside it. */
export function ExtendDialog({ results, onClose }: { readonly results: RunResults; readonly onClose: () => void }) {
  const { run } = results;
  const extension = extensionOf(results);
  const [items, setItems] = useState(extension.suggested);
  const [isBusy, setBusy] = useState(false);
  const total = extension.suites.reduce(
    (sum, suite) => sum + Math.min(items, suite.itemCount - (run.plan.itemLimit ?? suite.itemCount)),
    0,
  );
  const looks = (run.plan.extendedAt?.length ?? 0) + 2;
  const models = run.plan.modelIds.length;
  async function extend(): Promise<void> {
    setBusy(true);
    const isOn = await extendRun(run.id, items);
    onClose();
    if (isOn) navigate({ screen: 'benchmark-run', runId: run.id });
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Run more items"
      description={`The next items of ${extension.suites.length === 1 ? (extension.suites[0]?.name ?? 'the suite') : `each of ${formatCount(extension.suites.length)} suites`}, asked of ${models === 1 ? 'the model' : `${models === 2 ? 'both' : `all ${formatCount(models)}`} models alike`}. What is answered stays.`}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" busy={isBusy} onClick={() => void extend()}>
            Run {formatCount(total)} more {total === 1 ? 'item' : 'items'}
          </Button>
        </>
      }
    >
      <div className="row spread">
        <span className="sm ink">More items of each suite</span>
        <Stepper
          label="More items of each suite"
          value={items}
          min={1}
          max={extension.most}
          onCommit={(next) => setItems(Math.min(extension.most, Math.max(1, Math.round(next ?? items))))}
        />
      </div>
      <p className="note">
        {extension.suites.length === 1 ? 'The suite' : 'The largest suite'} has {formatCount(extension.most)} left. This is look{' '}
        {formatCount(looks)} at the same run: looking again until something passes would pass too much, so the 5% chance of a wrong pass is
        shared among the looks and the bar gets a little harder to clear.
      </p>
    </Dialog>
  );
}
