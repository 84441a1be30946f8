import { isCompleted } from '#core/bench/itemOutcomes.ts';
import { tpotOf, wasAlone } from '#core/bench/modelMetrics.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import type { ModelResult } from '#shared/contract/benchmarkResults.ts';
import { durationBounds, genAi, tokenCountBounds, tokenTimeBounds } from './genAiNames.ts';
import { attributesOf, cumulative, histogramPoint, type OtlpMetric, type OtlpValue, unixNano } from './otlpJson.ts';
import { durationMs, isAnswer, modelNames, type RunFacts, wasMade } from './runFacts.ts';

/** Name, unit and words of every metric: the dashboard in `resources/grafana` asks for these. */
export const metricKinds = {
  [genAi.clientOperationDuration]: { unit: 's', description: 'How long an answer took, tools included. Answers made alone.' },
  [genAi.clientTimeToFirstChunk]: {
    unit: 's',
    description: 'From the request to the first token or piece. Answers made alone that came to their end.',
  },
  [genAi.clientTimePerOutputChunk]: {
    unit: 's',
    description: 'Gap between tokens, where a piece holds one. Answers made alone that came to their end.',
  },
  [genAi.clientTokenUsage]: { unit: '{token}', description: 'Tokens of an answer, where they were counted.' },
  [genAi.serverTimeToFirstToken]: { unit: 's', description: 'The same as the time to the first chunk, for models that this machine runs.' },
  [genAi.serverTimePerOutputToken]: {
    unit: 's',
    description: 'Time a token after the first, by answer, for models that this machine runs.',
  },
  'rightsize.pass_rate': { unit: '1', description: 'Share of items passed; suite "all" is the whole run.' },
  'rightsize.pass_rate.low': { unit: '1', description: 'Lower end of its 95 % Wilson interval.' },
  'rightsize.pass_rate.high': { unit: '1', description: 'Upper end of its 95 % Wilson interval.' },
  'rightsize.verdict': { unit: '1', description: '1 where the model fits the bar, 0 where it fails or there is not enough evidence.' },
  'rightsize.answers': { unit: '{answer}', description: 'Answers by how they ended, errors by their code.' },
  'rightsize.completion_rate': { unit: '1', description: 'Share of answers that came to their own end.' },
  'rightsize.output.speed': { unit: '{token}/s', description: 'Tokens a second after the first.' },
  'rightsize.prompt.speed': { unit: '{token}/s', description: 'Tokens of prompt read a second.' },
  'rightsize.load.duration': { unit: 's', description: 'From start of the process to ready.' },
  'rightsize.memory.peak': { unit: 'By', description: 'Most that the process held.' },
  'rightsize.gpu.memory.peak': { unit: 'By', description: 'Most that the GPU held.' },
  'rightsize.gpu.utilization': { unit: '1', description: 'Mean over the answers.' },
  'rightsize.answer.energy': { unit: 'J', description: 'Energy of one answer, where the machine has a sensor.' },
} as const satisfies Readonly<Record<string, { readonly unit: string; readonly description: string }>>;
type MetricName = keyof typeof metricKinds;
type Named = Readonly<Record<string, string | OtlpValue | null>>;

/**
 * Distributions over answers, and the results of each model. Points are cumulative since the run began and carry the time of sending: stores of
 * metrics refuse what is hours old, and a result is as true later.
 */
export function runMetrics(facts: RunFacts): OtlpMetric[] {
  const answers = facts.samples.filter((sample) => wasMade(sample) && isAnswer(sample, facts.results));
  return [...histogramsOf(facts, answers), ...gaugesOf(facts, answers)].filter(hasPoints);
}

function hasPoints(metric: OtlpMetric): boolean {
  return (metric.gauge ?? metric.histogram)?.dataPoints.length !== 0;
}

function histogramsOf(facts: RunFacts, answers: readonly JournaledSample[]): OtlpMetric[] {
  const alone = answers.filter(wasAlone);
  const completed = alone.filter(isCompleted);
  const local = completed.filter((sample) => !modelNames(sample.modelId)['rightsize.endpoint']);
  const inSeconds = (ms: number | null | undefined): number[] => (ms === null || ms === undefined ? [] : [ms / 1000]);
  const histogram = (
    name: MetricName,
    samples: readonly JournaledSample[],
    options: {
      readonly bounds: readonly number[];
      readonly values: (sample: JournaledSample) => readonly number[];
      readonly more?: (sample: JournaledSample) => Named;
    },
  ): OtlpMetric => histogramMetric(facts, name, samples, options);
  const ttft = (sample: JournaledSample): number[] => inSeconds(sample.timings?.ttftMs);
  const errorOf = (sample: JournaledSample): Named => ({ [genAi.errorType]: sample.error?.code ?? null });
  return [
    histogram(genAi.clientOperationDuration, alone, {
      bounds: durationBounds,
      values: (sample) => inSeconds(durationMs(sample)),
      more: errorOf,
    }),
    histogram(genAi.clientTimeToFirstChunk, completed, { bounds: durationBounds, values: ttft }),
    histogram(genAi.clientTimePerOutputChunk, completed, {
      bounds: tokenTimeBounds,
      values: (sample) => (sample.interTokenMs ?? []).map((gapMs) => gapMs / 1000),
    }),
    tokenUsage(facts, answers),
    histogram(genAi.serverTimeToFirstToken, local, { bounds: durationBounds, values: ttft }),
    histogram(genAi.serverTimePerOutputToken, local, {
      bounds: tokenTimeBounds,
      values: (sample) => tpotOf(sample).map((ms) => ms / 1000),
    }),
  ];
}

function tokenUsage(facts: RunFacts, answers: readonly JournaledSample[]): OtlpMetric {
  const of = (type: 'input' | 'output'): OtlpMetric =>
    histogramMetric(facts, genAi.clientTokenUsage, answers, {
      bounds: tokenCountBounds,
      values: ({ usage }) => (usage === null ? [] : [type === 'input' ? usage.promptTokens : usage.completionTokens]),
      more: () => ({ [genAi.tokenType]: type }),
    });
  const points = [of('input'), of('output')].flatMap((metric) => metric.histogram?.dataPoints ?? []);
  return { ...frameOf(genAi.clientTokenUsage), histogram: { aggregationTemporality: cumulative, dataPoints: points } };
}

function histogramMetric(
  facts: RunFacts,
  name: MetricName,
  samples: readonly JournaledSample[],
  options: {
    readonly bounds: readonly number[];
    readonly values: (sample: JournaledSample) => readonly number[];
    readonly more?: (sample: JournaledSample) => Named;
  },
): OtlpMetric {
  const groups = new Map<string, { readonly names: Named; readonly values: number[] }>();
  for (const sample of samples) {
    const names = { [genAi.operationName]: 'chat', ...modelNames(sample.modelId), ...options.more?.(sample) } as Named;
    const key = JSON.stringify(names);
    const group = groups.get(key) ?? { names, values: [] };
    groups.set(key, group);
    group.values.push(...options.values(sample));
  }
  const points = [...groups.values()].flatMap(
    ({ names, values }) => histogramPoint(values, { ...pointFrame(facts, names), bounds: options.bounds }) ?? [],
  );
  return { ...frameOf(name), histogram: { aggregationTemporality: cumulative, dataPoints: points } };
}

function gaugesOf(facts: RunFacts, answers: readonly JournaledSample[]): OtlpMetric[] {
  const { models } = facts.results;
  const gauge = (
    name: MetricName,
    valuesOf: (model: ModelResult) => readonly (readonly [number | null | undefined, Named?])[],
  ): OtlpMetric => ({
    ...frameOf(name),
    gauge: {
      dataPoints: models.flatMap((model) =>
        valuesOf(model).flatMap(([value, more]) =>
          value === null || value === undefined || !Number.isFinite(value)
            ? []
            : [{ ...pointFrame(facts, { ...modelNames(model.modelId), ...more } as Named), asDouble: value }],
        ),
      ),
    },
  });
  const rates = (model: ModelResult, part: 'passRate' | 'low' | 'high'): [number | null | undefined, Named][] => [
    [model.overall?.[part], { 'rightsize.suite': 'all' }],
    ...model.suites.map((suite): [number, Named] => [suite.interval[part], { 'rightsize.suite': suite.suite }]),
  ];
  const endings = (model: ModelResult): [number, Named][] => {
    const counts = new Map<string, { readonly names: Named; count: number }>();
    for (const { modelId, state, error } of answers) {
      if (modelId !== model.modelId) continue;
      const key = `${state} ${error?.code ?? ''}`;
      const entry = counts.get(key) ?? { names: { 'rightsize.state': state, [genAi.errorType]: error?.code ?? null } as Named, count: 0 };
      counts.set(key, entry);
      entry.count += 1;
    }
    return [...counts.values()].map(({ names, count }) => [count, names]);
  };
  return [
    gauge('rightsize.pass_rate', (model) => rates(model, 'passRate')),
    gauge('rightsize.pass_rate.low', (model) => rates(model, 'low')),
    gauge('rightsize.pass_rate.high', (model) => rates(model, 'high')),
    gauge('rightsize.verdict', (model) =>
      model.verdict === null ? [] : [[model.verdict === 'fits' ? 1 : 0, { 'rightsize.verdict': model.verdict }]],
    ),
    gauge('rightsize.answers', endings),
    gauge('rightsize.completion_rate', (model) => [[model.completionRate]]),
    gauge('rightsize.output.speed', (model) => [[model.generationTokensPerSecond]]),
    gauge('rightsize.prompt.speed', (model) => [[model.promptTokensPerSecond]]),
    gauge('rightsize.load.duration', (model) => [[model.loadMs === null ? null : model.loadMs / 1000]]),
    gauge('rightsize.memory.peak', (model) => [[model.peakMemoryBytes]]),
    gauge('rightsize.gpu.memory.peak', (model) => [[model.peakGpuBytes]]),
    gauge('rightsize.gpu.utilization', (model) => [[model.gpuUtilisation]]),
    gauge('rightsize.answer.energy', (model) => [[model.joulesPerAnswer]]),
  ];
}

function frameOf(name: MetricName): Pick<OtlpMetric, 'name' | 'unit' | 'description'> {
  return { name, ...metricKinds[name] };
}

function pointFrame({ results, sentAt }: RunFacts, names: Named) {
  return {
    attributes: attributesOf({ ...names, 'rightsize.run.id': results.run.id, 'rightsize.run.name': results.run.name }),
    startTimeUnixNano: unixNano(Math.min(results.run.startedAt, sentAt)),
    timeUnixNano: unixNano(sentAt),
  };
}
