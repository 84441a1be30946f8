import { Check, Minus, X } from 'lucide-react';
import { formatDuration, formatGibibytes, formatTokensPerSecond } from '#core/units.ts';
import type { RunProgress } from '#shared/contract/benchmarks.ts';
import { Sparkline } from '../../../charts/Sparkline.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { Tank } from '../../../ui/Tank.tsx';

interface LivePanelProps {
  readonly progress: RunProgress;
  readonly suiteName: (id: string) => string;
  readonly memoryTotalBytes: number | null;
}

const shownOutput = 600;

/** The model at work: its speed, its memory, the item it answers and the last ones it answered. */
export function LivePanel({ progress, suiteName, memoryTotalBytes }: LivePanelProps) {
  const { current, recent, tokensPerSecond, residentBytes } = progress;
  const model = progress.models.find((one) => one.modelId === current?.modelId) ?? progress.models.find((one) => one.state === 'running');
  const speed = tokensPerSecond.at(-1) ?? null;
  const speedWords = formatTokensPerSecond(speed, { kind: 'live' });
  return (
    <aside className="pane live" aria-label="Live">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className="scroll" tabIndex={0}>
        <div className="p1">
          <div className="row spread">
            <h3 className="h3 ell">{model?.name ?? 'No model in memory'}</h3>
            <span className="mono xs">{model?.quant}</span>
          </div>
          <div className="row speed">
            <span className="big">{speed === null ? '–' : speedWords.replace(' tok/s', '')}</span>
            <span className="sm">tok/s</span>
            <span className="note end">last minute</span>
          </div>
          <Sparkline
            values={tokensPerSecond}
            slots={60}
            max={null}
            height={64}
            label={`Generation speed over the last minute, now ${speedWords}`}
          />
        </div>
        {residentBytes === null || memoryTotalBytes === null ? null : (
          <div className="p1">
            <h3 className="h3">Memory of the model</h3>
            <Tank
              size="card"
              total={memoryTotalBytes}
              parts={[{ kind: 'weights', value: residentBytes }]}
              label={`${formatGibibytes(residentBytes)} of ${formatGibibytes(memoryTotalBytes)}`}
            />
            <div className="row spread note">
              <span>{formatGibibytes(residentBytes)}</span>
              <span>of {formatGibibytes(memoryTotalBytes)}</span>
            </div>
          </div>
        )}
        <div className="p1 now">
          <div className="row spread">
            <h3 className="h3">Now</h3>
            {current === null ? null : (
              <span className="note ell">
                {suiteName(current.suite)}, T {current.temperature}
              </span>
            )}
          </div>
          {current === null ? (
            <p className="note">{idleWords(progress)}</p>
          ) : (
            <>
              <div className="q1 selectable">{current.input}</div>
              <pre className="code wrapped">
                {current.output.slice(-shownOutput)}
                <span className="caret" aria-hidden="true" />
              </pre>
            </>
          )}
          {recent.length === 0 ? null : (
            <ul className="lst" aria-label="Last results">
              {recent.map((item, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a speed test repeats its own id, and rows only move down
                <li key={index} className={item.passed === false ? 'no' : item.passed === null ? 'na' : undefined}>
                  <Icon of={item.passed === null ? Minus : item.passed ? Check : X} size={13} />
                  <span className="mono ell">{item.itemId}</span>
                  <span className="ell reason">{item.reason}</span>
                  <em>{formatDuration(item.totalMs)}</em>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </aside>
  );
}

function idleWords({ judging, run }: RunProgress): string {
  if (run.state !== 'running') return 'Nothing is being asked.';
  return judging == null ? 'Between two items.' : `${judging.judge} reads the answers.`;
}
