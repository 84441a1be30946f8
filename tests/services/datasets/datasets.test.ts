import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appRoot } from '#main/hosts/hostPaths.ts';
import { createSuiteCatalogue, type SuiteCatalogue } from '#main/services/benchmarks/suiteCatalogue.ts';
import { createDatasetService } from '#main/services/datasets/createDatasetService.ts';
import { createDatasetHandlers } from '#main/services/datasets/datasetHandlers.ts';
import type { DatasetService } from '#main/services/datasets/datasetService.ts';
import { type Database, openDatabase } from '#main/storage/database.ts';
import { createDatasetTable } from '#main/storage/datasetTable.ts';
import type { DatasetItem } from '#shared/contract/datasets.ts';
import { newFolder } from '../benchmarks/benchmarkHarness.ts';

let folder: Awaited<ReturnType<typeof newFolder>>;
let database: Database;
let catalogue: SuiteCatalogue;
let service: DatasetService;
beforeEach(async () => {
  folder = await newFolder();
  database = openDatabase(':memory:');
  const datasets = createDatasetTable(database);
  catalogue = createSuiteCatalogue({ folder: join(appRoot(), 'resources', 'suites'), datasets, now: () => 1 });
  service = createDatasetService({ catalogue, datasets, now: () => 1 });
});
afterEach(async () => {
  database.close();
  await folder[Symbol.asyncDispose]();
});

const item = (id: string, more: Partial<DatasetItem> = {}): DatasetItem => ({
  id,
  task: 'mine',
  system: null,
  input: `Say ${id}`,
  expected: id,
  ...more,
});
const make = (items: readonly DatasetItem[], name = 'My tickets') => service.save({ suiteId: null, name, items, keepUnfinished: false });
const contents = (): number => database.get<{ n: number }>('SELECT count(*) AS n FROM suite_contents')?.n ?? 0;

describe('a set made in the app', () => {
  it('is a suite like any other, with the items that were written', async () => {
    const { suite, problems } = await make([item('a'), item('b', { labels: ['b', 'c'], tags: ['easy'] })]);
    expect(problems).toEqual([]);
    expect(suite).toMatchObject({ id: 'my-tickets', name: 'My tickets', itemCount: 2, source: 'yours', kind: 'labelled' });
    expect((await catalogue.list()).at(-1)).toEqual(suite);
    expect(await catalogue.itemsOf(suite)).toMatchObject([{ id: 'a' }, { id: 'b', labels: ['b', 'c'], tags: ['easy'] }]);
    expect((await make([item('a')], 'Routing')).suite.id).toBe('routing-2');
  });

  it('is refused as a whole where rows cannot be used, each named by place and column', async () => {
    const rows = [
      item('a'),
      item('', { input: 'no id' }),
      item('b', { input: '' }),
      item('a'),
      item('c', { grader: { type: 'regex', pattern: '(?=look)' } }),
      item('d', { grader: { type: 'magic' } }),
      item('e', { expected: null }),
      item('f', { grader: 'json-schema', schema: { type: 'nonsense' } }),
    ];
    const refused = await make(rows).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'dataset-invalid', message: expect.stringMatching(/^7 items .*row 2: .*row 8: /) });
    const problems = (refused as { data: { problems: { line: number; column: string }[] } }).data.problems;
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [2, 'id'],
      [3, 'input'],
      [4, 'id'],
      [5, 'grader'],
      [6, 'grader'],
      [7, 'expected'],
      [8, 'schema'],
    ]);
    expect(problems[2]).toMatchObject({ message: 'The id "a" was already used in row 1.' });
    expect((await catalogue.list()).filter((suite) => suite.source === 'yours')).toEqual([]);
  });

  it('keeps rows that are not finished in their place, and asks only the others', async () => {
    const rows = [item('a'), item('b', { expected: null }), item('c')];
    const saved = await service.save({ suiteId: null, name: 'Mine', items: rows, keepUnfinished: true });
    expect(saved.suite.itemCount).toBe(2);
    expect(saved.problems).toEqual([{ line: 2, column: 'expected', message: '"expected" is missing.' }]);
    expect(await service.items('mine')).toMatchObject({ items: rows, problems: saved.problems, revision: saved.revision });
    expect((await catalogue.itemsOf(saved.suite)).map((one) => one.id)).toEqual(['a', 'c']);
    const empty = await service.save({ suiteId: 'mine', name: 'Mine', items: [], keepUnfinished: true });
    expect(empty.suite.itemCount).toBe(0);
  });

  it('is not overwritten by somebody who has not seen its last change', async () => {
    const first = await make([item('a')]);
    const mine = { suiteId: first.suite.id, name: 'My tickets', keepUnfinished: false, revision: first.revision };
    const second = await service.save({ ...mine, items: [item('a'), item('b')] });
    await expect(service.save({ ...mine, items: [item('z')] })).rejects.toMatchObject({ code: 'dataset-changed' });
    expect((await service.items(first.suite.id)).items.map((one) => one.id)).toEqual(['a', 'b']);
    const renamed = await service.save({ ...mine, revision: second.revision, name: 'Renamed', items: [item('a'), item('b')] });
    expect(renamed.suite).toMatchObject({ id: 'my-tickets', name: 'Renamed', sha256: second.suite.sha256 });
  });

  it('forgets old items but for those that a run asked, and the run keeps them after the set is removed', async () => {
    const before = contents();
    const first = await make([item('a')]);
    const change = (id: string) => service.save({ suiteId: first.suite.id, name: 'My tickets', items: [item(id)], keepUnfinished: false });
    database.run(
      `INSERT INTO runs (id, name, state, plan, suites, models, total, started_at) VALUES ('r', 'r', 'done', '{}', ?, '[]', 0, 1)`,
      JSON.stringify([first.suite]),
    );
    for (const id of ['b', 'c', 'd', 'e']) await change(id);
    expect(contents() - before).toBe(3);
    await service.remove(first.suite.id);
    expect((await catalogue.list()).filter((suite) => suite.source === 'yours')).toEqual([]);
    expect(await catalogue.itemsOf(first.suite)).toMatchObject([{ id: 'a' }]);
  });
});

describe('one item added', () => {
  it('begins a set or joins one, under an id that is free, beside rows that are not finished', async () => {
    const begun = await service.add({ suiteId: null, name: 'From chat', item: item('') });
    expect(begun).toMatchObject({ id: 'from-chat', itemCount: 1 });
    const rows = [item('item-1'), item('half', { input: '' })];
    await service.save({ suiteId: begun.id, name: 'From chat', items: rows, keepUnfinished: true });
    const joined = await service.add({ suiteId: begun.id, item: item('item-1') });
    expect(joined.itemCount).toBe(2);
    expect((await service.items(begun.id)).items.map((one) => one.id)).toEqual(['item-1', 'half', 'item-3']);
    await expect(service.add({ suiteId: begun.id, item: item('x', { input: ' ' }) })).rejects.toMatchObject({ code: 'dataset-invalid' });
  });
});

describe('a suite that ships', () => {
  it('can be read and copied, and not changed', async () => {
    const { items, problems } = await service.items('sentiment');
    expect(problems).toEqual([]);
    await expect(service.save({ suiteId: 'sentiment', name: 'x', items, keepUnfinished: false })).rejects.toMatchObject({
      code: 'dataset-not-yours',
    });
    await expect(service.remove('sentiment')).rejects.toMatchObject({ code: 'dataset-not-yours' });
    expect((await make(items, 'Sentiment')).suite).toMatchObject({ id: 'sentiment-2', itemCount: items.length });
    await expect(service.items('nonsense')).rejects.toMatchObject({ code: 'suite-not-found' });
  });
});

describe('a file taken in', () => {
  const lines = ['{"id":"a","task":"t","input":"x","expected":"y"}', 'broken', '{"id":"b","task":"t","input":"","expected":"y"}'];

  it('says what is wrong by line, and is taken without those lines from where it was chosen', async () => {
    const path = join(folder.path, 'tickets.jsonl');
    await writeFile(path, lines.join('\n'));
    let asked = 0;
    const pickFiles = async () => {
      asked += 1;
      return asked === 1 ? [path] : [];
    };
    const handlers = createDatasetHandlers(service, { pickFiles });
    const call = (skipBad: boolean) => handlers['datasets.import']({ path: undefined, skipBad }, { signal: new AbortController().signal });
    await expect(call(false)).rejects.toMatchObject({ code: 'dataset-invalid', data: { problems: [{ line: 2 }, { line: 3 }] } });
    const taken = await call(true);
    expect(taken).toMatchObject({ suite: { id: 'tickets', itemCount: 1 }, skipped: [{ line: 2 }, { line: 3, column: 'input' }] });
    expect(asked).toBe(1);
    expect(await call(true)).toEqual({ suite: null, skipped: [] });
  });

  it('is the set made here that it was exported from, which keeps its name and its unfinished rows', async () => {
    const rows = [item('a'), item('half', { expected: null })];
    const mine = await service.save({ suiteId: null, name: 'Tickets', items: rows, keepUnfinished: true });
    const path = join(folder.path, 'tickets.jsonl');
    await writeFile(path, JSON.stringify(item('a')));
    expect((await service.importFile(path, { skipBad: false })).suite).toEqual(mine.suite);
    expect((await service.items('tickets')).items).toEqual(rows);
  });

  it('is a set of its own once the one made of it was changed here', async () => {
    const path = join(folder.path, 'tickets.jsonl');
    await writeFile(path, lines[0] ?? '');
    const { suite } = await service.importFile(path, { skipBad: false });
    const { revision } = await service.items(suite.id);
    await service.save({ suiteId: suite.id, name: suite.name, items: [item('mine')], keepUnfinished: true, revision });
    const again = await service.importFile(path, { skipBad: false });
    expect(again.suite.id).toBe('tickets-2');
    expect((await service.items('tickets')).items.map((one) => one.id)).toEqual(['mine']);
  });
});
