import { type BenchRow, benchDocument } from './benchDocument.ts';
import type { RunReport } from './runReport.ts';

type Cell = string | number | null;

const columns: readonly (readonly [string, (row: BenchRow) => Cell])[] = [
  ['model', (row) => row.id],
  ['name', (row) => row.name],
  ['quant', (row) => row.quant],
  ['suite', (row) => row.suite],
  ['n', (row) => row.n],
  ['passed', (row) => row.passed],
  ['passRate', (row) => row.passRate],
  ['low', (row) => row.low],
  ['high', (row) => row.high],
  ['verdict', (row) => row.verdict],
  ['ttftMsP50', (row) => row.ttftMs.p50],
  ['ttftMsP95', (row) => row.ttftMs.p95],
  ['totalMsP50', (row) => row.totalMs.p50],
  ['totalMsP95', (row) => row.totalMs.p95],
  ['generationTokensPerSecond', (row) => row.generationTokensPerSecond],
  ['promptTokensPerSecond', (row) => row.promptTokensPerSecond],
  ['peakMemoryBytes', (row) => row.peakMemoryBytes],
  ['loadMs', (row) => row.loadMs],
  ['sizeBytes', (row) => row.sizeBytes],
  ['parameters', (row) => row.parameters],
  ['formatStrict', (row) => row.formatStrict],
  ['formatLoose', (row) => row.formatLoose],
  ['errors', (row) => row.errors],
  ['truncated', (row) => row.truncated],
  ['refused', (row) => row.refused],
  ['empty', (row) => row.empty],
  ['completionRate', (row) => row.completionRate],
  ['timedOut', (row) => row.whole?.endings.timedOut ?? null],
  ['notRun', (row) => row.whole?.endings.notRun ?? null],
  ['ttfaMsP50', (row) => row.whole?.ttfaMs.p50 ?? null],
  ['tpotMsP50', (row) => row.whole?.tpotMs.p50 ?? null],
  ['interTokenMsP95', (row) => row.whole?.interTokenMs.p95 ?? null],
  ['tokensPerAnswer', (row) => row.whole?.tokensPerAnswer ?? null],
  ['passPowerK', (row) => row.whole?.passPowerK?.rate ?? null],
  ['rightTool', (row) => row.whole?.toolCalls?.rightTool ?? null],
  ['rightArguments', (row) => row.whole?.toolCalls?.rightArguments ?? null],
  ['judged', (row) => row.whole?.judged?.score ?? null],
  ['joulesPerAnswer', (row) => row.whole?.joulesPerAnswer ?? null],
  ['gpuUtilisation', (row) => row.whole?.gpuUtilisation ?? null],
  ['peakGpuBytes', (row) => row.whole?.peakGpuBytes ?? null],
  ['warmLoadMs', (row) => row.whole?.warmLoadMs ?? null],
  ['frontier', (row) => row.whole?.frontier ?? null],
];

/** A spreadsheet would run such a cell as a formula (OWASP, CSV injection). */
const formulaStarts: ReadonlySet<string> = new Set(['=', '+', '-', '@', '\t', '\r']);

/**
 * A run as CSV (RFC 4180, header first): one row per model and suite. Unknown is an empty cell.
 * @param results of a run
 */
export function renderCsv(results: RunReport): string {
  const rows = benchDocument(results).models.map((row) => columns.map(([, cellOf]) => csvCell(cellOf(row))));
  return [columns.map(([name]) => name), ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

/**
 * One CSV cell: quoted where it must be, never a formula. Numbers are left alone, negative ones too.
 * @param value text, number, or null for an empty cell
 */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = formulaStarts.has(value.charAt(0)) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
