import { renderReport, reportExtensions } from '#core/bench/report.ts';
import type { JournaledSample } from '#main/storage/sampleTable.ts';
import type { RunResults } from '#shared/contract/benchmarkResults.ts';
import type { ReportFormat } from '#shared/contract/benchmarks.ts';
import type { RunReport } from './benchmarkService.ts';

const mediaTypes: Readonly<Record<ReportFormat, string>> = {
  json: 'application/json',
  jsonl: 'application/jsonl',
  csv: 'text/csv',
  md: 'text/markdown',
  html: 'text/html',
  junit: 'application/xml',
};

/** A run as a file: name, media type and text. */
export function renderRunReport(results: RunResults, samples: readonly JournaledSample[], format: ReportFormat): RunReport {
  return {
    fileName: `rightsize-${results.run.id}.${reportExtensions[format]}`,
    mediaType: mediaTypes[format],
    text: renderReport({ results, samples, format }),
  };
}
