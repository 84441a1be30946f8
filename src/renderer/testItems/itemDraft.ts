import type { DatasetItem } from '#shared/contract/datasets.ts';

/** How a text is checked; what holds an answer to a schema compares values instead. */
export type ItemCheck = 'contains' | 'exact' | 'numeric';

export const itemChecks: readonly { readonly value: ItemCheck; readonly label: string }[] = [
  { value: 'contains', label: 'Contains the text' },
  { value: 'exact', label: 'Is the same text' },
  { value: 'numeric', label: 'Ends in the same number' },
];

/** What a person changes of an item before it is kept. */
export interface ItemDraft {
  readonly input: string;
  readonly expected: string;
  readonly system: string;
  readonly check: ItemCheck;
}

export const isHeldToText = ({ schema }: DatasetItem): boolean => schema === undefined || schema === null;

export function draftOf(item: DatasetItem): ItemDraft {
  const { input, expected, system } = item;
  const isText = typeof expected === 'string' || expected === null;
  return { input, expected: isText ? (expected ?? '') : JSON.stringify(expected, null, 2), system: system ?? '', check: 'contains' };
}

/** @returns the item as it is kept, or what is wrong with what is expected */
export function itemOfDraft(
  item: DatasetItem,
  { input, expected, system, check }: ItemDraft,
): { readonly ok: true; readonly item: DatasetItem } | { readonly ok: false; readonly message: string } {
  if (expected.trim() === '') return { ok: false, message: 'Say what the answer has to be, or what has to stand in it.' };
  const written = { ...item, input, system: system.trim() === '' ? null : system };
  if (isHeldToText(item)) return { ok: true, item: { ...written, expected, grader: { type: check } } };
  try {
    return { ok: true, item: { ...written, expected: JSON.parse(expected) as DatasetItem['expected'] } };
  } catch {
    return { ok: false, message: 'The answer is held to a schema: what is expected has to be JSON.' };
  }
}
