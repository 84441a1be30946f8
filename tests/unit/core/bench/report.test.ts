import { describe, expect, it } from 'vitest';
import { benchDocument } from '#core/bench/benchDocument.ts';
import { renderReport } from '#core/bench/report.ts';
import { csvCell } from '#core/bench/reportCsv.ts';
import { markdownText } from '#core/bench/reportMarkdown.ts';
import type { RunReport } from '#core/bench/runReport.ts';
import { summariseRun } from '#core/bench/summariseRun.ts';
import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import { RunPlan } from '#shared/contract/benchmarks.ts';
import { answersOf, sampleOf } from '../../../fixtures/sampleRecords.ts';

const samples = [
  ...answersOf('small', { passed: 95, n: 100 }),
  sampleOf({ itemId: 'pp512', suite: 'speed', state: 'measured', passed: null, tokensPerSecond: 800, timings: null }),
  sampleOf({ itemId: 'tg128', suite: 'speed', state: 'measured', passed: null, tokensPerSecond: 60, timings: null }),
];
const plan = RunPlan.parse({ modelIds: ['small'], suiteIds: ['speed', 'colours'] });

function resultsOf(name = 'Small | =cmd'): RunResults {
  const suites = [
    { id: 'speed', name: 'Speed', description: '', kind: 'speed' as const, itemCount: 3, source: 'shipped' as const, sha256: 'aa' },
    { id: 'colours', name: 'Colours', description: '', kind: 'labelled' as const, itemCount: 100, source: 'yours' as const, sha256: 'bb' },
  ];
  const models = [{ modelId: 'small', name, quant: 'Q4_K_M', sizeBytes: 4_164_608, parameters: 6_689_024 }];
  const outcome = summariseRun({ models, suites, samples, plan });
  return {
    run: {
      id: 'run-1',
      name: 'Run 1',
      state: 'done',
      plan,
      total: 102,
      done: 102,
      startedAt: 0,
      finishedAt: 60_000,
      elapsedMs: 60_000,
      verdict: outcome.verdict,
      error: null,
    },
    suites,
    verdict: outcome.verdict,
    models: outcome.models,
    conditions: {
      engine: 'engine 1',
      backend: 'cpu',
      threads: 1,
      contextTokens: 1024,
      cpu: 'A | B',
      models: [{ modelId: 'small', sha256: 'cc' }],
    },
  };
}

describe('the document of a run', () => {
  it('has one row per model and suite, and one over all', () => {
    const document = benchDocument(resultsOf());
    expect(document).toMatchObject({
      runId: 'run-1',
      verdict: { state: 'fits', model: 'small', reason: expect.stringContaining('95 of 100') },
    });
    expect(document.models.map((row) => [row.id, row.suite, row.n, row.passed, row.passRate])).toEqual([
      ['small', 'speed', 2, null, null],
      ['small', 'colours', 100, 95, 0.95],
      ['small', 'all', 100, 95, 0.95],
    ]);
    expect(document.models.at(-1)).toMatchObject({
      low: expect.closeTo(0.888, 3),
      high: expect.closeTo(0.978, 3),
      ttftMs: { p50: 20, p95: 20 },
      generationTokensPerSecond: expect.closeTo(100),
      peakMemoryBytes: 1000,
      verdict: 'fits',
    });
    expect(document.models[0]).toMatchObject({
      generationTokensPerSecond: 60,
      promptTokensPerSecond: 800,
      ttftMs: { p50: null, p95: null },
    });
  });

  it('is the JSON report', () => {
    const results: RunReport = resultsOf();
    expect(JSON.parse(renderReport({ results, samples, format: 'json' }))).toEqual(JSON.parse(JSON.stringify(benchDocument(results))));
  });
});

describe('a model behind an endpoint', () => {
  it('has no size in any report', () => {
    const { models, ...rest } = resultsOf();
    const results = { ...rest, models: models.map((model) => ({ ...model, remote: true, sizeBytes: 0 })) };
    expect(benchDocument(results).models.map((row) => row.sizeBytes)).toEqual([null, null, null]);
    const [head = '', row = ''] = renderReport({ results, samples, format: 'csv' }).split('\r\n');
    expect(row.split(',')[head.split(',').indexOf('sizeBytes')]).toBe('');
    for (const format of ['md', 'html'] as const) expect(renderReport({ results, samples, format })).not.toMatch(/\b0(?:\.0)? [MGK]?B\b/);
  });
});

describe('the JSONL report', () => {
  it('has one line a sample: the fields of the product page first, then what else is known', () => {
    const lines = renderReport({ results: resultsOf(), samples, format: 'jsonl' }).trimEnd().split('\n');
    expect(lines).toHaveLength(samples.length);
    expect(Object.keys(JSON.parse(lines[0] ?? '') as object)).toEqual([
      'runId',
      'model',
      'suite',
      'itemId',
      'temperature',
      'repeat',
      'state',
      'passed',
      'grade',
      'output',
      'usage',
      'timings',
      ...['finishReason', 'error', 'reasoning', 'calls', 'work', 'judgements', 'overrule'],
    ]);
  });
});

describe('the CSV report', () => {
  it('has a head, one row per model and suite, and empty cells for what is unknown', () => {
    const lines = renderReport({ results: resultsOf(), samples, format: 'csv' }).split('\r\n');
    expect(lines[0]).toMatch(/^model,name,quant,suite,n,passed,passRate,low,high,verdict,/);
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(/^small,Small \| =cmd,Q4_K_M,speed,2,,,,,,,/);
  });

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['@sum', "'@sum"],
    ['-1', "'-1"],
    [-1, '-1'],
    [null, ''],
  ])('writes the cell %j as %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

describe('the Markdown report', () => {
  it('tells how a judge stands to people only where it was held against them', () => {
    const { models, ...rest } = resultsOf();
    const judged = { n: 5, missing: 0, score: 0.5, low: 0.2, high: 0.8, calibrated: false };
    const judge = { judgeId: 'j', name: 'Judge 3B', kappa: null, low: null, high: null, calibrated: false, flipRate: null, problem: null };
    const pageOf = (held: { readonly n: number; readonly accuracy: number }, said: typeof judged | null = judged): string =>
      renderReport({
        results: { ...rest, models: models.map((model) => ({ ...model, judged: said })), judge: { ...judge, ...held } },
        samples,
        format: 'md',
      });
    expect(pageOf({ n: 0, accuracy: 0 })).toContain('Judge: Judge 3B, not held against judgements of people.');
    expect(pageOf({ n: 60, accuracy: 0.5 })).toContain('Judge: Judge 3B, 50% as people on 60 labelled judgements, κ –, so uncalibrated.');
    expect(pageOf({ n: 60, accuracy: 0.5 }, null)).toContain('Judge: Judge 3B, 50% as people');
  });

  it('says why the run should be made anew', () => {
    const results = { ...resultsOf(), outdated: ['The file of *Small* has changed.'] };
    expect(renderReport({ results, samples, format: 'md' })).toContain(
      '\n## Worth running again\n\n- The file of \\*Small\\* has changed.\n\n## Models',
    );
  });

  it('opens with the verdict and keeps its tables whole whatever names hold', () => {
    const page = renderReport({ results: resultsOf('Evil | <b>*x*</b>\n# y'), samples, format: 'md' });
    expect(page).toMatch(/^# Run 1\n\n\*\*Fits\.\*\* Evil \\\| \\<b\\>\\\*x\\\*\\<\/b\\> # y Q4_K_M passes your bar: /);
    const rows = page.split('\n').filter((line) => line.startsWith('| Evil'));
    expect(rows.length).toBeGreaterThan(6);
    for (const row of rows) expect(row.replaceAll('\\|', '')).toMatch(/^(\|[^|]*)+\|$/);
    expect(page).toContain('| 95% [89–98] |');
    expect(page).toContain('800 tok/s');
    expect(page).not.toContain('<b>');
  });

  it.each([
    ['Q4_K_M', 'Q4_K_M'],
    ['_it_', '\\_it\\_'],
    ['[a](http://b)', '[a\\](http://b)'],
    ['&lt;', '&amp;lt;'],
    ['# head', '\\# head'],
    ['94% [88–97]: fine', '94% [88–97]: fine'],
  ])('shows %j as it is', (text, escaped) => {
    expect(markdownText(text)).toBe(escaped);
  });
});
