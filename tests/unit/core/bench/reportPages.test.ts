import { describe, expect, it } from 'vitest';
import { renderReport } from '#core/bench/report.ts';
import { runCost } from '#core/bench/runCost.ts';
import type { RunReport } from '#core/bench/runReport.ts';
import type { SampleRecord } from '#core/bench/sampleRecord.ts';
import { summariseRun } from '#core/bench/summariseRun.ts';
import { answersOf, sampleOf } from '../../../fixtures/sampleRecords.ts';

const hostile = '<script>alert(1)</script><img src="https://example.org/x"> & "quoted" \u0000\u0008\uD800 ]]>';
const samples: readonly SampleRecord[] = [
  ...answersOf('small', { passed: 95, n: 100 }),
  sampleOf({
    modelId: 'small',
    itemId: hostile,
    state: 'failed',
    output: hostile,
    grade: { grader: 'exact', reason: hostile, format: null, fields: null },
  }),
  sampleOf({ modelId: 'small', itemId: 'crashed', state: 'error', output: null, grade: null, finishReason: 'error' }),
  sampleOf({ modelId: 'small', itemId: 'later', state: 'skipped', output: null, grade: null }),
  sampleOf({ itemId: 'pp512', suite: 'speed', state: 'measured', passed: null, tokensPerSecond: 800, timings: null }),
];

function resultsOf(name: string): RunReport {
  const suites = [
    { id: 'speed', name: 'Speed', kind: 'speed' as const, sha256: 'aa' },
    { id: 'colours', name: 'Colours', kind: 'labelled' as const, sha256: 'bb' },
  ];
  const plan = {
    bar: 0.8,
    margin: 0.1,
    referenceId: null,
    temperatures: [0],
    repeats: 1,
    maxTokens: 256,
    seed: 1,
    constrained: false,
    itemLimit: null,
  };
  const models = [{ modelId: 'small', name, quant: 'Q4_K_M', sizeBytes: 4_164_608, parameters: 6_689_024 }];
  const outcome = summariseRun({ models, suites, samples, plan });
  return {
    run: { id: 'run-1', name, state: 'done', plan, total: 104, done: 104, startedAt: 0, finishedAt: 60_000, elapsedMs: 60_000 },
    suites,
    ...outcome,
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

describe('the HTML report', () => {
  const html = renderReport({ results: resultsOf(hostile), samples, format: 'html' });

  it('needs nothing else and runs nothing', () => {
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<link|<img|<[^>]*\s(?:src|href)=|url\(|@import/i);
  });

  it('shows names and answers as text, whatever they hold', () => {
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=&quot;');
    expect(html).toContain('95 of 102 items passed');
  });

  it('tells the rule, the conditions and what failed', () => {
    expect(html).toContain('the chance that any model of the run is called fitting by luck is at most 5%');
    expect(html).toContain('the worst 5 of 7 items that failed');
    expect(html).toContain('engine 1');
  });
});

describe('the HTML report of a run with tools, a judge, prices and a person’s word', () => {
  const work = { modelMs: 90, toolMs: 30, turns: 2, attempts: 1, beside: 1, joules: 12, gpuUtilisation: 0.5, gpuMemoryBytes: 2 ** 31 };
  const called = sampleOf({
    modelId: 'small',
    itemId: 'called',
    state: 'failed',
    work,
    reasoning: `thinking ${hostile}`,
    calls: [{ name: hostile, arguments: { a: hostile }, turn: 1, result: hostile, error: 'no such tool', tookMs: 3 }],
    judgements: [
      {
        ...{ judgeId: 'judge', judgeName: hostile, kind: 'checklist' as const, score: 0.5, note: hostile, againstId: null },
        criteria: [{ criterion: hostile, met: 'void' as const, evidence: hostile }],
      },
    ],
    overrule: { passed: false, note: hostile, at: 1 },
    grade: {
      ...{ grader: 'tool-calls', reason: hostile, format: { strict: false, loose: true }, fields: null },
      tools: { rightTool: false, rightArguments: false, extraCalls: 2, answeredWithout: false },
    },
  });
  const all = [called, ...samples];
  const base = resultsOf(hostile);
  const outcome = summariseRun({
    models: [{ modelId: 'small', name: hostile, quant: null, sizeBytes: 1, parameters: null }],
    suites: base.suites,
    samples: all,
    plan: base.run.plan,
  });
  const results: RunReport = {
    ...base,
    ...outcome,
    conditions: { ...base.conditions, power: 'battery', thermal: hostile },
    comparability: { key: '0123456789abcdef', parts: [{ name: 'engine', value: hostile }] },
    judge: {
      ...{ judgeId: 'judge', name: hostile, n: 60, accuracy: 0.9, kappa: 0.55, low: 0.3, high: 0.7, calibrated: false },
      ...{ flipRate: 0.1, problem: null },
    },
    cost: runCost(
      { models: outcome.models, samples: all },
      {
        prices: [{ model: hostile, inputPerMillion: 1, outputPerMillion: 2, currency: 'USD', enteredOn: '2026-11-21' }],
        electricityPerKwh: 0.3,
        currency: 'EUR',
      },
    ),
    outdated: [hostile],
  };
  const html = renderReport({ results, samples: all, format: 'html' });

  it('shows all of it, and none of it as markup', () => {
    for (const words of [
      'Cost of 1,000 calls',
      'κ 0.55 [0.30–0.70], so uncalibrated',
      '0123456789abcdef',
      'battery',
      'Calls of tools',
      'A person says it fails',
      'Reasoning',
      'Frontier',
      '12 J',
      'electricity only',
      '2026-11-21',
      'Worth running again',
    ])
      expect(html).toContain(words);
    expect(html).not.toMatch(/<script|<link|<img|<[^>]*\s(?:src|href)=|url\(|@import/i);
  });

  it('says it in Markdown, CSV and JSON too', () => {
    const page = renderReport({ results, samples: all, format: 'md' });
    expect(page).toContain('## Cost of 1,000 calls');
    expect(page).toContain('## Worst items');
    expect(page).not.toMatch(/[^\\]<script/);
    expect(renderReport({ results, samples: all, format: 'csv' })).toContain(',rightArguments,');
    expect(JSON.parse(renderReport({ results, samples: all, format: 'json' }))).toMatchObject({
      comparability: { key: '0123456789abcdef' },
      verdict: { level: { testing: 'holm', look: 1, alpha: 0.05 } },
      models: [
        { suite: 'speed', whole: null },
        { suite: 'colours' },
        { suite: 'all', whole: { joulesPerAnswer: 12, toolCalls: { n: 1 } } },
      ],
    });
    expect(JSON.parse(renderReport({ results, samples: [called], format: 'jsonl' }))).toMatchObject({
      overrule: { passed: false },
      calls: [{ error: 'no such tool' }],
    });
  });
});

describe('the JUnit report', () => {
  const xml = renderReport({ results: resultsOf('A & B'), samples, format: 'junit' });

  it('counts every answer once, and no measurement', () => {
    expect(xml).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="A &amp; B" tests="103" failures="6" errors="1" skipped="1" time="60.000">/,
    );
    expect(xml.match(/<testcase /g)).toHaveLength(103);
    expect(xml).not.toContain('pp512');
    expect(xml).toContain('<testsuite name="small / colours"');
  });

  it('holds nothing that XML cannot', () => {
    expect([...xml].some((mark) => mark.charCodeAt(0) < 32 && mark !== '\n')).toBe(false);
    expect(xml).toContain('&lt;script&gt;');
    expect(xml.isWellFormed()).toBe(true);
    expect(xml).toContain(']]&gt;');
  });

  it('says why: the reason of the grader, and an error apart from a failure', () => {
    expect(xml).toMatch(/<error message="The model gave no answer." type="error"\/>/);
    expect(xml).toContain('<skipped/>');
    const noSandbox = { code: 'sandbox-missing', message: 'No <sandbox> here.' };
    const skipped = sampleOf({ itemId: 'code', state: 'skipped', passed: null, error: noSandbox });
    expect(renderReport({ results: resultsOf('A'), samples: [skipped], format: 'junit' })).toContain(
      '<skipped message="No &lt;sandbox&gt; here."/>',
    );
    expect(xml).toMatch(/<failure message="As expected\." type="exact">red<\/failure>/);
  });

  it('has what waits for a judge as skipped', () => {
    const grade = { grader: 'rubric', reason: 'Only a judge or a person can tell.', format: null, fields: null };
    const open = sampleOf({ itemId: 'open', state: 'measured', passed: null, grade });
    const text = renderReport({ results: resultsOf('A'), samples: [open], format: 'junit' });
    expect(text).toContain('tests="1" failures="0" errors="0" skipped="1"');
    expect(text).toContain('<skipped message="Only a judge or a person can tell."/>');
  });
});

it('says of a model that answered only beside others why it has no latency, in every page', () => {
  const work = { modelMs: 90, toolMs: 0, turns: 1, attempts: 1, beside: 2, joules: null, gpuUtilisation: null, gpuMemoryBytes: null };
  const base = resultsOf('Small');
  const models = [{ modelId: 'small', name: 'Small', quant: null, sizeBytes: 1, parameters: null }];
  const answers = answersOf('small', { passed: 2, n: 3 }, { work });
  const results = { ...base, ...summariseRun({ models, suites: base.suites, samples: answers, plan: base.run.plan }) };
  for (const format of ['html', 'md'] as const)
    expect(renderReport({ results, samples: answers, format })).toContain('made side by side: not measured');
});
