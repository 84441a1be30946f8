import { useMemo } from 'react';
import { formatCount } from '#core/units.ts';
import { isBlank } from '../../../stores/datasetRows.ts';
import type { OpenSet } from '../../../stores/datasets.ts';
import { useDraft } from '../../../stores/runDraft.ts';
import { Kbd } from '../../../ui/Kbd.tsx';
import { barWords } from './barWords.ts';

/** How many items there are and what they can show, and the keys. */
export function SetFoot({ open }: { readonly open: OpenSet }) {
  const bar = useDraft((draft) => draft.bar);
  const written = useMemo(() => open.rows.filter((row) => !isBlank(row)).length, [open.rows]);
  const unfinished = open.problems.size;
  return (
    <div className="set-foot note">
      <span>
        <b className="ink">{formatCount(written)}</b> {written === 1 ? 'item' : 'items'}
        {unfinished === 0 ? '' : `, ${formatCount(unfinished)} not finished and not asked`}
      </span>
      <span>{barWords(open.usable, bar)}</span>
      <span className="end keys">
        <Kbd keys={['Enter']} /> edit <Kbd keys={['Tab']} /> next <Kbd keys={['1']} />–<Kbd keys={['9']} /> label <Kbd keys={['Ctrl V']} />{' '}
        paste rows
      </span>
    </div>
  );
}
