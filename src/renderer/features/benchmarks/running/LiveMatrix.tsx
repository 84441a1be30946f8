import { Check, CircleDashed, Minus, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import { formatDuration, formatPercent } from '#core/units.ts';
import type { RunProgress } from '#shared/contract/benchmarks.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { CellMark, MatrixCell } from './MatrixCell.tsx';
import { cellKey, matrixColumns, type ProgressCell } from './matrixColumns.ts';

interface LiveMatrixProps {
  readonly progress: RunProgress;
  readonly suiteName: (id: string) => string;
}

type ModelRow = RunProgress['models'][number];

/** Models down, suites and temperatures across; what is done, running, queued, failed or skipped. */
export function LiveMatrix({ progress, suiteName }: LiveMatrixProps) {
  const { models, cells } = progress;
  const groups = useMemo(() => matrixColumns(cells), [cells]);
  const byKey = useMemo(() => new Map(cells.map((cell) => [cellKey(cell), cell])), [cells]);
  const columns = groups.flatMap((group) => group.columns);
  const hasTemperatures = groups.some((group) => group.columns.length > 1);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className="mx-scroll" role="region" aria-label="Matrix" tabIndex={0}>
      <table className="matrix" style={{ minWidth: 178 + columns.length * 39 + 60 }}>
        <colgroup>
          <col className="name" />
          <col span={columns.length} />
          <col className="sum" />
        </colgroup>
        <thead>
          <tr>
            <td />
            {groups.map((group) => (
              <th key={group.suite} scope="colgroup" colSpan={group.columns.length} title={suiteName(group.suite)}>
                <span className="ell">{suiteName(group.suite)}</span>
              </th>
            ))}
            <th scope="col" className="r">
              All
            </th>
          </tr>
          {hasTemperatures ? (
            <tr className="t2">
              <td />
              {columns.map((column) => (
                <th key={`${column.suite} ${column.temperature}`} scope="col">
                  T {column.temperature}
                </th>
              ))}
              <td />
            </tr>
          ) : null}
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.modelId} className={model.state === 'running' ? 'act' : undefined}>
              <th scope="row">
                <div className="nm" title={`${model.name} ${model.quant ?? ''}`}>
                  <span className="ell">{model.name}</span> <span className="mono">{model.quant}</span>
                </div>
                <ModelState model={model} />
              </th>
              {columns.map((column) => (
                <MatrixCell
                  key={`${column.suite} ${column.temperature}`}
                  cell={byKey.get(cellKey({ modelId: model.modelId, ...column }))}
                  subject={`${model.name}, ${suiteName(column.suite)}, temperature ${column.temperature}`}
                />
              ))}
              <td className="all">
                {model.interval === null || model.interval.n === 0 ? (
                  '–'
                ) : (
                  <>
                    <b className={model.state === 'done' ? undefined : 'so-far'}>{formatPercent(model.interval.passRate)}</b>
                    <small>
                      {model.state === 'done'
                        ? `[${Math.round(model.interval.low * 100)}–${Math.round(model.interval.high * 100)}]`
                        : 'so far'}
                    </small>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ModelState({ model }: { readonly model: ModelRow }) {
  switch (model.state) {
    case 'done':
      return (
        <div className="st">
          <Icon of={Check} size={13} />
          done <span>{formatDuration(model.elapsedMs)}</span>
        </div>
      );
    case 'running':
      return (
        <div className="st">
          <span className="pulse" aria-hidden="true" />
          running <span>{model.remainingMs === null ? '' : `~${formatDuration(model.remainingMs)} left`}</span>
        </div>
      );
    case 'queued':
      return (
        <div className="st">
          <Icon of={CircleDashed} size={13} />
          queued <span>{model.remainingMs === null ? '' : `~${formatDuration(model.remainingMs)}`}</span>
        </div>
      );
    case 'failed':
      return (
        <div className="st bad">
          <Icon of={TriangleAlert} size={13} />
          failed
        </div>
      );
    case 'skipped':
      return (
        <div className="st">
          <Icon of={Minus} size={13} />
          skipped
        </div>
      );
    default:
      return model.state satisfies never;
  }
}

const legend: readonly {
  readonly words: string;
  readonly cell: Pick<ProgressCell, 'state' | 'done' | 'total' | 'passed' | 'tokensPerSecond'>;
}[] = [
  { words: 'done, score', cell: { state: 'done', done: 100, total: 100, passed: 94, tokensPerSecond: null } },
  { words: 'running', cell: { state: 'running', done: 26, total: 40, passed: 20, tokensPerSecond: null } },
  { words: 'queued', cell: { state: 'queued', done: 0, total: 40, passed: 0, tokensPerSecond: null } },
  { words: 'failed', cell: { state: 'failed', done: 8, total: 40, passed: 4, tokensPerSecond: null } },
  { words: 'skipped or not run', cell: { state: 'skipped', done: 0, total: 40, passed: 0, tokensPerSecond: null } },
];

/** What the shapes mean. */
export function MatrixLegend() {
  return (
    <div className="matrix-legend" aria-hidden="true">
      {legend.map((entry) => (
        <span key={entry.words}>
          <CellMark cell={{ modelId: '', suite: '', temperature: 0, ...entry.cell }} />
          {entry.words}
        </span>
      ))}
    </div>
  );
}
