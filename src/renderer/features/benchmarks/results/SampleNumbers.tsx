import { formatCount, formatDuration, formatTokensPerSecond } from '#core/units.ts';
import type { Sample } from '#shared/contract/benchmarkSamples.ts';

const endings = {
  stop: 'end of answer',
  'stop-sequence': 'stop text',
  length: 'token limit',
  'context-full': 'context full',
  limit: 'time or turn limit',
  cancelled: 'cancelled',
  error: 'error',
} as const;

/** What one answer took. Time with tools is told apart from the model's own, and what was not made alone says so. */
export function SampleNumbers({ sample }: { readonly sample: Sample }) {
  const { timings, usage, work } = sample;
  const hasTools = work !== undefined && work.toolMs > 0;
  const facts: readonly (readonly [name: string, value: string, title?: string | undefined] | null)[] = [
    ['TTFT', formatDuration(timings?.ttftMs), 'Time to first token'],
    timings?.ttfaMs == null || timings.ttfaMs === timings.ttftMs
      ? null
      : ['TTFA', formatDuration(timings.ttfaMs), 'Time to the first token of the answer itself, after any reasoning'],
    ['Total', formatDuration(timings?.totalMs)],
    hasTools ? ['Model', formatDuration(work.modelMs)] : null,
    hasTools ? ['Tools', formatDuration(work.toolMs)] : null,
    ['Speed', formatTokensPerSecond(timings?.generationTokensPerSecond)],
    [
      'Prompt',
      usage === null ? '–' : `${formatCount(usage.promptTokens)} tokens`,
      usage === null ? undefined : `${formatCount(usage.cachedTokens)} of them were kept from the prompt before`,
    ],
    ['Answer', usage === null ? '–' : `${formatCount(usage.completionTokens)} tokens`],
    work === undefined || work.turns < 2 ? null : ['Turns', formatCount(work.turns)],
    ['Stop', sample.finishReason === null ? '–' : endings[sample.finishReason]],
  ];
  const notes = [
    work !== undefined && work.beside > 1 ? `Made beside ${work.beside - 1} other answers: its times are not counted for speed.` : '',
    work !== undefined && work.attempts > 1 ? `Asked ${work.attempts} times: a crash or a broken connection came between.` : '',
    work?.joules == null ? '' : `${formatCount(work.joules)} J.`,
  ].filter(Boolean);
  return (
    <>
      <dl className="mt">
        {facts.map((fact) =>
          fact === null ? null : (
            <div key={fact[0]}>
              <dt title={fact[2]}>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
        )}
      </dl>
      {notes.length === 0 ? null : <p className="note mt-note">{notes.join(' ')}</p>}
    </>
  );
}
