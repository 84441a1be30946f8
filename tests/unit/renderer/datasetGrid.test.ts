import { expect, it } from 'vitest';
import type { DatasetItem } from '#shared/contract/datasets.ts';
import { barWords } from '../../../src/renderer/features/benchmarks/datasets/barWords.ts';
import {
  graderOf,
  graderSetting,
  graderWords,
  withGrader,
  withGraderSetting,
} from '../../../src/renderer/features/benchmarks/datasets/graderChoices.ts';
import { chosenRows, type GridCursor, moved, stepOfKey } from '../../../src/renderer/features/benchmarks/datasets/gridCursor.ts';

const at: GridCursor = { row: 1, column: 'input', anchor: 1 };
const row: DatasetItem = { id: 'a', task: 't', system: null, input: 'x', expected: 'y' };

it('moves as a spreadsheet does, stops at its ends, and lets Tab out behind the last cell', () => {
  const rows = 3;
  expect(moved(at, 'down', { rows })).toEqual({ row: 2, column: 'input', anchor: 2 });
  expect(moved({ ...at, row: 2 }, 'down', { rows })?.row).toBe(2);
  expect(moved(at, 'left', { rows })?.column).toBe('input');
  expect(moved({ ...at, column: 'tags' }, 'next', { rows })).toEqual({ row: 2, column: 'input', anchor: 2 });
  expect(moved({ row: 2, column: 'tags', anchor: 2 }, 'next', { rows })).toBeNull();
  expect(moved({ row: 0, column: 'input', anchor: 0 }, 'previous', { rows })).toBeNull();
  expect(moved(at, 'last', { rows })).toMatchObject({ row: 2, column: 'tags' });
  const down = moved(at, 'down', { rows, extends: true });
  expect(down === null ? null : chosenRows(down)).toEqual({ from: 1, to: 2 });
  expect(stepOfKey({ key: 'Tab', ctrl: false, shiftKey: true })).toBe('previous');
  expect(stepOfKey({ key: 'Home', ctrl: true, shiftKey: false })).toBe('first');
  expect(stepOfKey({ key: 'x', ctrl: false, shiftKey: false })).toBeNull();
});

it('names a check in plain words, sets it up, and leaves one that came with a file as it is', () => {
  expect(graderWords(row)).toBe('Same text');
  expect(graderWords({ ...row, labels: ['y'] })).toBe('One label');
  const contains = withGraderSetting(withGrader(row, 'contains'), 'ignoreCase', true);
  expect(contains.grader).toEqual({ type: 'contains', ignoreCase: true });
  expect(graderSetting(contains, 'ignoreCase')).toBe(true);
  expect(withGraderSetting(contains, 'ignoreCase', undefined).grader).toEqual({ type: 'contains' });
  expect(withGraderSetting({ ...row, grader: 'regex' }, 'pattern', 'a+').grader).toEqual({ type: 'regex', pattern: 'a+' });
  expect(withGrader(contains, 'default')).toEqual(row);
  const own = { ...row, grader: { type: 'key-facts', facts: [['a']] } };
  expect(graderOf(own)).toBe('other');
  expect(graderWords(own)).toBe('key-facts');
});

it('says what so many items can show', () => {
  expect(barWords(100, 0.9)).toBe('With 100 items a bar of 90% needs 96 passes.');
  expect(barWords(12, 0.9)).toBe('With 12 items not even all right shows a bar of 90%: at least 29 are needed.');
  expect(barWords(0, 0.8)).toBe('A bar of 80% needs at least 14 items.');
});
