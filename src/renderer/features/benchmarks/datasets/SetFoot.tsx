import { useMemo } from 'react';
import { fewestItemsFor, passesNeeded } from '#core/bench/passesNeeded.ts';
import { formatCount } from '#core/units.ts';
import { isBlank } from '../../../stores/datasetRows.ts';
import type { OpenSet } from '../../../stores/datasets.ts';
import { useDraft } from '../../../stores/runDraft.ts';
import { Kbd } from '../../../ui/Kbd.tsx';

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

/** What so many items can show of one model alone; several in one run need a little more. */
export function barWords(items: number, bar: number): string {
  const percent = `${Math.round(bar * 100)} %`;
  if (items === 0) return `A bar of ${percent} needs at least ${fewestItemsFor(bar)} items.`;
  const needed = passesNeeded(items, bar);
  if (needed === null) {
    return `With ${items} ${items === 1 ? 'item' : 'items'} not even all right shows a bar of ${percent}: at least ${fewestItemsFor(bar)} are needed.`;
  }
  return `With ${formatCount(items)} items a bar of ${percent} needs ${formatCount(needed)} passes.`;
}
