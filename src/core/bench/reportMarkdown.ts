import {
  formatCount,
  formatDuration,
  formatGibibytes,
  formatGigabytes,
  formatPercent,
  formatPoints,
  formatScore,
  formatTokensPerSecond,
  missing,
} from '../units.ts';
import { reportTables } from './reportTables.ts';
import { runConditions, verdictWords } from './reportWords.ts';
import { type ModelResult, modelLabel } from './runRecords.ts';
import type { RunReport } from './runReport.ts';

/**
 * A run as a Markdown page: verdict, models, suites, what was measured, worst items, conditions.
 * @param results of a run
 */
export function renderMarkdown(results: RunReport): string {
  const { run, verdict } = results;
  const head = [`# ${markdownText(run.name)}`, '', `**${verdictWords[verdict.state]}.** ${markdownText(verdict.reason)}`];
  if (verdict.nextLarger !== null) head.push('', markdownText(verdict.nextLarger));
  const sections = [
    head,
    outdatedSection(results),
    modelSection(results),
    suiteSection(results),
    ...measuredSections(results),
    worstSection(results),
    conditionSection(results),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function outdatedSection({ outdated = [] }: RunReport): readonly string[] {
  return outdated.length === 0 ? [] : ['## Worth running again', '', ...outdated.map((reason) => `- ${markdownText(reason)}`)];
}

function modelSection({ models, run }: RunReport): readonly string[] {
  if (models.length === 0) return [];
  const rows = models.map((model) => [
    modelLabel(model),
    model.remote === true ? missing : formatGigabytes(model.sizeBytes),
    formatScore(model.overall),
    model.verdict === null ? missing : verdictWords[model.verdict],
    difference(model),
    formatDuration(model.ttftMs.p50),
    formatDuration(model.totalMs.p50),
    formatDuration(model.totalMs.p95),
    formatTokensPerSecond(model.generationTokensPerSecond),
    formatGibibytes(model.peakMemoryBytes),
  ]);
  const heads = [
    'Model',
    'Size',
    'Score',
    `Bar ${formatPercent(run.plan.bar)}`,
    run.plan.referenceId === null ? 'Against the best' : 'Against the reference',
    'TTFT p50',
    'Answer p50',
    'Answer p95',
    'Speed',
    'Peak memory',
  ];
  return ['## Models', '', ...table(heads, rows), '', ...models.flatMap((model) => reasonLine(model))];
}

function reasonLine(model: ModelResult): readonly string[] {
  return model.verdictReason === null ? [] : [`- **${markdownText(modelLabel(model))}**: ${markdownText(model.verdictReason)}`];
}

function difference({ paired }: ModelResult): string {
  if (paired === null) return missing;
  return `${formatPoints(paired.difference)}, ${formatCount(paired.lost)} lost, ${formatCount(paired.gained)} gained, ${chance(paired.mcnemarP)}`;
}

function chance(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

function suiteSection({ models, suites }: RunReport): readonly string[] {
  const labelled = suites.filter((suite) => suite.kind === 'labelled');
  if (labelled.length === 0) return [];
  const scoreOf = (model: ModelResult, suite: string): string => formatScore(model.suites.find((entry) => entry.suite === suite)?.interval);
  const rows = models.map((model) => [modelLabel(model), ...labelled.map((suite) => scoreOf(model, suite.id))]);
  return ['## Suites', '', ...table(['Model', ...labelled.map((suite) => suite.name)], rows)];
}

function measuredSections(results: RunReport): readonly (readonly string[])[] {
  return reportTables(results).map(({ title, heads, rows, note }) => [
    `## ${title}`,
    '',
    ...table(heads, rows),
    ...(note === null ? [] : ['', markdownText(note)]),
  ]);
}

function worstSection({ models }: RunReport): readonly string[] {
  const lines = models.flatMap((model) =>
    model.worst.map(
      (item) =>
        `- **${markdownText(modelLabel(model))}**, ${markdownText(`${item.suite} / ${item.itemId}`)}: passed ${formatPercent(item.share)} of its askings. ${markdownText(item.reason)}`,
    ),
  );
  return lines.length === 0 ? [] : ['## Worst items', '', ...lines];
}

function conditionSection(results: RunReport): readonly string[] {
  return [
    '## Conditions',
    '',
    ...table(
      ['What', 'Value'],
      runConditions(results).map(([what, value]) => [what, value === null ? missing : String(value)]),
    ),
  ];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)];
}

/**
 * Text that Markdown shows as it is: names and answers may hold pipes, line breaks, links, or HTML. Marks that mean nothing where they stand
 * (the underscores of Q4_K_M, the brackets of an interval) stay as they are, so that the page reads well as text too.
 * @param text any text
 * @returns one line with every mark of Markdown escaped
 */
export function markdownText(text: string): string {
  return text
    .replace(/(?<!\s)\s*[\r\n\u2028\u2029]+\s*/g, ' ')
    .replace(/[\\`*<>|]|\](?=[([])|(?<!\w)_|_(?!\w)|~~|^#/g, (mark) => `\\${mark}`)
    .replace(/&(?=[#\w])/g, '&amp;');
}
