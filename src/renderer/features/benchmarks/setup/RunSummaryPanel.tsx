import { Check, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatCount, formatDuration, formatGibibytes } from '#core/units.ts';
import type { Estimate } from '#shared/contract/benchmarks.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { callsInWords, type RunDraft } from '../../../stores/draftPlan.ts';
import { Button } from '../../../ui/Button.tsx';
import { Icon } from '../../../ui/Icon.tsx';
import { Tank } from '../../../ui/Tank.tsx';
import { formatClock } from '../runTime.ts';
import { judgingWords } from './judgingWords.ts';
import type { RemoteModel } from './remoteModels.ts';

interface RunSummaryPanelProps {
  readonly draft: RunDraft;
  /** The chosen ones, smallest first. */
  readonly models: readonly Artifact[];
  readonly remote: readonly RemoteModel[];
  readonly scenarios: number;
  readonly callsEach: number;
  readonly measuresSpeed: boolean;
  readonly estimate: Estimate | null;
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number } | null;
  /** Why it cannot start; null when it can. */
  readonly blocked: string | null;
  readonly isStarting: boolean;
  readonly onStart: () => void;
}

/** What this run amounts to, and the one button that starts it. */
export function RunSummaryPanel(props: RunSummaryPanelProps) {
  const { draft, models, remote, scenarios, callsEach, estimate } = props;
  const count = models.length + remote.length;
  return (
    <aside className="pane sum" aria-label="This run">
      <div className="scroll">
        <div className="p1">
          <h2 className="h2">This run</h2>
          <div className="eq">
            <Factor count={count} word={count === 1 ? 'model' : 'models'} />
            <i>×</i>
            <Factor count={scenarios} word={scenarios === 1 ? 'scenario' : 'scenarios'} />
            <i>×</i>
            <Factor count={callsEach} word={callsEach === 1 ? 'call each' : 'calls each'} />
          </div>
          <div className="note">{callsInWords(draft)}</div>
          <div className="tot">
            <b>{formatCount(count * scenarios * callsEach)}</b> model calls{props.measuresSpeed ? ', and the speed test' : ''}
          </div>
        </div>
        <TimePart estimate={estimate} models={[...models, ...remote]} measuresSpeed={props.measuresSpeed} />
        <MemoryPart models={models} memory={props.memory} />
        <Assurances {...props} />
      </div>
      <div className="go">
        {props.blocked === null ? null : <p className="note blocked">{props.blocked}</p>}
        <Button
          variant="primary"
          size="xl"
          keys={['Ctrl Enter']}
          disabled={props.blocked !== null}
          busy={props.isStarting}
          onClick={props.onStart}
        >
          Benchmark my models
        </Button>
      </div>
    </aside>
  );
}

function Factor({ count, word }: { readonly count: number; readonly word: string }) {
  return (
    <div>
      <b>{formatCount(count)}</b>
      <span>{word}</span>
    </div>
  );
}

interface TimePartProps extends Pick<RunSummaryPanelProps, 'estimate' | 'measuresSpeed'> {
  readonly models: readonly Pick<Artifact, 'id' | 'name'>[];
}

function TimePart({ estimate, models, measuresSpeed }: TimePartProps) {
  const total = estimate?.secondsTotal ?? null;
  const names = new Map(models.map((model) => [model.id, model.name]));
  return (
    <div className="p1">
      <div className="row spread">
        <h3 className="h3">Time</h3>
        <span className="note">{estimate === null ? '' : basisWords[estimate.basis]}</span>
      </div>
      <div className="big">{total === null ? '–' : `${estimate?.basis === 'measured' ? '' : '~'}${formatDuration(total * 1000)}`}</div>
      {estimate === null ? null : total === null ? (
        <p className="note">
          Not known: speeds were not measured yet. {measuresSpeed ? 'This run tells.' : 'A run with the suite Speed tells.'}
        </p>
      ) : (
        <>
          <div
            className="stack"
            role="img"
            aria-label={`Time per model: ${estimate.perModel.map((row) => `${names.get(row.modelId) ?? row.modelId} ${formatDuration((row.seconds ?? 0) * 1000)}`).join(', ')}`}
          >
            {estimate.perModel.map((row) => (
              <i
                key={row.modelId}
                style={{ flex: Math.max(row.seconds ?? 0, total / 200) }}
                title={`${names.get(row.modelId) ?? row.modelId} ${formatDuration((row.seconds ?? 0) * 1000)}`}
              />
            ))}
          </div>
          <div className="row spread note">
            <span>smallest first</span>
            <span>done about {formatClock(Date.now() + total * 1000, Date.now())}</span>
          </div>
        </>
      )}
    </div>
  );
}

const basisWords: Readonly<Record<Estimate['basis'], string>> = {
  measured: 'from measured speeds',
  size: 'from file sizes',
  none: '',
};

/** One model is in memory at a time, so the largest one counts. */
function MemoryPart({ models, memory }: { readonly models: readonly Artifact[]; readonly memory: RunSummaryPanelProps['memory'] }) {
  const needs = models.map((model) => ({
    model,
    bytes: model.speed?.peakMemoryBytes ?? model.sizeBytes,
    isMeasured: model.speed?.peakMemoryBytes != null,
  }));
  const largest = needs.toSorted((a, b) => b.bytes - a.bytes)[0];
  const isTight = memory !== null && largest !== undefined && largest.bytes > memory.availableBytes;
  return (
    <div className="p1">
      <h3 className="h3">Peak memory</h3>
      {memory === null || largest === undefined ? (
        <p className="note">{largest === undefined ? 'No model chosen.' : 'The memory of this machine is not known yet.'}</p>
      ) : (
        <>
          <Tank
            size="card"
            total={memory.totalBytes}
            parts={[
              { kind: 'other', value: Math.max(0, memory.totalBytes - memory.availableBytes) },
              { kind: isTight ? 'over' : 'weights', value: largest.bytes },
            ]}
            label={`${largest.model.name} takes ${formatGibibytes(largest.bytes)} beside ${formatGibibytes(memory.totalBytes - memory.availableBytes)} in use, of ${formatGibibytes(memory.totalBytes)}`}
          />
          <div className="row spread note">
            <span className="ell">
              {largest.model.name}
              {largest.isMeasured ? '' : ', file size'}
            </span>
            <span className="nowrap">
              {formatGibibytes(memory.totalBytes - memory.availableBytes + largest.bytes)} of {formatGibibytes(memory.totalBytes)}
            </span>
          </div>
        </>
      )}
      <ul className="okl">
        {isTight ? <Warning>{largest.model.name} needs more than is free now</Warning> : null}
        <Fine>One model in memory at a time</Fine>
      </ul>
    </div>
  );
}

/** Where the questions go, what will not be asked, and what the judge sees. */
function Assurances({ draft, remote, estimate }: RunSummaryPanelProps) {
  const judge = draft.judgeId === null ? null : readEndpointModelId(draft.judgeId);
  const judging = estimate?.judging == null ? null : judgingWords(estimate.judging);
  const servers = [...new Set(remote.map((model) => model.endpoint))];
  return (
    <div className="p1">
      <ul className="okl first">
        {servers.length === 0 ? (
          <Fine>Questions and answers stay here</Fine>
        ) : (
          <Warning>Questions are sent to {servers.join(', ')}</Warning>
        )}
        {judge === null ? (
          <Fine>Graders run here{servers.length === 0 ? ', nothing is uploaded' : ''}</Fine>
        ) : (
          <Warning>Answers are sent to a remote judge</Warning>
        )}
        {judging === null ? null : judging.isFine ? (
          <Fine>
            <span>{judging.text}</span>
          </Fine>
        ) : (
          <Warning>{judging.text}</Warning>
        )}
        {estimate?.notRun?.map((gap) => (
          <Warning key={gap.reason}>
            {gap.items === 1 ? 'One item' : `${formatCount(gap.items)} items`} will not run: {gap.reason}
            {gap.hint === null ? '' : ` ${gap.hint}`}
          </Warning>
        ))}
      </ul>
    </div>
  );
}

function Fine({ children }: { readonly children: ReactNode }) {
  return (
    <li>
      <Icon of={Check} size={14} />
      {children}
    </li>
  );
}

function Warning({ children }: { readonly children: ReactNode }) {
  return (
    <li className="w">
      <Icon of={TriangleAlert} size={14} />
      <span>{children}</span>
    </li>
  );
}
