import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appRoot } from '#main/hosts/hostPaths.ts';
import type { ShippedEntry } from '#main/services/benchmarks/shippedSuites.ts';
import { createSuiteCatalogue, type SuiteCatalogue } from '#main/services/benchmarks/suiteCatalogue.ts';
import { type Database, openDatabase } from '#main/storage/database.ts';
import { createDatasetTable } from '#main/storage/datasetTable.ts';
import { newFolder } from './benchmarkHarness.ts';

let folder: Awaited<ReturnType<typeof newFolder>>;
let database: Database;
let catalogue: SuiteCatalogue;
beforeEach(async () => {
  folder = await newFolder();
  database = openDatabase(':memory:');
  catalogue = createSuiteCatalogue({
    folder: join(appRoot(), 'resources', 'suites'),
    datasets: createDatasetTable(database),
    now: () => 1,
  });
});
afterEach(async () => {
  database.close();
  await folder[Symbol.asyncDispose]();
});

const good = (id: string, more: object = {}): string => JSON.stringify({ id, task: 'mine', input: 'Say yes', expected: 'yes', ...more });
async function dataset(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder.path, name);
  await writeFile(path, lines.join('\n'));
  return path;
}

describe('suites that ship', () => {
  it('are speed and seventeen labelled sets, each with its items', async () => {
    const suites = await catalogue.list();
    expect(suites.map((suite) => suite.id)).toHaveLength(18);
    expect(suites[0]).toMatchObject({ id: 'speed', kind: 'speed', source: 'shipped' });
    for (const suite of suites.slice(1)) {
      expect(await catalogue.itemsOf(suite)).toHaveLength(suite.itemCount);
      expect(suite.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('hold what suites.json says of them: a changed item needs a new version and its hash', async () => {
    const index = JSON.parse(await readFile(join(appRoot(), 'resources', 'suites', 'suites.json'), 'utf8')) as { suites: ShippedEntry[] };
    const said = index.suites.map(({ id, version, sha256 }) => ({ id, version, sha256 }));
    const held = (await catalogue.list()).slice(1).map(({ id, version, sha256 }) => ({ id, version, sha256 }));
    expect(held).toEqual(said);
  });

  it('of the eight tasks are asked at five temperatures unless others are named', async () => {
    expect((await catalogue.get('talk')).temperatures).toEqual([0.1, 0.3, 0.5, 0.7, 0.9]);
    expect((await catalogue.get('closed-output')).temperatures).toBeNull();
  });

  it('have a hundred jobs of closed output in five kinds', async () => {
    const items = await catalogue.itemsOf(await catalogue.get('closed-output'));
    const counts = Object.entries(Object.groupBy(items, (item) => item.task)).map(([task, of]) => [task, of?.length]);
    expect(Object.fromEntries(counts)).toEqual({
      classification: 25,
      extraction: 25,
      routing: 20,
      'templated summary': 15,
      tagging: 15,
    });
    expect(new Set(items.map((item) => item.input)).size).toBe(100);
  });

  it('give their grader to items that name none', async () => {
    const items = await catalogue.itemsOf(await catalogue.get('tagging_csv'));
    expect(items.every((item) => item.grader?.type === 'same-set')).toBe(true);
  });

  it('are named in the hint when an unknown one is asked for', async () => {
    await expect(catalogue.get('nonsense')).rejects.toMatchObject({ code: 'suite-not-found', hint: expect.stringContaining('routing') });
  });
});

describe("a user's data set", () => {
  it('becomes a suite named after its file, and is there again next time', async () => {
    const { suite, skipped } = await catalogue.addDataset(await dataset('My Tickets.jsonl', [good('a'), good('b')]), { skipBad: false });
    expect(suite).toMatchObject({ id: 'my-tickets', name: 'My Tickets', itemCount: 2, source: 'yours', kind: 'labelled' });
    expect(skipped).toEqual([]);
    expect((await catalogue.list()).at(-1)).toEqual(suite);
  });

  it('is refused with every bad line named, and taken without them when that is asked for', async () => {
    const path = await dataset('tickets.jsonl', [
      good('a'),
      '{broken',
      good('b', { input: '' }),
      good('c', { grader: { type: 'regex', pattern: '(?=look)' } }),
      good('d', { schema: { type: 'nonsense' }, grader: { type: 'json-schema' } }),
      good('a'),
      good('e'),
    ]);
    await expect(catalogue.addDataset(path, { skipBad: false })).rejects.toMatchObject({
      code: 'dataset-invalid',
      message: expect.stringMatching(/^5 lines of tickets\.jsonl .*line 2: .*line 3: .*line 4: .*line 5: .*line 6: /),
      hint: expect.stringContaining('2 items are fine'),
      data: { problems: [2, 3, 4, 5, 6].map((line) => expect.objectContaining({ line })) },
    });
    expect((await catalogue.list()).filter((suite) => suite.source === 'yours')).toEqual([]);
    const { suite, skipped } = await catalogue.addDataset(path, { skipBad: true });
    expect(suite.itemCount).toBe(2);
    expect(skipped.map((problem) => problem.line)).toEqual([2, 3, 4, 5, 6]);
  });

  it('never takes the name of another suite', async () => {
    const { suite } = await catalogue.addDataset(await dataset('routing.jsonl', [good('a')]), { skipBad: false });
    expect(suite.id).toBe('routing-2');
    const speed = await catalogue.addDataset(await dataset('speed.jsonl', [good('a')]), { skipBad: false });
    expect(speed.suite.id).toBe('speed-2');
    expect((await catalogue.get('routing')).itemCount).toBe(120);
  });

  it('is the suite that ships when it holds the same items', async () => {
    const path = join(appRoot(), 'resources', 'suites', 'sentiment.jsonl');
    expect((await catalogue.addDataset(path, { skipBad: false })).suite).toEqual(await catalogue.get('sentiment'));
    expect((await catalogue.list()).filter((suite) => suite.source === 'yours')).toEqual([]);
  });

  it('keeps its old items for old runs when its file changes', async () => {
    const path = await dataset('mine.jsonl', [good('a')]);
    const before = (await catalogue.addDataset(path, { skipBad: false })).suite;
    await dataset('mine.jsonl', [good('a'), good('b')]);
    const after = (await catalogue.addDataset(path, { skipBad: false })).suite;
    await rm(path);
    expect(after.id).toBe(before.id);
    expect(after.sha256).not.toBe(before.sha256);
    expect(await catalogue.itemsOf(before)).toHaveLength(1);
    expect(await catalogue.itemsOf(after)).toHaveLength(2);
  });

  it('may be a table: its separator is found, its lines are those of the file', async () => {
    const path = await dataset('mail.csv', [
      '\uFEFFquestion;label',
      '"Where is',
      'my parcel; please?";delivery',
      '',
      'Money back;refund',
      'Nothing;',
    ]);
    const { suite, skipped } = await catalogue.addDataset(path, { skipBad: true });
    expect(await catalogue.itemsOf(suite)).toMatchObject([
      { id: 'row-2', input: 'Where is\nmy parcel; please?', expected: 'delivery' },
      { id: 'row-5', input: 'Money back', expected: 'refund' },
    ]);
    expect(skipped).toMatchObject([{ line: 6 }]);
    const tabs = await dataset('mail.tsv', ['input\texpected', 'a, b; c\td']);
    expect(await catalogue.itemsOf((await catalogue.addDataset(tabs, { skipBad: false })).suite)).toMatchObject([
      { input: 'a, b; c', expected: 'd' },
    ]);
  });

  it('may be a promptfoo configuration or a list in JSON', async () => {
    const yaml = await dataset('promptfooconfig.yaml', [
      'prompts: ["Say {{word}}"]',
      'providers: [openai:gpt-4o]',
      'tests:',
      '  - vars: { word: yes }',
      '    assert: [{ type: equals, value: yes }]',
      '  - vars: { word: no }',
      '    assert: [{ type: llm-rubric, value: polite }]',
    ]);
    await expect(catalogue.addDataset(yaml, { skipBad: false })).rejects.toMatchObject({
      code: 'dataset-invalid',
      message: expect.stringContaining('line 2: The assertion "llm-rubric" cannot be graded here'),
    });
    const { suite } = await catalogue.addDataset(yaml, { skipBad: true });
    expect(await catalogue.itemsOf(suite)).toMatchObject([{ id: 'test-1', input: 'Say yes', expected: 'yes' }]);
    const list = await dataset('list.json', [JSON.stringify([{ id: 'a', input: 'x', expected: 'y' }], null, 2)]);
    expect((await catalogue.addDataset(list, { skipBad: false })).suite.itemCount).toBe(1);
  });

  it.each([
    ['open.csv', 'input,expected\n"never closed,x', /table cannot be read near line \d+: a quote that was opened is never closed\.$/],
    ['headless.csv', 'a,b\n1,2', /names no column for input/],
    ['broken.yaml', 'prompts: [\n', /YAML cannot be read/],
    [
      'laughs.yaml',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'.replace(
        /./g,
        (name) =>
          `${name}: &${name} [${Array(9)
            .fill(`*${String.fromCharCode(name.charCodeAt(0) - 1)}`)
            .join(',')}]\n`,
      )}prompts: *h\n`,
      /too many aliases/,
    ],
    ['empty.yaml', '', /not a mapping/],
  ])('%s is refused as a whole, in words', async (name, text, reason) => {
    const path = await dataset(name, [text]);
    await expect(catalogue.addDataset(path, { skipBad: true })).rejects.toMatchObject({
      code: 'dataset-invalid',
      message: expect.stringMatching(reason),
    });
  });

  it.each([
    ['missing.jsonl', null, 'dataset-unreadable'],
    ['empty.jsonl', Buffer.from(''), 'dataset-invalid'],
    ['binary.jsonl', Buffer.from([0xff, 0xfe, 0x00, 0x80]), 'dataset-unreadable'],
  ])('%s is refused with a code', async (name, bytes, code) => {
    const path = join(folder.path, name);
    if (bytes !== null) await writeFile(path, bytes);
    await expect(catalogue.addDataset(path, { skipBad: true })).rejects.toMatchObject({ code });
  });

  it('is refused when it is a folder', async () => {
    await expect(catalogue.addDataset(folder.path, { skipBad: false })).rejects.toMatchObject({ code: 'dataset-unreadable' });
  });
});
