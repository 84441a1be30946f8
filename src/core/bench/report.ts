import { benchDocument } from './benchDocument.ts';
import { renderCsv } from './reportCsv.ts';
import { renderHtml } from './reportHtml.ts';
import { renderJunit } from './reportJunit.ts';
import { renderMarkdown } from './reportMarkdown.ts';
import type { RunReport } from './runReport.ts';
import type { SampleRecord } from './sampleRecord.ts';

export type ReportFormat = 'json' | 'jsonl' | 'csv' | 'md' | 'html' | 'junit';

/** How the file of a format ends. */
export const reportExtensions: Readonly<Record<ReportFormat, string>> = {
  json: 'json',
  jsonl: 'jsonl',
  csv: 'csv',
  md: 'md',
  html: 'html',
  junit: 'junit.xml',
};

/**
 * A run as a file: `json` is the document of the command line, `jsonl` one line a sample, `csv` one row per model and suite, `md` for people,
 * `html` a page that needs nothing else, `junit` for build servers.
 * @param report results, the run's samples (used by `jsonl`, `html` and `junit`), and the format
 * @returns the file's text, ending in a newline unless it is empty
 */
export function renderReport(report: {
  readonly results: RunReport;
  readonly samples: Iterable<SampleRecord>;
  readonly format: ReportFormat;
}): string {
  const { results, samples, format } = report;
  switch (format) {
    case 'json':
      return `${JSON.stringify(benchDocument(results), null, 2)}\n`;
    case 'jsonl':
      return Array.from(samples, renderSampleLine).join('');
    case 'csv':
      return renderCsv(results);
    case 'md':
      return renderMarkdown(results);
    case 'html':
      return renderHtml(results, samples);
    case 'junit':
      return renderJunit(results, samples);
  }
}

/**
 * One sample as a line of the JSONL report, for writing a long report piece by piece.
 * @param sample one outcome
 * @returns a JSON object and a newline
 */
function renderSampleLine(sample: SampleRecord): string {
  const { runId, modelId: model, suite, itemId, temperature, repeat, state, passed, grade, output, usage, timings } = sample;
  const { finishReason, error, reasoning = null, calls = [], work = null, judgements = [], overrule = null } = sample;
  return `${JSON.stringify({
    ...{ runId, model, suite, itemId, temperature, repeat, state, passed, grade, output, usage, timings },
    ...{ finishReason, error, reasoning, calls, work, judgements, overrule },
  })}\n`;
}
