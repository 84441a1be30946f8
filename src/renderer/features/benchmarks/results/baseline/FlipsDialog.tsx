import { ArrowDownRight, ArrowUpRight } from 'lucide-react';
import { useState } from 'react';
import { formatCount } from '#core/units.ts';
import { Dialog } from '../../../../ui/Dialog.tsx';
import { Icon } from '../../../../ui/Icon.tsx';
import { Segmented } from '../../../../ui/Segmented.tsx';
import type { OpenScenario } from '../ScenariosTab.tsx';
import type { FlippedScenario } from './comparedRows.ts';

interface FlipsDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What each of the two answers is called. */
  readonly before: string;
  readonly now: string;
  readonly flips: readonly FlippedScenario[];
  readonly labels: ReadonlyMap<string, string>;
  readonly suiteNames: ReadonlyMap<string, string>;
  readonly onOpen: OpenScenario;
}

type Direction = 'all' | 'harm' | 'gain';

/** Every scenario that came out differently, with both answers. */
export function FlipsDialog({ open, onClose, title, before, now, flips, labels, suiteNames, onOpen }: FlipsDialogProps) {
  const [direction, setDirection] = useState<Direction>('all');
  const harmful = flips.filter((flip) => flip.isHarm).length;
  const shown = flips.filter((flip) => direction === 'all' || flip.isHarm === (direction === 'harm'));
  return (
    <Dialog open={open} onClose={onClose} title={title} wide>
      <Segmented
        label="Direction"
        value={direction}
        onChange={setDirection}
        options={[
          { value: 'all', label: `All ${formatCount(flips.length)}` },
          { value: 'harm', label: `Newly failing ${formatCount(harmful)}` },
          { value: 'gain', label: `Newly passing ${formatCount(flips.length - harmful)}` },
        ]}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="flips" role="region" aria-label="Flips" tabIndex={0}>
        {shown.length === 0 ? <p className="sm none">No flips in this direction.</p> : null}
        <ul>
          {shown.map((flip) => (
            <li key={`${flip.modelId} ${flip.suite} ${flip.itemId} ${flip.isHarm}`} className={flip.isHarm ? 'harm' : 'gain'}>
              <div className="row">
                <Icon of={flip.isHarm ? ArrowDownRight : ArrowUpRight} size={14} />
                <span className="sr">{flip.isHarm ? 'newly failing' : 'newly passing'}</span>
                <button
                  type="button"
                  className="link mono ink"
                  onClick={() => {
                    onClose();
                    onOpen(flip);
                  }}
                >
                  {flip.itemId}
                </button>
                <span className="xs ink3 ell">
                  {suiteNames.get(flip.suite) ?? flip.suite}, {labels.get(flip.modelId) ?? flip.modelId}
                  {flip.runs === 1 ? '' : `, ${formatCount(flip.runs)} runs`}
                </span>
              </div>
              <dl>
                <dt>Asked</dt>
                <dd>{flip.flips[0]?.input}</dd>
                <dt>{before}</dt>
                <dd className="mono">{shortened(flip.flips[0]?.outputBefore)}</dd>
                <dt>{now}</dt>
                <dd className="mono">{shortened(flip.flips[0]?.outputNow)}</dd>
              </dl>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function shortened(output: string | null | undefined): string {
  if (output == null) return '–';
  if (output === '') return '(nothing)';
  return output.length > 240 ? `${output.slice(0, 240)}…` : output;
}
