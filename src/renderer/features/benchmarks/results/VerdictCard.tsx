import { Check, CircleHelp, Gauge, type LucideIcon, MessageSquare, Plus, X } from 'lucide-react';
import {
  formatCount,
  formatDuration,
  formatGibibytes,
  formatGigabytes,
  formatPercent,
  formatRatio,
  formatTally,
  formatTokensPerSecond,
  missing,
} from '#core/units.ts';
import type { ModelResult, RunResults } from '#shared/contract/benchmarkResults.ts';
import { HandOverButton } from '../../../handOver/HandOverButton.tsx';
import { useLibrary } from '../../../stores/library.ts';
import { Button } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { memoryOf, ratioOf, speedOf, type VerdictCopy, verdictCopy } from './verdictCopy.ts';

interface VerdictCardProps {
  readonly results: RunResults;
  readonly onChat: (modelId: string) => void;
  readonly onSetUpAgain: () => void;
  readonly onExtend: (() => void) | null;
}

const icons: Readonly<Record<VerdictCopy['tone'], LucideIcon>> = { fits: Check, fails: X, open: CircleHelp, none: Gauge };

/** The answer of the run, before its evidence. */
export function VerdictCard({ results, onChat, onSetUpAgain, onExtend }: VerdictCardProps) {
  const copy = verdictCopy(results);
  const hasLabelledSuite = results.suites.some((suite) => suite.kind === 'labelled');
  const { subject } = copy;
  return (
    <section className={`verdict ${copy.tone}`} aria-label="Verdict">
      <div className="grow">
        <div className="vl">
          <Icon of={icons[copy.tone]} size={14} />
          {copy.kicker}
        </div>
        <h2>
          {copy.headline} {copy.quant === null ? null : <span className="mono">{copy.quant}</span>}
        </h2>
        <p className="selectable">{copy.sentences.join(' ')}</p>
      </div>
      {subject === null ? null : (
        <Numbers subject={subject} best={copy.best} label={copy.tone === 'fits' || copy.tone === 'none' ? null : subject.name} />
      )}
      <div className="va">
        {copy.tone === 'fits' && subject !== null ? (
          <Button variant="primary" icon={MessageSquare} onClick={() => onChat(subject.modelId)}>
            Chat with it
          </Button>
        ) : (
          <>
            <Button variant="primary" icon={Plus} onClick={copy.tone === 'open' && onExtend !== null ? onExtend : onSetUpAgain}>
              {copy.tone === 'open'
                ? onExtend === null
                  ? 'Set up a larger run'
                  : 'Run more items'
                : copy.tone === 'fails'
                  ? 'Change the run'
                  : hasLabelledSuite
                    ? 'Set it up again'
                    : 'Add a suite'}
            </Button>
            {subject === null ? null : (
              <Button icon={MessageSquare} onClick={() => onChat(subject.modelId)}>
                {copy.tone === 'fails' ? 'Chat with the best' : 'Chat with it'}
              </Button>
            )}
          </>
        )}
        {subject === null ? null : <HandOver modelId={subject.modelId} />}
      </div>
    </section>
  );
}

/** For a model of this library: one behind an endpoint runs elsewhere already. */
function HandOver({ modelId }: { readonly modelId: string }) {
  const model = useLibrary(({ artifacts }) => artifacts.find(({ id }) => id === modelId));
  return model?.state === 'ready' ? <HandOverButton model={model} /> : null;
}

function Numbers({
  subject,
  best,
  label,
}: {
  readonly subject: ModelResult;
  readonly best: ModelResult | null;
  readonly label: string | null;
}) {
  const memory = memoryOf(subject);
  const tail = subject.totalMs.p95 !== null ? { name: 'p95', ms: subject.totalMs.p95 } : { name: 'p50', ms: subject.totalMs.p50 };
  const bestTail = best === null ? null : tail.name === 'p95' ? best.totalMs.p95 : best.totalMs.p50;
  const memoryRatio = best === null ? null : ratioOf(memory.bytes, memoryOf(best).bytes);
  const speedRatio = best === null ? null : ratioOf(speedOf(subject), speedOf(best));
  const points =
    best?.overall == null || subject.overall === null ? null : Math.round((best.overall.passRate - subject.overall.passRate) * 100);
  return (
    <dl className="vs" aria-label={label === null ? undefined : `Numbers of ${label}`}>
      {subject.overall === null ? null : (
        <Figure
          name="Score"
          value={formatPercent(subject.overall.passRate)}
          note={
            points === null
              ? `${formatTally(subject.overall.passed)} of ${formatCount(subject.overall.n)}`
              : points === 0
                ? 'as good as best'
                : `${points} ${points === 1 ? 'point' : 'points'} below best`
          }
        />
      )}
      <Figure
        name={memory.isMeasured || memory.bytes === null ? 'Memory' : 'File size'}
        value={memory.isMeasured ? formatGibibytes(memory.bytes) : formatGigabytes(memory.bytes)}
        note={
          memory.bytes === null
            ? 'not on this machine'
            : memoryRatio === null
              ? memory.isMeasured
                ? 'peak, measured'
                : 'memory not measured'
              : shareWords(memoryRatio)
        }
      />
      <Figure
        name="Speed"
        value={formatTokensPerSecond(speedOf(subject))}
        note={speedRatio === null ? 'generation' : isSame(speedRatio) ? 'as fast as best' : `${formatRatio(speedRatio)} best`}
      />
      {tail.ms === null ? null : (
        <Figure
          name={`Latency ${tail.name}`}
          value={formatDuration(tail.ms)}
          note={bestTail === null ? 'full answer' : `best: ${formatDuration(bestTail)}`}
        />
      )}
    </dl>
  );
}

function Figure({ name, value, note }: { readonly name: string; readonly value: string; readonly note: string }) {
  const [, figure = value, unit = ''] = /^([^a-zA-Z%]+?)\s?([a-zA-Z%/].*)$/.exec(value) ?? [];
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value === missing ? missing : figure}
        <small>{unit === '%' ? unit : ` ${unit}`}</small>
      </dd>
      <dd className="about">{note}</dd>
    </div>
  );
}

/** Closer than a twentieth is the same to a person. */
function isSame(ratio: number): boolean {
  return ratio > 0.95 && ratio < 1.05;
}

function shareWords(ratio: number): string {
  if (isSame(ratio)) return 'as much as best';
  if (ratio > 0.45 && ratio < 0.55) return 'half of best';
  return ratio < 0.995 ? `${formatPercent(ratio)} of best` : `${formatRatio(ratio)} best`;
}
