import { Popover } from '@base-ui/react/popover';
import { History, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { formatCount } from '#core/units.ts';
import type { RunSummary } from '#shared/contract/benchmarks.ts';
import { navigate } from '../../router.ts';
import { isActive, removeRun, useBenchmarks } from '../../stores/benchmarks.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { formatDayAndTime } from './runTime.ts';

/** Every run that is kept, newest first, with its verdict in a few words. */
export function PastRuns({ isCompact = false }: { readonly isCompact?: boolean }) {
  const runs = useBenchmarks((state) => state.runs);
  const [isOpen, setOpen] = useState(false);
  const [removing, setRemoving] = useState<RunSummary | null>(null);
  return (
    <>
      <Popover.Root open={isOpen} onOpenChange={(open) => setOpen(open)}>
        <Popover.Trigger
          className={isCompact ? 'ib' : 'btn'}
          aria-label={isCompact ? 'Past runs' : undefined}
          title={isCompact ? 'Past runs' : undefined}
        >
          <Icon of={History} size={isCompact ? 16 : 15} />
          {isCompact ? null : 'Past runs'}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner className="layer" sideOffset={4} align="end" collisionPadding={8}>
            <Popover.Popup className="pop popup past-runs" aria-label="Past runs">
              {runs === null || runs.length === 0 ? (
                <p className="note none">{runs === null ? 'Reading the runs.' : 'No runs yet. The first one appears here.'}</p>
              ) : (
                <ul>
                  {runs.map((run) => (
                    <li key={run.id}>
                      <button
                        type="button"
                        className="open"
                        onClick={() => {
                          setOpen(false);
                          openRun(run);
                        }}
                      >
                        <span className="ink ell">{run.name}</span>
                        <span className="note ell">
                          {formatDayAndTime(run.startedAt)}, {runWords(run)}
                        </span>
                      </button>
                      {isActive(run) ? null : (
                        <IconButton icon={Trash2} size="sm" label={`Remove ${run.name}`} onClick={() => setRemoving(run)} />
                      )}
                    </li>
                  ))}
                </ul>
              )}
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Remove ${removing?.name ?? ''}?`}
        confirmLabel="Remove run"
        onConfirm={() => {
          if (removing !== null) void removeRun(removing.id);
          setRemoving(null);
        }}
      >
        Its {formatCount(removing?.done ?? 0)} samples and its verdict are gone for good. Reports you exported stay.
      </ConfirmDialog>
    </>
  );
}

export function openRun(run: RunSummary): void {
  const isOver = run.state === 'done' || run.state === 'cancelled' || run.state === 'failed';
  navigate({ screen: isOver ? 'benchmark-results' : 'benchmark-run', runId: run.id });
}

function runWords(run: RunSummary): string {
  switch (run.state) {
    case 'running':
      return `running, ${formatCount(run.done)} of ${formatCount(run.total)}`;
    case 'paused':
      return `paused at ${formatCount(run.done)} of ${formatCount(run.total)}`;
    case 'interrupted':
      return `interrupted at ${formatCount(run.done)} of ${formatCount(run.total)}`;
    case 'cancelled':
      return `cancelled at ${formatCount(run.done)} of ${formatCount(run.total)}`;
    case 'failed':
      return 'failed';
    case 'done':
      return verdictWords(run);
    default:
      return run.state satisfies never;
  }
}

function verdictWords(run: RunSummary): string {
  switch (run.verdict?.state) {
    case 'fits':
      return `${run.verdict.model ?? 'a model'} passes`;
    case 'fails':
      return 'nothing passes';
    case 'not-enough-evidence':
      return 'no verdict';
    case undefined:
      return 'done';
  }
}
