import { describe, expect, it } from 'vitest';
import type { DatasetItem } from '#shared/contract/datasets.ts';
import {
  cellText,
  historyOf,
  insertRows,
  nextRow,
  redone,
  removeRows,
  toJsonLines,
  undone,
  withCell,
  withRows,
} from '../../../src/renderer/stores/datasetRows.ts';
import { readClipboard, withPasted } from '../../../src/renderer/stores/pastedRows.ts';

const row = (id: string, more: Partial<DatasetItem> = {}): DatasetItem => ({
  id,
  task: 't',
  system: null,
  input: id,
  expected: 'yes',
  ...more,
});
const columns = ['input', 'expected', 'labels', 'tags'] as const;
const at = (index: number, column: (typeof columns)[number] = 'input') => ({ row: index, column, columns });

describe('a cell', () => {
  it('is text that a person can read, and becomes the same value again', () => {
    const whole = row('a', { expected: { total: 3 }, labels: ['x', 'y'], tags: ['easy'] });
    expect(cellText(whole, 'expected')).toBe('{"total":3}');
    expect(cellText(whole, 'labels')).toBe('x; y');
    for (const column of columns) expect(withCell(whole, column, cellText(whole, column))).toBe(whole);
    expect(withCell(row('a'), 'expected', '["one", "two"]').expected).toEqual(['one', 'two']);
    expect(withCell(row('a'), 'expected', '0042').expected).toBe('0042');
    expect(withCell(row('a'), 'expected', '[broken').expected).toBe('[broken');
  });

  it('that is emptied is not there yet: no answer, no labels, no system prompt', () => {
    const full = row('a', { labels: ['x'], system: 'Be brief.' });
    expect(withCell(full, 'expected', ' ').expected).toBeNull();
    expect(withCell(full, 'labels', ' ; ').labels).toBeNull();
    expect(withCell(full, 'system', '').system).toBeNull();
    expect(withCell(full, 'labels', 'a; b;a').labels).toEqual(['a', 'b']);
  });
});

describe('rows', () => {
  it('go on as the one before was: same labels, check and system prompt, an id that is free', () => {
    const rows = [row('item-3', { labels: ['x'], grader: 'exact', system: 'S', tags: ['old'] }), row('b')];
    expect(nextRow(rows, rows[0])).toEqual({
      id: 'item-4',
      task: 't',
      system: 'S',
      input: '',
      expected: null,
      labels: ['x'],
      grader: 'exact',
    });
  });

  it('keep ids apart when they are duplicated, and can be taken out and brought back', () => {
    const rows = [row('a'), row('b')];
    const twice = insertRows(rows, 1, rows);
    expect(twice.map(({ id }) => id)).toEqual(['a', 'item-3', 'item-4', 'b']);
    const history = withRows(withRows(historyOf(rows), twice), removeRows(twice, 0, 2));
    expect(history.rows.map(({ id }) => id)).toEqual(['b']);
    expect(undone(history).rows).toBe(twice);
    expect(undone(undone(history)).rows).toBe(rows);
    expect(redone(undone(history)).rows).toEqual(history.rows);
    expect(withRows(undone(history), rows).future).toEqual([]);
    expect(undone(historyOf(rows)).rows).toBe(rows);
  });

  it('leave as one item a line, without what says nothing', () => {
    expect(toJsonLines([row('a', { labels: null, tags: [], tools: ['calculator'] }), row('b', { system: 'S', grader: 'numeric' })])).toBe(
      '{"id":"a","task":"t","input":"a","expected":"yes","tools":["calculator"]}\n' +
        '{"id":"b","task":"t","system":"S","input":"b","expected":"yes","grader":"numeric"}\n',
    );
  });
});

describe('a paste', () => {
  it('of spreadsheet cells fills from the cursor on and adds rows as needed', () => {
    const pasted = withPasted([row('a'), row('b')], 'one\tbilling\n"two\nlines, ""quoted"""\tbug\nthree\tother\n', at(1));
    expect(pasted.map(({ id, input, expected }) => [id, input, expected])).toEqual([
      ['a', 'a', 'yes'],
      ['b', 'one', 'billing'],
      ['item-3', 'two\nlines, "quoted"', 'bug'],
      ['item-4', 'three', 'other'],
    ]);
    expect(withPasted([row('a')], 'bug', at(0, 'expected'))[0]).toMatchObject({ input: 'a', expected: 'bug' });
  });

  it('with a head line is added behind the others, each column where it belongs', () => {
    const text = 'Answer,Prompt,Labels\r\nbug,"It broke, again",bug;other\r\nother,Hello,bug;other\r\n';
    const pasted = withPasted([row('a')], text, at(0, 'tags'));
    expect(pasted).toHaveLength(3);
    expect(pasted[1]).toMatchObject({ id: 'item-2', input: 'It broke, again', expected: 'bug', labels: ['bug', 'other'] });
    expect(pasted[0]).toEqual(row('a'));
  });

  it('of sentences is a sentence a row, commas and quotes in them left alone', () => {
    const lines = ['Hello, I am here', 'Well, so am I', '"Stop", he said'];
    expect(withPasted([], lines.join('\n'), at(0)).map(({ input }) => input)).toEqual(lines);
    expect(readClipboard('a "b" c').map(({ cells }) => cells)).toEqual([['a "b" c']]);
    expect(readClipboard('').map(({ cells }) => cells)).toEqual([['']]);
  });
});
