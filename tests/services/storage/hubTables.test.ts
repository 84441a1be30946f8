import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '#main/storage/database.ts';
import { hubAnswerTable } from '#main/storage/hubAnswerTable.ts';
import { remoteHeaderTable } from '#main/storage/remoteHeaderTable.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const hour = 3_600_000;

function open(): Database {
  const database = openDatabase(join(temporaryFolder(), 'rightsize.db'));
  onTestFinished(() => database.close());
  return database;
}

describe('what the hub said', () => {
  test('is kept with its time and replaced by newer words', () => {
    const table = hubAnswerTable(open());
    expect(table.read('a', 0)).toBeUndefined();
    table.write('a', { models: ['x'] }, 5);
    table.write('a', { models: ['y'] }, 7);
    expect(table.read('a', 9)).toEqual({ answer: { models: ['y'] }, fetchedAt: 7 });
  });

  test('is let go of where it takes too much space, what was used longest ago first', () => {
    const table = hubAnswerTable(open(), 10_000);
    const answer = 'x'.repeat(2000);
    for (const [at, request] of ['a', 'b', 'c', 'd'].entries()) table.write(request, answer, at);
    table.read('a', 2 * hour);
    table.write('e', answer, 3 * hour);
    const kept = ['a', 'b', 'c', 'd', 'e'].filter((request) => table.read(request, 3 * hour) !== undefined);
    expect(kept).toEqual(['a', 'c', 'd', 'e']);
  });

  test('is not kept where one answer would push out most others, and the older one stays', () => {
    const table = hubAnswerTable(open(), 10_000);
    table.write('a', 'short', 1);
    table.write('a', 'x'.repeat(5000), 2);
    expect(table.read('a', 3)).toEqual({ answer: 'short', fetchedAt: 1 });
  });
});

describe('headers of files on the hub', () => {
  test('are kept by content, and let go of where they take too much space', () => {
    const table = remoteHeaderTable(open(), 10_000);
    for (const [at, content] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) table.write(content, { text: 'x'.repeat(2000) }, at);
    expect(['a', 'b', 'c', 'd', 'e', 'f'].filter((content) => table.read(content, 9) !== undefined)).toEqual(['c', 'd', 'e', 'f']);
    table.write('big', { text: 'x'.repeat(5000) }, 9);
    expect(table.read('big', 9)).toBeUndefined();
  });
});
