import { formatDuration, formatGibibytes, formatGigabytes, formatPercent, formatScore, formatTokensPerSecond, missing } from '../units.ts';
import { cell, escaped, rowHead, section, table } from './htmlParts.ts';
import { reportStyle } from './reportStyle.ts';
import { reportTables } from './reportTables.ts';
import { worstTranscripts } from './reportTranscripts.ts';
import { levelWords, runConditions, verdictWords } from './reportWords.ts';
import { type ModelResult, modelLabel } from './runRecords.ts';
import type { RunReport } from './runReport.ts';
import type { SampleRecord } from './sampleRecord.ts';

/**
 * A run as one HTML page that needs nothing else: no script, no request, light and dark. For sending to somebody who has no Rightsize.
 * @param results of a run
 * @param samples of the run, for the items that went worst
 */
export function renderHtml(results: RunReport, samples: Iterable<SampleRecord>): string {
  const { run, verdict } = results;
  const larger = verdict.nextLarger === null ? '' : `<p>${escaped(verdict.nextLarger)}</p>`;
  const level = `<p class="quiet">How it was tested: ${escaped(levelWords(verdict.level))}.</p>`;
  const outdated = (results.outdated ?? []).map((reason) => `<li>${escaped(reason)}</li>`);
  const body = [
    `<header><p class="kind">Benchmark report</p><h1>${escaped(run.name)}</h1></header>`,
    `<section class="verdict ${verdict.state}"><h2>${verdictWords[verdict.state]}</h2><p>${escaped(verdict.reason)}</p>${larger}${level}</section>`,
    outdated.length === 0 ? '' : section('Worth running again', `<ul>${outdated.join('')}</ul>`),
    modelSection(results),
    suiteSection(results),
    ...measuredSections(results),
    worstTranscripts(results, samples),
    conditionSection(results),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>${escaped(run.name)}: ${verdictWords[verdict.state]}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
${body.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`;
}

function modelSection({ models, run }: RunReport): string {
  if (models.length === 0) return '';
  const heads = [
    'Model',
    'Size',
    'Score',
    '',
    `Bar ${formatPercent(run.plan.bar)}`,
    'TTFT p50',
    'Answer p50',
    'Answer p95',
    'Speed',
    'Peak memory',
  ];
  const rows = models.map((model) => [
    rowHead(modelLabel(model)),
    cell(model.remote === true ? missing : formatGigabytes(model.sizeBytes)),
    cell(formatScore(model.overall)),
    `<td class="ruler">${ruler(model, run.plan.bar)}</td>`,
    model.verdict === null ? cell(missing) : `<td><span class="tag ${model.verdict}">${verdictWords[model.verdict]}</span></td>`,
    cell(formatDuration(model.ttftMs.p50)),
    cell(formatDuration(model.totalMs.p50)),
    cell(formatDuration(model.totalMs.p95)),
    cell(formatTokensPerSecond(model.generationTokensPerSecond)),
    cell(formatGibibytes(model.peakMemoryBytes)),
  ]);
  const reasons = models
    .filter((model) => model.verdictReason !== null)
    .map((model) => `<li><strong>${escaped(modelLabel(model))}</strong>: ${escaped(model.verdictReason ?? '')}</li>`);
  return section('Models', `${table('Models, smallest first', heads, rows)}<ul>${reasons.join('')}</ul>`);
}

/** The interval on a scale of 0 to 100 %, with the bar as a line. The figures stand in the cell before. */
function ruler({ overall }: ModelResult, bar: number): string {
  if (overall === null) return '';
  const at = (share: number): string => (share * 100).toFixed(1);
  const width = Math.max(0.5, (overall.high - overall.low) * 100).toFixed(1);
  return `<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="scale" x="0" y="4" width="100" height="2"/><rect class="interval" x="${at(overall.low)}" y="2" width="${width}" height="6"/><rect class="rate" x="${at(Math.max(0, overall.passRate - 0.004))}" y="1" width="0.8" height="8"/><rect class="bar" x="${at(bar)}" y="0" width="0.4" height="10"/></svg>`;
}

function suiteSection({ models, suites }: RunReport): string {
  const labelled = suites.filter((suite) => suite.kind === 'labelled');
  if (labelled.length === 0) return '';
  const rows = models.map((model) => [
    rowHead(modelLabel(model)),
    ...labelled.map((suite) => {
      const interval = model.suites.find((entry) => entry.suite === suite.id)?.interval ?? null;
      const heat = interval === null ? '' : ` style="--share:${Math.round(interval.passRate * 100)}%"`;
      return `<td class="heat"${heat}>${escaped(formatScore(interval))}</td>`;
    }),
  ]);
  return section('Suites', table('Score by model and suite', ['Model', ...labelled.map((suite) => suite.name)], rows));
}

function measuredSections(results: RunReport): readonly string[] {
  return reportTables(results).map(({ title, heads, rows, note }) => {
    const cells = rows.map(([name = '', ...rest]) => [rowHead(name), ...rest.map(cell)]);
    return section(title, `${table(title, heads, cells)}${note === null ? '' : `<p class="quiet">${escaped(note)}</p>`}`);
  });
}

function conditionSection(results: RunReport): string {
  const rows = runConditions(results).map(([what, value]) => [
    rowHead(what),
    `<td class="literal">${escaped(String(value ?? missing))}</td>`,
  ]);
  return section('Conditions', table('What a rerun needs to be comparable', ['What', 'Value'], rows));
}
