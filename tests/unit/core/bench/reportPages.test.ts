import { describe, expect, it } from 'vitest';
import { renderReport } from '#core/bench/report.ts';
import type { RunReport, SampleRecord } from '#core/bench/runRecords.ts';
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
    expect(html).toContain('the first 5 of 7 failed');
    expect(html).toContain('engine 1');
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
    expect(xml).toMatch(/<failure message="As expected\." type="exact">red<\/failure>/);
  });
});
