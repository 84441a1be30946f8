import { formatCount, formatDuration, formatPercent } from '../units.ts';
import { escaped, section } from './htmlParts.ts';
import { modelLabel, type WorstItem } from './runRecords.ts';
import type { RunReport } from './runReport.ts';
import type { Judgement, SampleRecord } from './sampleRecord.ts';

/** A run-away answer must not make a page that no browser opens. */
const longestText = 8000;
const shortText = 110;

/**
 * The items that went worst with each model, in full: what was asked, expected, thought, called and answered, and what grader, judge and people said.
 * @param results of a run
 * @param samples of the run
 * @returns HTML, or nothing where nothing went wrong
 */
export function worstTranscripts({ models }: RunReport, samples: Iterable<SampleRecord>): string {
  const failed = Map.groupBy(
    [...samples].filter((sample) => sample.state === 'failed' || sample.state === 'error'),
    (sample) => sample.modelId,
  );
  const parts = models.flatMap((model) => {
    const all = failed.get(model.modelId) ?? [];
    const shown = model.worst.flatMap((item) => {
      const sample = all.find(({ suite, itemId }) => suite === item.suite && itemId === item.itemId);
      return sample === undefined ? [] : [transcript(sample, item)];
    });
    if (shown.length === 0) return [];
    const items = new Set(all.map(({ suite, itemId }) => JSON.stringify([suite, itemId]))).size;
    const count =
      items > shown.length ? `the worst ${shown.length} of ${formatCount(items)} items that failed` : `${formatCount(items)} failed`;
    return [`<details open><summary>${escaped(modelLabel(model))}: ${count}</summary>${shown.join('')}</details>`];
  });
  return parts.length === 0 ? '' : section('Worst items in full', parts.join(''));
}

function transcript(sample: SampleRecord, { share }: WorstItem): string {
  const asking = `${sample.suite}, temperature ${sample.temperature}${share > 0 ? `, passed ${formatPercent(share)} of its askings` : ''}`;
  return `<article><h3>${escaped(sample.itemId)} <small>${escaped(asking)}</small></h3>${[
    `<p>${escaped(sample.error?.message ?? sample.grade?.reason ?? 'The model gave no answer.')}</p>`,
    overruleOf(sample),
    sample.system === null ? '' : block('System prompt', sample.system),
    block('Asked', sample.input),
    hasExpected(sample) ? block('Expected', sample.expected) : '',
    sample.reasoning == null || sample.reasoning === '' ? '' : folded('Reasoning', pre(sample.reasoning)),
    callsOf(sample),
    (sample.output ?? '').trim() === '' ? '<p class="quiet">No answer.</p>' : block('Answered', sample.output ?? ''),
    ...(sample.judgements ?? []).map(judgementOf),
  ].join('')}</article>`;
}

/** Items that are graded by checks of their own expect no text. */
function hasExpected({ expected }: SampleRecord): boolean {
  return expected !== '' && expected !== 'null';
}

function callsOf({ calls = [] }: SampleRecord): string {
  if (calls.length === 0) return '';
  const items = calls.map(
    ({ turn, name, arguments: given, result, error, tookMs }) =>
      `<li>Turn ${formatCount(turn)}: <code>${escaped(cut(`${name}(${JSON.stringify(given)})`))}</code>, ${formatDuration(tookMs)}${error === null ? '' : ', failed'}${pre(result)}</li>`,
  );
  return `<h4>Calls of tools</h4><ol>${items.join('')}</ol>`;
}

function judgementOf({ judgeName, kind, score, criteria, note }: Judgement): string {
  const met = { met: 'met', 'not-met': 'not met', 'cannot-tell': 'cannot tell', void: 'void: its evidence is not in the answer' } as const;
  const items = criteria.map(
    (one) => `<li>${escaped(one.criterion)}: ${met[one.met]}${one.evidence === '' ? '' : ` (“${escaped(cut(one.evidence))}”)`}</li>`,
  );
  const said =
    score === null ? 'gave no judgement that can be used' : `${kind === 'checklist' ? 'met' : 'preferred'} ${formatPercent(score)}`;
  return `<h4>Judge ${escaped(judgeName)}: ${said}</h4>${items.length === 0 ? '' : `<ul>${items.join('')}</ul>`}${note === '' ? '' : `<p>${escaped(cut(note))}</p>`}`;
}

function overruleOf({ overrule }: SampleRecord): string {
  if (overrule == null) return '';
  return `<p>A person says it ${overrule.passed ? 'passes' : 'fails'}${overrule.note === '' ? '' : `: ${escaped(cut(overrule.note))}`}</p>`;
}

/** A word or two need no box of their own. */
function block(title: string, text: string): string {
  const isShort = text.length <= shortText && !text.includes('\n');
  return isShort ? `<p class="said"><b>${title}</b> <code>${escaped(text)}</code></p>` : `<h4>${title}</h4>${pre(text)}`;
}

function folded(title: string, body: string): string {
  return `<details><summary>${title}</summary>${body}</details>`;
}

function pre(text: string): string {
  return `<pre tabindex="0">${escaped(cut(text))}</pre>`;
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)} … (${formatCount(text.length)} characters)` : text;
}
