import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandLine, type Document, documents, errorOf, newCommandLine } from './commandLine.ts';

const smallest = 'starter-1m-instruct-q4_k_m';
let cli: CommandLine;
beforeAll(async () => {
  cli = await newCommandLine();
});
afterAll(() => cli[Symbol.asyncDispose]());

const keyOf = (line: Document): string =>
  JSON.stringify([line['model'], line['suite'], line['itemId'], line['temperature'], line['repeat']]);

const rowsOf = (last: Document | undefined): Document[] => (last?.['models'] ?? []) as Document[];

async function journal(runId: unknown): Promise<Document[]> {
  const end = await cli.run('report', String(runId), '--format', 'jsonl');
  expect(end.code).toBe(0);
  return documents(end);
}

describe('bench --json', () => {
  it('names the run first, the verdict with its interval last, and writes the report', async () => {
    const out = join(cli.home, 'report');
    const end = await cli.run(
      'bench',
      '--models',
      smallest,
      '--suite',
      'speed,routing',
      '--limit',
      '40',
      '--bar',
      '0.7',
      '--out',
      out,
      '--json',
    );
    expect(end.stderr).toBe('');
    expect(end.code).toBe(0);
    const lines = documents(end);
    expect(lines[0]).toMatchObject({ runId: expect.any(String), state: 'running', done: 0, total: 55 });
    const last = lines.at(-1);
    expect(last).toMatchObject({
      runId: lines[0]?.['runId'],
      verdict: { state: 'fits', model: smallest, reason: expect.any(String) },
      samples: { done: 55, total: 55 },
      report: { folder: out },
    });
    const rows = rowsOf(last);
    expect(rows.map((row) => [row['id'], row['suite'], row['n']])).toEqual([
      [smallest, 'speed', 10],
      [smallest, 'routing', 40],
      [smallest, 'all', 40],
    ]);
    for (const row of rows.slice(1)) {
      expect(row).toMatchObject({
        passed: expect.any(Number),
        passRate: expect.any(Number),
        low: expect.any(Number),
        high: expect.any(Number),
        ttftMs: { p50: expect.any(Number), p95: expect.any(Number) },
        generationTokensPerSecond: expect.any(Number),
        peakMemoryBytes: expect.any(Number),
      });
    }
    expect((await readdir(out)).sort()).toEqual([
      'report.csv',
      'report.html',
      'report.json',
      'report.jsonl',
      'report.junit.xml',
      'report.md',
    ]);
    expect(JSON.parse(await readFile(join(out, 'report.json'), 'utf8'))).toMatchObject({ runId: last?.['runId'] });
  });

  it('ends with 3 when the bar is not reached', async () => {
    const end = await cli.run('bench', '--models', smallest, '--suite', 'arithmetic', '--limit', '30', '--json');
    expect(end.code).toBe(3);
    expect(documents(end).at(-1)).toMatchObject({ verdict: { state: 'fails', model: null } });
  });

  it('asks nothing twice after SIGKILL at half, and ends with the same number of samples', async () => {
    const args = ['bench', '--models', `${smallest},starter-1m-instruct-q8_0`, '--suite', 'speed,routing', '--json'];
    const killed = cli.start(...args);
    const half = await killed.when((line) => Number(line['done']) >= Number(line['total']) / 2);
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toMatchObject({ code: null, signal: 'SIGKILL' });

    const resumed = await cli.run(...args, '--resume', String(half['runId']));
    expect(resumed.stderr).toBe('');
    const [first] = documents(resumed);
    expect(first).toMatchObject({ runId: half['runId'], total: half['total'] });
    expect(Number(first?.['done'])).toBeGreaterThanOrEqual(Number(half['done']));
    expect(documents(resumed).at(-1)).toMatchObject({ samples: { done: half['total'], total: half['total'] } });
    const samples = await journal(half['runId']);
    expect(samples).toHaveLength(Number(half['total']));
    expect(new Set(samples.map(keyOf)).size).toBe(samples.length);
  });

  it('pauses on SIGINT with 130 and says how to go on', async () => {
    const interrupted = cli.start('bench', '--models', smallest, '--suite', 'summary,routing,sentiment', '--json');
    const line = await interrupted.when((document) => Number(document['done']) >= 1);
    // As a terminal does: Ctrl+C reaches the runner too.
    const { pid } = interrupted.child;
    if (pid === undefined) throw new Error('The command never started.');
    process.kill(-pid, 'SIGINT');
    const end = await interrupted.ended;
    expect(end.code).toBe(130);
    expect(errorOf(end)).toMatchObject({ code: 'cancelled', hint: expect.stringContaining(`bench --resume ${line['runId']}`) });
    const paused = documents(end).at(-2);
    expect(paused).toMatchObject({ runId: line['runId'], state: 'paused', total: 360 });

    const resumed = await cli.run('bench', '--resume', 'last', '--json');
    expect(documents(resumed)[0]).toMatchObject({ runId: line['runId'], done: paused?.['done'] });
    const samples = await journal(line['runId']);
    expect(samples).toHaveLength(360);
    expect(samples.filter((sample) => sample['state'] === 'error')).toEqual([]);
  });

  it('shows the results of a run that was complete when it is resumed', async () => {
    const run = documents(await cli.run('bench', '--models', smallest, '--suite', 'routing', '--limit', '3', '--json')).at(-1);
    const again = await cli.run('bench', '--resume', String(run?.['runId']), '--json');
    expect(documents(again)).toEqual([run]);
  });

  it('compares with an earlier run, item by item', async () => {
    const args = ['bench', '--models', smallest, '--suite', 'routing', '--limit', '10', '--json'];
    const baseline = documents(await cli.run(...args)).at(-1);
    const end = await cli.run(...args, '--baseline', String(baseline?.['runId']));
    expect(documents(end).at(-1)?.['baseline']).toEqual({
      baselineRunId: baseline?.['runId'],
      models: [expect.objectContaining({ modelId: smallest, n: 10, lost: 0, gained: 0, changed: 0, mcnemarP: 1, differs: [], flips: [] })],
    });
  });
});

describe('bench for people', () => {
  it('prints a table, the verdict and where the report is', async () => {
    const end = await cli.run('bench', '--models', smallest, '--suite', 'speed,routing', '--limit', '30', '--bar', '0.6');
    expect(end.code).toBe(0);
    expect(end.stdout).toContain('Starter 1M Instruct Q4_K_M');
    expect(end.stdout).toMatch(/\d+% \[\d+–\d+\]/);
    expect(end.stdout).toMatch(/Verdict: fits\. Starter 1M Instruct Q4_K_M passes your bar: \d+ of \d+ items passed/);
    expect(end.stderr).toContain(join(cli.home, 'data', 'reports'));
  });
});

describe("bench on a user's data set", () => {
  const item = (id: string): string =>
    JSON.stringify({ id, task: 'mine', input: 'Is the word good positive?', expected: ['yes', 'no'], grader: 'one-of' });

  it('asks it alone and names the suite after the file', async () => {
    const file = join(cli.home, 'mine.jsonl');
    await writeFile(file, `${item('a')}\n${item('b')}\n`);
    const last = documents(await cli.run('bench', '--models', smallest, '--dataset', file, '--json')).at(-1);
    expect(rowsOf(last).map((row) => [row['suite'], row['n']])).toEqual([
      ['mine', 2],
      ['all', 2],
    ]);
  });

  it('is refused with the numbers of its bad lines, and run without them when told to', async () => {
    const file = join(cli.home, 'broken.jsonl');
    await writeFile(file, `${item('a')}\nnot json\n${item('b')}\n{"id":"c"}\n`);
    const refused = await cli.run('bench', '--models', smallest, '--dataset', file, '--json');
    expect(refused.code).toBe(2);
    expect(errorOf(refused)).toMatchObject({
      code: 'dataset-invalid',
      message: expect.stringMatching(/line 2: .*line 4: /),
      hint: expect.any(String),
    });
    const taken = await cli.run('bench', '--models', smallest, '--dataset', file, '--skip-bad-lines', '--json');
    expect(documents(taken).at(-1)).toMatchObject({ samples: { done: 2, total: 2 } });
  });
});

describe('bench with bad input', () => {
  it.each([
    [['--suite', 'nonsense'], 'suite-not-found'],
    [['--models', 'nobody'], 'model-not-found'],
    [['--dataset', 'nowhere.jsonl'], 'dataset-unreadable'],
    [['--resume', 'never'], 'run-not-found'],
    [['--baseline', 'never'], 'run-not-found'],
    [['--reference', 'nobody'], 'model-not-found'],
    [['--bar', '1.5'], 'usage'],
    [['--temperatures', 'hot'], 'usage'],
    [['--temperatures', '9'], 'usage'],
    [['--repeats', '0'], 'usage'],
    [['--repeats', '1000'], 'usage'],
    [['--context', '5'], 'usage'],
    [['--nonsense'], 'usage'],
  ])('%j ends with 2 and %s', async (args, code) => {
    const end = await cli.run('bench', ...args, '--json');
    expect(end.code).toBe(2);
    expect(errorOf(end)).toMatchObject({ code, message: expect.any(String), hint: expect.any(String) });
    // What was typed is named as it was typed, and not as it is called inside.
    if (code === 'usage') expect(errorOf(end)).toMatchObject({ message: expect.stringContaining(String(args[0])) });
  });

  it('says usage errors on stderr without --json', async () => {
    const end = await cli.run('bench', '--nonsense');
    expect(end).toMatchObject({ code: 2, stdout: '' });
    expect(end.stderr).toMatch(/^error: .*--nonsense/);
  });
});
