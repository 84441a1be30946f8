import type { ReclaimItem } from '#shared/contract/models.ts';

export interface ReclaimGroup {
  readonly kind: ReclaimItem['kind'];
  readonly title: string;
  readonly note: string;
  readonly items: readonly ReclaimItem[];
}

const groups: readonly Omit<ReclaimGroup, 'items'>[] = [
  { kind: 'partial', title: 'Unfinished downloads', note: 'Nothing goes on with them.' },
  { kind: 'orphan', title: 'Leftovers', note: 'Files that belong to no model.' },
  { kind: 'duplicate', title: 'Duplicates', note: 'The same bytes are kept in another place.' },
  { kind: 'unused', title: 'Not used', note: 'Downloaded or imported, and not used for 60 days.' },
];

/** Items under what makes them spare, what can go first, the largest first. */
export function reclaimGroups(items: readonly ReclaimItem[]): readonly ReclaimGroup[] {
  return groups
    .map((group) => ({
      ...group,
      items: items
        .filter((item) => item.kind === group.kind)
        .toSorted((a, b) => Number(b.canDelete) - Number(a.canDelete) || b.sizeBytes - a.sizeBytes || a.name.localeCompare(b.name)),
    }))
    .filter((group) => group.items.length > 0);
}

export function totalBytes(items: readonly ReclaimItem[], chosen: ReadonlySet<string>): number {
  return items.reduce((sum, item) => sum + (chosen.has(item.id) ? item.sizeBytes : 0), 0);
}
