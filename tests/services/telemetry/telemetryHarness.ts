import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { appRoot } from '#main/hosts/hostPaths.ts';
import { resultsOf } from '#main/services/benchmarks/runResults.ts';
import { runSummary } from '#main/services/benchmarks/runStore.ts';
import { createJudgeService } from '#main/services/judge/createJudgeService.ts';
import { createTelemetryService, type TelemetryService } from '#main/services/telemetry/createTelemetryService.ts';
import { openDatabase } from '#main/storage/database.ts';
import { createJudgementTable } from '#main/storage/judgementTable.ts';
import { createRunTable, type RunModel } from '#main/storage/runTable.ts';
import { createSampleTable, type JournaledSample } from '#main/storage/sampleTable.ts';
import type { Judgement } from '#shared/contract/benchmarkSamples.ts';
import { RunPlan, type RunState, type Suite } from '#shared/contract/benchmarks.ts';
import { sampleOf } from '../../fixtures/sampleRecords.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

export const runId = 'run-1';
export const remoteId = 'endpoint:lab/large-2';
const startedAt = Date.parse('2026-11-20T10:00:00Z');

const suites: Suite[] = [
  { id: 'speed', name: 'Speed', description: '', kind: 'speed', itemCount: 3, source: 'shipped', sha256: 'aa' },
  { id: 'colours', name: 'Colours', description: '', kind: 'labelled', itemCount: 6, source: 'yours', sha256: 'bb' },
];
const nothingKnown = {
  quant: null,
  parameters: null,
  sha256: null,
  engine: null,
  backend: null,
  threads: null,
  contextTokens: null,
  problem: null,
};
const models: RunModel[] = [
  { ...nothingKnown, modelId: 'small', name: 'Small', sizeBytes: 4_000_000, loadMs: 250, peakMemoryBytes: 9_000_000, elapsedMs: 5000 },
  { ...nothingKnown, modelId: remoteId, name: 'large-2 (Lab)', sizeBytes: 0, loadMs: null, peakMemoryBytes: null, elapsedMs: 5000 },
];

let made = 0;
/** Of every kind one. */
export const someSamples: readonly JournaledSample[] = [
  sampled({ itemId: 'load', suite: 'speed', task: 'speed', state: 'measured', passed: null, grade: null, usage: null, output: null }),
  sampled({
    itemId: 'tg128',
    suite: 'speed',
    task: 'speed',
    state: 'measured',
    passed: null,
    grade: null,
    tokensPerSecond: 60,
    usage: null,
  }),
  sampled({ itemId: 'one', interTokenMs: [9, 11, 10] }),
  sampled({
    itemId: 'two',
    state: 'failed',
    output: 'The sky is blue today.',
    grade: { grader: 'exact', reason: 'Expected “red”, got “The sky is blue today.”.', format: null, fields: null },
    finishReason: 'length',
  }),
  sampled({
    itemId: 'three',
    input: 'Compute 2+2 with the calculator, please.',
    calls: [
      { name: 'calculator', arguments: { expression: '2+2' }, turn: 1, result: 'secret result', error: null, tookMs: 3 },
      { name: 'http_get', arguments: { url: 'https://example.com' }, turn: 2, result: 'no such page', error: 'not recorded', tookMs: 2 },
    ],
    work: { modelMs: 200, toolMs: 5, turns: 3, attempts: 1, beside: 1, joules: 4, gpuUtilisation: null, gpuMemoryBytes: null },
  }),
  sampled({
    itemId: 'one',
    modelId: remoteId,
    // As a server's fault is journaled: asked, and nobody's failure.
    state: 'skipped',
    passed: null,
    work: { modelMs: 0, toolMs: 0, turns: 0, attempts: 2, beside: 1, joules: null, gpuUtilisation: null, gpuMemoryBytes: null },
    grade: null,
    output: null,
    usage: null,
    timings: null,
    finishReason: null,
    error: { code: 'endpoint-stalled', message: '/home/ada sent nothing' },
  }),
  sampled({ itemId: 'two', modelId: remoteId, usage: null }),
  sampled({ itemId: 'three', modelId: remoteId, state: 'skipped', passed: null, grade: null, output: null, usage: null, timings: null }),
];

/** Of two judges on the same answer. */
const someJudgements: readonly Judgement[] = [
  { judgeId: 'judge', judgeName: 'Judge', kind: 'checklist', score: 0.5, criteria: [], note: 'Half of it.', againstId: null },
  { judgeId: 'other', judgeName: 'Other', kind: 'checklist', score: null, criteria: [], note: 'Not JSON.', againstId: null },
];

function sampled(parts: Parameters<typeof sampleOf>[0] & Partial<JournaledSample>): JournaledSample {
  made += 1;
  return { seed: 7, ...sampleOf(parts), finishedAt: startedAt + made * 1000, runId } as JournaledSample;
}

export interface TelemetryHarness {
  readonly telemetry: TelemetryService;
  readonly sentAt: number;
}

/** The real service over a journal with a run in it. */
export function openTelemetry(
  options: { readonly samples?: readonly JournaledSample[]; readonly env?: Record<string, string>; readonly state?: RunState } = {},
): TelemetryHarness {
  const database = openDatabase(join(temporaryFolder(), 'rightsize.db'));
  const runs = createRunTable(database);
  const samples = createSampleTable(database);
  const plan = RunPlan.parse({ modelIds: models.map(({ modelId }) => modelId), suiteIds: suites.map(({ id }) => id) });
  const sentAt = startedAt + 86_400_000;
  runs.insert({
    id: runId,
    name: 'Run 1',
    state: options.state ?? 'done',
    plan,
    suites,
    models,
    cpu: 'A processor',
    total: 8,
    startedAt,
    finishedAt: startedAt + 60_000,
    elapsedMs: 60_000,
    verdict: null,
    error: null,
  });
  samples.insertAll(options.samples ?? someSamples);
  const judgements = createJudgementTable(database);
  for (const judgement of someJudgements) {
    const { modelId, suite, itemId, temperature, repeat } = sampled({ itemId: 'three' });
    judgements.insert({ runId, modelId, suite, itemId, temperature, repeat, judgement, finishedAt: sentAt });
  }
  const judges = createJudgeService({
    database,
    library: { get: () => undefined },
    models: { fresh: () => Promise.reject(new Error('No judge is asked here.')) },
    endpoints: { generate: () => Promise.reject(new Error('No judge is asked here.')) },
    suitesFolder: join(appRoot(), 'resources', 'suites'),
    now: () => sentAt,
  });
  const prices = { prices: [], electricityPerKwh: null, currency: 'USD' };
  const telemetry = createTelemetryService({
    database,
    results: (id) => {
      const run = runs.get(id);
      if (run === undefined) throw new Error(`There is no run ${id}.`);
      return { run: runSummary(run), ...resultsOf(run, samples.all(id), { prices, judge: null }) };
    },
    judges,
    ports: { env: options.env ?? {}, version: '0.0.0-test' },
    settings: { read: () => ({ proxy: 'system', proxyUrl: null }) as never },
    now: () => sentAt,
    retryDelaysMs: [1, 1],
  });
  onTestFinished(async () => {
    await telemetry.dispose();
    database.close();
  });
  return { telemetry, sentAt };
}
