import { isJsonObject } from '#core/bench/jsonValue.ts';
import type { JsonValue } from '#core/bench/labelledItem.ts';
import type { DatasetItem } from '#shared/contract/datasets.ts';

/** Settings that a way of checking has on screen. */
export type GraderSetting = 'ignoreCase' | 'pattern' | 'tolerance' | 'schema';

interface GraderChoice {
  readonly label: string;
  /** What it does, and what belongs in Expected. */
  readonly hint: string;
  readonly settings: readonly GraderSetting[];
}

/** Ways of checking that are set up here, by the grader's type. Others come with a file and are kept as they are. */
export const graderChoices = {
  default: {
    label: 'Usual check',
    hint: 'The one label where labels are given, the same JSON where a schema is, else the same text.',
    settings: [],
  },
  exact: { label: 'Same text', hint: 'The whole answer has to be the expected text.', settings: ['ignoreCase'] },
  'one-of': { label: 'One of several texts', hint: 'Expected: ["refund", "refunds"].', settings: ['ignoreCase'] },
  contains: { label: 'Contains the text', hint: 'The expected text has to stand somewhere in the answer.', settings: ['ignoreCase'] },
  numeric: { label: 'Same number', hint: 'The last number of the answer is compared.', settings: ['tolerance'] },
  regex: { label: 'Matches a pattern', hint: 'A regular expression, here or as Expected.', settings: ['pattern', 'ignoreCase'] },
  'same-set': {
    label: 'Same set of words',
    hint: 'Expected: a list, or words with commas between; their order does not count.',
    settings: [],
  },
  'json-equal': { label: 'Same JSON', hint: 'Expected: JSON. The order of keys does not count.', settings: ['schema'] },
  'json-fields': {
    label: 'Each field of JSON',
    hint: 'Expected: a JSON object; the result says which fields are right.',
    settings: ['schema'],
  },
  'json-schema': { label: 'Fits a JSON schema', hint: 'Only the form is checked; Expected may be empty.', settings: ['schema'] },
} as const satisfies Readonly<Record<string, GraderChoice>>;
export type GraderValue = keyof typeof graderChoices | 'other';

/** @returns `other` for a check that came with a file and has no controls here. */
export function graderOf(row: DatasetItem): GraderValue {
  const type = graderType(row);
  if (type === null) return 'default';
  return Object.hasOwn(graderChoices, type) ? (type as GraderValue) : 'other';
}

/** In few words, for the grid. */
export function graderWords(row: DatasetItem): string {
  const value = graderOf(row);
  if (value === 'other') return graderType(row) ?? '';
  if (value !== 'default') return graderChoices[value].label;
  if (row.schema != null) return 'Same JSON';
  return row.labels == null ? 'Same text' : 'One label';
}

/** @param value never `other`: what came with a file cannot be made here. */
export function withGrader(row: DatasetItem, value: keyof typeof graderChoices): DatasetItem {
  const { grader: _old, ...rest } = row;
  return value === 'default' ? rest : { ...rest, grader: { type: value } };
}

export function graderSetting(row: DatasetItem, name: 'ignoreCase' | 'pattern' | 'tolerance'): JsonValue | undefined {
  const grader = row.grader as JsonValue | undefined;
  return grader !== undefined && isJsonObject(grader) ? grader[name] : undefined;
}

/** Undefined takes the setting back. */
export function withGraderSetting(row: DatasetItem, name: string, value: string | number | boolean | undefined): DatasetItem {
  const grader = row.grader as JsonValue | undefined;
  const before = grader !== undefined && isJsonObject(grader) ? grader : { type: graderType(row) };
  const { [name]: _old, ...rest } = before;
  return { ...row, grader: (value === undefined ? rest : { ...rest, [name]: value }) as DatasetItem['grader'] };
}

function graderType({ grader }: DatasetItem): string | null {
  if (typeof grader === 'string') return grader;
  return typeof grader === 'object' && grader !== null && 'type' in grader && typeof grader.type === 'string' ? grader.type : null;
}
