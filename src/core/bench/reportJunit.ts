import type { RunReport } from './runReport.ts';
import type { SampleRecord } from './sampleRecord.ts';

/**
 * A run as JUnit XML, the form that build servers read: one test suite per model and suite, one test case per answer, the grader's reason in each failure.
 * Measurements of speed are no tests and are left out; what waits for a judge is skipped.
 * @param results of a run
 * @param samples of the run, any order
 * @returns XML 1.0 in UTF-8; characters that XML cannot hold are left out
 */
export function renderJunit(results: RunReport, samples: Iterable<SampleRecord>): string {
  const cases = [...samples].filter((sample) => sample.state !== 'measured' || isOpen(sample));
  const groups = Map.groupBy(cases, (sample) => `${sample.modelId} / ${sample.suite}`);
  const suites = [...groups].map(([name, group]) => renderSuite(name, group, results));
  const seconds = results.run.elapsedMs / 1000;
  const head = `<testsuites name=${attribute(results.run.name)} ${counts(cases)} time="${seconds.toFixed(3)}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${suites.join('')}</testsuites>\n`;
}

function renderSuite(name: string, samples: readonly SampleRecord[], { run }: RunReport): string {
  const seconds = samples.reduce((sum, sample) => sum + (sample.timings?.totalMs ?? 0), 0) / 1000;
  const started = new Date(run.startedAt).toISOString().replace(/\.\d+Z$/, '');
  const head = `  <testsuite name=${attribute(name)} ${counts(samples)} time="${seconds.toFixed(3)}" timestamp="${started}">`;
  return `${head}\n${samples.map(renderCase).join('')}  </testsuite>\n`;
}

function renderCase(sample: SampleRecord): string {
  const asking = `temperature ${sample.temperature}, repeat ${sample.repeat}`;
  const seconds = ((sample.timings?.totalMs ?? 0) / 1000).toFixed(3);
  const className = `${sample.modelId}.${sample.suite}`;
  const head = `    <testcase classname=${attribute(className)} name=${attribute(`${sample.itemId} (${asking})`)} time="${seconds}"`;
  const outcome = outcomeOf(sample);
  if (outcome === null) return `${head}/>\n`;
  return `${head}>\n${outcome}    </testcase>\n`;
}

function outcomeOf(sample: SampleRecord): string | null {
  const reason = sample.grade?.reason ?? 'No reason was given.';
  switch (sample.state) {
    case 'passed':
      return null;
    case 'measured':
      return `      <skipped message=${attribute(reason)}/>\n`;
    case 'failed':
      return `      <failure message=${attribute(reason)} type=${attribute(sample.grade?.grader ?? 'grader')}>${text(sample.output ?? '')}</failure>\n`;
    case 'error':
      return `      <error message=${attribute(sample.error?.message ?? sample.grade?.reason ?? 'The model gave no answer.')} type=${attribute(sample.error?.code ?? sample.finishReason ?? 'error')}/>\n`;
    case 'skipped':
      return sample.error === null ? '      <skipped/>\n' : `      <skipped message=${attribute(sample.error.message)}/>\n`;
  }
}

/** An answer that only a judge or a person can tell, and none has. */
function isOpen({ state, grade }: SampleRecord): boolean {
  return state === 'measured' && grade?.grader === 'rubric';
}

function counts(samples: readonly SampleRecord[]): string {
  const count = (...states: readonly SampleRecord['state'][]): number => samples.filter((sample) => states.includes(sample.state)).length;
  return `tests="${samples.length}" failures="${count('failed')}" errors="${count('error')}" skipped="${count('skipped', 'measured')}"`;
}

function attribute(value: string): string {
  return `"${text(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;').replaceAll('\r', '&#13;')}"`;
}

/** What XML 1.0 allows: no control characters but tab and line ends, no lone surrogates, no U+FFFE and U+FFFF. */
function text(value: string): string {
  return [...value.toWellFormed()]
    .filter((mark) => {
      const code = mark.codePointAt(0) ?? 0;
      return code >= 0x20 ? code !== 0xfffe && code !== 0xffff : code === 0x9 || code === 0xa || code === 0xd;
    })
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
