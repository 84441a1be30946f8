import type { LabelledItem } from '#core/bench/labelledItem.ts';

/** What the prompt of an item begins with: items with the same can keep it evaluated between them. */
export function beginningOf({ system, tools }: Pick<LabelledItem, 'system' | 'tools'>): string {
  return JSON.stringify([system, tools ?? null]);
}
