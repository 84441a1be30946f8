import { fewestItemsFor, passesNeeded } from '#core/bench/passesNeeded.ts';
import { formatCount } from '#core/units.ts';

/** What so many items can show of one model alone; several in one run need a little more. */
export function barWords(items: number, bar: number): string {
  const percent = `${Math.round(bar * 100)}%`;
  if (items === 0) return `A bar of ${percent} needs at least ${fewestItemsFor(bar)} items.`;
  const needed = passesNeeded(items, bar);
  if (needed === null) {
    return `With ${items} ${items === 1 ? 'item' : 'items'} not even all right shows a bar of ${percent}: at least ${fewestItemsFor(bar)} are needed.`;
  }
  return `With ${formatCount(items)} items a bar of ${percent} needs ${formatCount(needed)} passes.`;
}
