import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { metricKinds } from '#main/services/telemetry/runMetrics.ts';
import { startCollector } from '../../fixtures/collector/startCollector.ts';
import { openTelemetry, runId } from './telemetryHarness.ts';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr?: string; readonly query?: string; readonly datasource: { readonly uid: string } }[];
}
interface Variable {
  readonly name: string;
  readonly type: string;
  readonly definition?: string;
}
const file = join(import.meta.dirname, '../../../resources/grafana/rightsize.json');
const dashboard = JSON.parse(readFileSync(file, 'utf8')) as { panels: Panel[]; templating: { list: Variable[] } };

const units: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes', '1': 'ratio', J: 'joules' };

/** As Prometheus translates names of OTLP (OpenTelemetry specification, compatibility with Prometheus): dots to underscores, the unit behind. */
function prometheusName(name: string, unit: string): string {
  const [of = '', per] = unit.replace(/\{[^}]*\}/g, '').split('/');
  const suffix = [units[of] ?? '', per === undefined ? '' : `per_${per === 's' ? 'second' : per}`].filter(Boolean).join('_');
  const plainName = name.replace(/[^a-zA-Z0-9]+/g, '_');
  return suffix === '' || plainName.endsWith(`_${suffix}`) ? plainName : `${plainName}_${suffix}`;
}
const label = (key: string): string => key.replace(/[^a-zA-Z0-9]+/g, '_');

const targets = dashboard.panels.flatMap((panel) => panel.targets ?? []);
const prometheusQueries = [
  ...targets.filter(({ datasource }) => datasource.uid.includes('prometheus')).map(({ expr }) => expr ?? ''),
  ...dashboard.templating.list.flatMap(({ definition }) => definition ?? []),
];

/** Sends a run with everything in it. @returns the keys of the attributes by signal */
async function sentKeys() {
  const collector = await startCollector();
  await openTelemetry().telemetry.send(runId, { url: collector.url, withContent: false });
  const points = collector.metrics.flatMap((metric) => [...(metric.histogram?.dataPoints ?? []), ...(metric.gauge?.dataPoints ?? [])]);
  const keys = (records: readonly { readonly attributes: readonly { readonly key: string }[] }[]): Set<string> =>
    new Set(records.flatMap(({ attributes }) => attributes.map(({ key }) => key)));
  return { metrics: keys(points), spans: keys(collector.spans), logs: keys(collector.logs) };
}

describe('the dashboard', () => {
  it('asks for metrics that are sent, under the names that Prometheus gives them', () => {
    const known = new Set(Object.entries(metricKinds).map(([name, { unit }]) => prometheusName(name, unit)));
    const asked = prometheusQueries.flatMap((query) => query.match(/\b(gen_ai|rightsize)_\w+(?=\{|, rightsize_run_id\))/g) ?? []);
    expect(asked.length).toBeGreaterThan(15);
    for (const name of asked) expect(known).toContain(name.replace(/_(bucket|sum|count)$/, ''));
  });

  it('sorts and selects by labels that are sent', async () => {
    const keys = await sentKeys();
    const metricLabels = new Set(['le', ...[...keys.metrics].map(label)]);
    const asked = prometheusQueries.flatMap((query) => [
      ...(query.match(/\b\w+(?=(=|!=|=~)")/g) ?? []),
      ...[...query.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', ')),
    ]);
    expect(asked.length).toBeGreaterThan(15);
    for (const name of asked) expect(metricLabels).toContain(name);
    const traceQueries = targets.flatMap(({ query }) => query ?? []);
    for (const [, key = ''] of traceQueries.join().matchAll(/span\.([\w.]+)/g)) expect(keys.spans).toContain(key);
    const logQueries = targets.filter(({ datasource }) => datasource.uid.includes('loki')).map(({ expr }) => expr ?? '');
    const logLabels = new Set(['service_name', ...[...keys.logs].map(label)]);
    for (const [name] of logQueries.join().matchAll(/\b\w+(?==~?")/g)) expect(logLabels).toContain(name);
    expect([traceQueries.length, logQueries.length]).toEqual([1, 1]);
  });

  it('takes its data sources from variables and lays its panels beside each other', () => {
    const variables = new Set(dashboard.templating.list.map(({ name }) => `\${${name}}`));
    for (const { datasource } of [...targets, ...dashboard.panels.filter(({ type }) => type !== 'row')])
      expect(variables).toContain(datasource?.uid);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const places = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
    );
    expect(new Set(places).size).toBe(places.length);
  });
});
