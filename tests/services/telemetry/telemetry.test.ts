import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { plain } from '../../fixtures/collector/otlpSchema.ts';
import { type Collector, startCollector } from '../../fixtures/collector/startCollector.ts';
import { openTelemetry, runId, someSamples } from './telemetryHarness.ts';

/** Sends the run of the harness. */
async function collect({
  withContent = false,
  ...harness
}: {
  readonly withContent?: boolean;
  readonly samples?: typeof someSamples;
} = {}): Promise<Collector> {
  const collector = await startCollector();
  await openTelemetry(harness).telemetry.send(runId, { url: collector.url, withContent });
  expect(collector.complaints).toEqual([]);
  return collector;
}

const answerSpan = (collector: Collector, itemId: string, model = 'small') =>
  collector.spans.find((span) => {
    const names = plain(span.attributes);
    return span.name.startsWith('chat ') && names['rightsize.item.id'] === itemId && names['gen_ai.request.model'] === model;
  });

describe('a run as traces', () => {
  it('is one trace: a span for the run, one for each sample that was made, one for each call of a tool', async () => {
    const collector = await collect();
    const [root, ...others] = collector.spans;
    expect(root).toMatchObject({ name: 'rightsize.benchmark', kind: 1 });
    expect(root?.parentSpanId).toBeUndefined();
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(collector.spans.length);
    expect(others.map(({ name }) => name)).toEqual([
      'load small',
      'measure tg128 small',
      'chat small',
      'chat small',
      'chat small',
      'execute_tool calculator',
      'execute_tool http_get',
      'chat large-2',
      'chat large-2',
    ]);
    const chat = answerSpan(collector, 'three');
    for (const span of others) expect(span.parentSpanId).toBe(span.name.startsWith('execute_tool') ? chat?.spanId : root?.spanId);
  });

  it('says of an answer what the conventions ask for, and nothing that is unknown', async () => {
    const collector = await collect();
    const [one, remote] = [answerSpan(collector, 'one'), answerSpan(collector, 'two', 'large-2')];
    expect(one?.kind).toBe(1);
    expect(plain(one?.attributes ?? [])).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'llama_cpp',
      'gen_ai.request.model': 'small',
      'gen_ai.request.temperature': 0,
      'gen_ai.request.seed': '7',
      'gen_ai.request.max_tokens': '256',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': 0.02,
      'gen_ai.usage.input_tokens': '30',
      'gen_ai.usage.output_tokens': '11',
      'gen_ai.usage.cache_read.input_tokens': '10',
      'rightsize.passed': true,
    });
    expect(BigInt(one?.endTimeUnixNano ?? 0) - BigInt(one?.startTimeUnixNano ?? 0)).toBe(120_000_000n);
    expect(remote?.kind).toBe(3);
    expect(plain(remote?.attributes ?? [])).toMatchObject({ 'gen_ai.provider.name': 'openai', 'rightsize.endpoint': 'lab' });
    expect(plain(remote?.attributes ?? [])).not.toHaveProperty('gen_ai.usage.input_tokens');
  });

  it('marks errors by their code alone, and calls whose beginning nobody measured', async () => {
    const collector = await collect();
    const failed = answerSpan(collector, 'one', 'large-2');
    expect(failed?.status).toEqual({ code: 2, message: 'endpoint-stalled' });
    const [calculator, get] = collector.spans.filter(({ name }) => name.startsWith('execute_tool'));
    expect(BigInt(calculator?.endTimeUnixNano ?? 0) - BigInt(calculator?.startTimeUnixNano ?? 0)).toBe(3_000_000n);
    expect(plain(calculator?.attributes ?? [])).toMatchObject({ 'gen_ai.tool.name': 'calculator', 'rightsize.start_time': 'not measured' });
    expect(get?.status).toEqual({ code: 2 });
    expect(collector.requests.map(({ text }) => text).join()).not.toContain('/home/ada');
  });

  it('has the same ids when it is sent again', async () => {
    const [first, second] = [await collect(), await collect()];
    expect(second.spans.map(({ spanId, traceId }) => [traceId, spanId])).toEqual(
      first.spans.map(({ spanId, traceId }) => [traceId, spanId]),
    );
  });
});

describe('a run as metrics', () => {
  const pointsOf = (collector: Collector, name: string) => {
    const metric = collector.metrics.find((one) => one.name === name);
    return metric?.histogram?.dataPoints ?? metric?.gauge?.dataPoints ?? [];
  };

  it('counts answers into the buckets of the conventions', async () => {
    const collector = await collect();
    const [local, , remote] = pointsOf(collector, 'gen_ai.client.operation.duration');
    expect(local).toMatchObject({ count: '3', min: 0.12, max: 0.205 });
    // 0.08 < 0.12 <= 0.16 < 0.205 <= 0.32
    expect(local && 'bucketCounts' in local && local.bucketCounts.slice(0, 7)).toEqual(['0', '0', '0', '0', '2', '1', '0']);
    expect(remote).toBeUndefined();
    expect(pointsOf(collector, 'gen_ai.client.operation.time_per_output_chunk')).toMatchObject([{ count: '3', min: 0.009, max: 0.011 }]);
    const usage = pointsOf(collector, 'gen_ai.client.token.usage').map((point) => [
      plain(point.attributes)['gen_ai.token.type'],
      'sum' in point && point.sum,
    ]);
    expect(usage).toEqual([
      ['input', 90],
      ['output', 33],
    ]);
  });

  it('gives pass rates with their intervals, and no point for what is unknown', async () => {
    const collector = await collect();
    const rates = pointsOf(collector, 'rightsize.pass_rate').map((point) => {
      const names = plain(point.attributes);
      return [names['gen_ai.request.model'], names['rightsize.suite'], 'asDouble' in point && point.asDouble];
    });
    expect(rates).toEqual([
      ['small', 'all', 2 / 3],
      ['small', 'colours', 2 / 3],
      ['large-2', 'all', 1],
      ['large-2', 'colours', 1],
    ]);
    expect(pointsOf(collector, 'rightsize.load.duration')).toHaveLength(1);
    expect(collector.metrics.some(({ name }) => name === 'rightsize.gpu.utilization')).toBe(false);
  });

  it('carries the time of sending: a store of metrics takes nothing that is a day old', async () => {
    const collector = await startCollector();
    const { telemetry, sentAt } = openTelemetry();
    await telemetry.send(runId, { url: collector.url, withContent: false });
    const times = collector.metrics.flatMap((metric) => (metric.histogram ?? metric.gauge)?.dataPoints.map((point) => point.timeUnixNano));
    expect(new Set(times)).toEqual(new Set([`${sentAt}000000`]));
  });
});

describe('a run as logs', () => {
  it('has a result of evaluation for each graded answer and each judgement, on the span of the answer', async () => {
    const collector = await collect();
    const told = collector.logs.map((log) => {
      const names = plain(log.attributes);
      return [names['gen_ai.evaluation.name'], names['gen_ai.evaluation.score.label'], names['gen_ai.evaluation.score.value']];
    });
    expect(told).toEqual([
      ['exact', 'pass', 1],
      ['exact', 'fail', 0],
      ['exact', 'pass', 1],
      ['judge', 'checklist', 0.5],
      ['judge', 'void', undefined],
      ['none', 'error', undefined],
      ['exact', 'pass', 1],
    ]);
    expect(new Set(collector.logs.map(({ eventName }) => eventName))).toEqual(new Set(['gen_ai.evaluation.result']));
    expect(collector.logs[1]?.spanId).toBe(answerSpan(collector, 'two')?.spanId);
  });
});

it('tells an answer that nobody has graded as an answer, without a grade', async () => {
  const samples = someSamples.map((sample) =>
    sample.itemId === 'three' ? ({ ...sample, state: 'measured', passed: null } as const) : sample,
  );
  const collector = await collect({ samples });
  const told = collector.logs.map((log) => plain(log.attributes)).filter((names) => names['rightsize.item.id'] === 'three');
  expect(told.map((names) => names['gen_ai.evaluation.name'])).toEqual(['judge', 'judge']);
  expect(answerSpan(collector, 'three')?.name).toBe('chat small');
});

describe('questions and answers', () => {
  const secrets = ['Which colour?', 'The sky is blue', 'secret result', 'example.com', 'Compute 2+2', 'Half of it'];

  it('stay here when nobody asked for them, also where a reason quotes them', async () => {
    const collector = await collect();
    const sent = collector.requests.map(({ text }) => text).join();
    for (const secret of secrets) expect(sent).not.toContain(secret);
    const [, quoting] = collector.logs.map((log) => plain(log.attributes)['gen_ai.evaluation.explanation']);
    expect(quoting).toBe('Expected “…”, got “…”.');
  });

  it('stay here also where a reason says them without quotation marks, or is cut within one', async () => {
    const [sample] = someSamples.slice(3);
    const reasons = ['Expected the number 1210, got 37 of 5.', 'It says that the sky is blue today.', `Not “${'a'.repeat(2000)}`];
    const samples = reasons.map((reason, index) => ({
      ...(sample as (typeof someSamples)[number]),
      itemId: `item-${index}`,
      input: 'What is 1173 and 37?',
      expected: '1210',
      output: 'I think that the sky is blue today, so 37.',
      grade: { grader: 'numeric', reason, format: null, fields: null },
    }));
    const collector = await startCollector();
    await openTelemetry({ samples }).telemetry.send(runId, { url: collector.url, withContent: false });
    const told = collector.logs.map((log) => plain(log.attributes)['gen_ai.evaluation.explanation']);
    expect(told).toEqual(['Expected the number …, got … of 5.', undefined, 'Not “…”']);
  });

  it('go along when they are asked for', async () => {
    const collector = await collect({ withContent: true });
    const sent = collector.requests.map(({ text }) => text).join();
    for (const secret of secrets) expect(sent).toContain(secret);
    const answer = plain(answerSpan(collector, 'two')?.attributes ?? []);
    expect(JSON.parse(String(answer['gen_ai.output.messages']))).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'The sky is blue today.' }], finish_reason: 'length' },
    ]);
  });
});

describe('a collector', () => {
  const many = Array.from({ length: 600 }, (_, index) => ({ ...someSamples[2], itemId: `item-${index}` }) as (typeof someSamples)[number]);

  it('gets a long run in batches, and everything once', async () => {
    const collector = await startCollector();
    const sent = await openTelemetry({ samples: many }).telemetry.send(runId, { url: `${collector.url}/`, withContent: false });
    expect(sent).toMatchObject({ spans: 601, logs: 600, warning: null });
    expect(collector.complaints).toEqual([]);
    expect([collector.spans.length, collector.logs.length]).toEqual([601, 600]);
    expect(collector.requests.map(({ path }) => path)).toEqual([
      ...Array(3).fill('/v1/traces'),
      '/v1/metrics',
      ...Array(3).fill('/v1/logs'),
    ]);
  });

  it('may take a part only: it is said how much it left', async () => {
    const body = JSON.stringify({ partialSuccess: { rejectedLogRecords: '2', errorMessage: 'too old' } });
    const collector = await startCollector((path) =>
      path === '/v1/logs' ? (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body) : null,
    );
    const sent = await openTelemetry().telemetry.send(runId, { url: collector.url, withContent: false });
    expect(sent).toMatchObject({ spans: 10, logs: 5, warning: 'The collector did not take 2 logs: too old' });
  });

  it('is asked again while it is busy, and not for ever', async () => {
    const busy = (response: ServerResponse): void => void response.writeHead(503, { 'retry-after': '0' }).end();
    const patient = await startCollector((_, request) => (request <= 2 ? busy : null));
    await expect(openTelemetry().telemetry.send(runId, { url: patient.url, withContent: false })).resolves.toMatchObject({ spans: 10 });
    const stubborn = await startCollector(() => busy);
    const refused = openTelemetry().telemetry.send(runId, { url: stubborn.url, withContent: false });
    await expect(refused).rejects.toMatchObject({ code: 'collector-unreachable', message: expect.stringContaining('503') });
    expect(stubborn.requests).toHaveLength(3);
  });

  it.each([
    [401, 'collector-refused', 'OTEL_EXPORTER_OTLP_HEADERS'],
    [404, 'collector-refused', '4318'],
    [400, 'collector-refused', 'JSON'],
    [302, 'collector-refused', 'log'],
  ])('that answers %i is not asked again, and it is said what to do', async (status, code, hint) => {
    const collector = await startCollector(() => (response) => void response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end());
    const refused = openTelemetry().telemetry.send(runId, { url: collector.url, withContent: false });
    await expect(refused).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
    expect(collector.requests).toHaveLength(1);
  });

  it('has an address that can be one', async () => {
    const refused = openTelemetry().telemetry.send(runId, { url: 'collector', withContent: false });
    await expect(refused).rejects.toMatchObject({ code: 'bad-input', hint: 'It should look like http://127.0.0.1:4318.' });
  });

  it('that is not there is named', async () => {
    const refused = openTelemetry().telemetry.send(runId, { url: 'http://127.0.0.1:1', withContent: false });
    await expect(refused).rejects.toMatchObject({ code: 'collector-unreachable', hint: expect.stringContaining('4318') });
  });

  it('gets the headers of the environment, unless they were made for another', async () => {
    const collector = await startCollector();
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc, x-scope = me ,broken,bad name=1' };
    await openTelemetry({ env: headers }).telemetry.send(runId, { url: `${collector.url}/v1/traces`, withContent: false });
    expect(collector.requests[0]).toMatchObject({ path: '/v1/traces', headers: { authorization: 'Bearer abc', 'x-scope': 'me' } });
    const elsewhere = { ...headers, OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example' };
    await openTelemetry({ env: elsewhere }).telemetry.send(runId, { url: collector.url, withContent: false });
    expect(collector.requests.at(-1)?.headers.authorization).toBeUndefined();
    const open = openTelemetry({ env: headers }).telemetry.send(runId, { url: 'http://collector.example:4318', withContent: false });
    await expect(open).rejects.toMatchObject({ code: 'bad-input', message: expect.not.stringContaining('abc') });
  });

  it('gets nothing of a run that is still going on', async () => {
    const collector = await startCollector();
    const refused = openTelemetry({ state: 'running' }).telemetry.send(runId, { url: collector.url, withContent: false });
    await expect(refused).rejects.toMatchObject({ code: 'run-active' });
    expect(collector.requests).toEqual([]);
  });
});
