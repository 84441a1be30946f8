import {
  formatCount,
  formatDuration,
  formatGibibytes,
  formatGigabytes,
  formatPercent,
  formatScore,
  formatTokensPerSecond,
  missing,
} from '../units.ts';
import { reportStyle } from './reportStyle.ts';
import { runConditions, verdictWords } from './reportWords.ts';
import { type ModelResult, modelLabel, type RunReport, type SampleRecord } from './runRecords.ts';

/** Failed answers that are shown in full: enough to see a pattern, few enough to read. */
const shownFailures = 5;
const longestAnswer = 1200;

/**
 * A run as one HTML page that needs nothing else: no script, no request, light and dark. For sending to somebody who has no Rightsize.
 * @param results of a run
 * @param samples of the run, for the answers that failed
 */
export function renderHtml(results: RunReport, samples: Iterable<SampleRecord>): string {
  const { run, verdict } = results;
  const larger = verdict.nextLarger === null ? '' : `<p>${escaped(verdict.nextLarger)}</p>`;
  const body = [
    `<header><p class="kind">Benchmark report</p><h1>${escaped(run.name)}</h1></header>`,
    `<section class="verdict ${verdict.state}"><h2>${verdictWords[verdict.state]}</h2><p>${escaped(verdict.reason)}</p>${larger}</section>`,
    modelSection(results),
    suiteSection(results),
    speedSection(results),
    failureSection(results, samples),
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
    `<th scope="row">${escaped(modelLabel(model))}</th>`,
    cell(formatGigabytes(model.sizeBytes)),
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
    `<th scope="row">${escaped(modelLabel(model))}</th>`,
    ...labelled.map((suite) => {
      const interval = model.suites.find((entry) => entry.suite === suite.id)?.interval ?? null;
      const heat = interval === null ? '' : ` style="--share:${Math.round(interval.passRate * 100)}%"`;
      return `<td class="heat"${heat}>${escaped(formatScore(interval))}</td>`;
    }),
  ]);
  return section('Suites', table('Score by model and suite', ['Model', ...labelled.map((suite) => suite.name)], rows));
}

function speedSection({ models }: RunReport): string {
  const tests = [...new Set(models.flatMap((model) => model.speed.map((entry) => entry.test)))];
  if (tests.length === 0) return '';
  const rows = models.map((model) => [
    `<th scope="row">${escaped(modelLabel(model))}</th>`,
    ...tests.map((test) => cell(formatTokensPerSecond(model.speed.find((entry) => entry.test === test)?.tokensPerSecond.mean ?? null))),
    cell(formatDuration(model.loadMs)),
  ]);
  return section('Speed', table('Speed by model', ['Model', ...tests, 'Load'], rows));
}

function failureSection({ models }: RunReport, samples: Iterable<SampleRecord>): string {
  const failed = Map.groupBy(
    [...samples].filter((sample) => sample.state === 'failed' || sample.state === 'error'),
    (sample) => sample.modelId,
  );
  const parts = models.flatMap((model) => {
    const all = failed.get(model.modelId) ?? [];
    if (all.length === 0) return [];
    const items = all.slice(0, shownFailures).map(failureOf).join('');
    const count = all.length > shownFailures ? `the first ${shownFailures} of ${formatCount(all.length)}` : formatCount(all.length);
    return [`<details><summary>${escaped(modelLabel(model))}: ${count} failed</summary>${items}</details>`];
  });
  return parts.length === 0 ? '' : section('Answers that failed', parts.join(''));
}

function failureOf(sample: SampleRecord): string {
  const answer = sample.output ?? '';
  const shown = answer.length > longestAnswer ? `${answer.slice(0, longestAnswer)} …` : answer;
  const text = shown.trim() === '' ? '<p class="quiet">No answer.</p>' : `<pre>${escaped(shown)}</pre>`;
  return `<article><h3>${escaped(sample.itemId)} <small>${escaped(sample.suite)}, temperature ${sample.temperature}</small></h3><p>${escaped(sample.grade?.reason ?? 'The model gave no answer.')}</p>${text}</article>`;
}

function conditionSection(results: RunReport): string {
  const rows = runConditions(results).map(([what, value]) => [
    `<th scope="row">${escaped(what)}</th>`,
    `<td class="literal">${escaped(String(value ?? missing))}</td>`,
  ]);
  return section('Conditions', table('What a rerun needs to be comparable', ['What', 'Value'], rows));
}

function section(title: string, body: string): string {
  return `<section><h2>${title}</h2>${body}</section>`;
}

function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((name) => (name === '' ? '<td></td>' : `<th scope="col">${escaped(name)}</th>`)).join('');
  const lines = rows.map((cells) => `<tr>${cells.join('')}</tr>`).join('\n');
  return `<div class="wide"><table><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${lines}\n</tbody></table></div>`;
}

function cell(value: string): string {
  return `<td>${escaped(value)}</td>`;
}

/** Names and answers come from models and strangers: nothing of them is ever markup. */
function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
