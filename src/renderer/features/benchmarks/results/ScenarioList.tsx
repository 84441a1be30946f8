import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, type KeyboardEvent, useEffect, useRef } from 'react';
import type { ModelResult } from '#shared/contract/benchmarkResults.ts';
import { Kbd } from '../../../ui/Kbd.tsx';
import { shortLabels } from '../modelLabels.ts';
import { type Outcome, outcomeOf, type Scenario } from './scenarios.ts';

interface ScenarioListProps {
  readonly scenarios: readonly Scenario[];
  readonly models: readonly ModelResult[];
  readonly modelId: string;
  readonly selectedIndex: number;
  readonly onSelect: (index: number) => void;
}

const rowHeight = 44;
/** More columns than this do not fit beside a readable title. */
const mostMarks = 10;

/** Items down, a mark for each model. One tab stop; arrows move the selection. */
export function ScenarioList({ scenarios, models, modelId, selectedIndex, onSelect }: ScenarioListProps) {
  const box = useRef<HTMLDivElement | null>(null);
  const rows = useVirtualizer({ count: scenarios.length, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 8 });
  const shown = models.length <= mostMarks ? models : models.filter((model) => model.modelId === modelId);
  const labels = shortLabels(shown);
  useEffect(() => rows.scrollToIndex(selectedIndex, { align: 'auto' }), [rows, selectedIndex]);

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    onSelect(Math.min(scenarios.length - 1, Math.max(0, selectedIndex + step)));
  }

  return (
    <>
      <div className="hd" aria-hidden="true">
        <span>Scenario</span>
        <span className="ms" style={{ gridTemplateColumns: `repeat(${shown.length}, 22px)` }}>
          {shown.map((model) => (
            <em key={model.modelId} className={model.modelId === modelId ? 'on' : undefined}>
              {labels.get(model.modelId)}
            </em>
          ))}
        </span>
      </div>
      <div
        ref={box}
        className="scroll"
        role="listbox"
        aria-label="Scenarios"
        tabIndex={0}
        aria-activedescendant={`scenario-${selectedIndex}`}
        onKeyDown={onKeyDown}
      >
        <div className="rows" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const scenario = scenarios[row.index];
            if (scenario === undefined) return null;
            const words = shown
              .map((model) => `${model.name} ${model.quant ?? ''} ${outcomeWords[outcomeOf(scenario.byModel.get(model.modelId))]}`)
              .join(', ');
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it takes the keys
              <div
                key={scenario.itemId}
                id={`scenario-${row.index}`}
                role="option"
                tabIndex={-1}
                aria-selected={row.index === selectedIndex}
                aria-posinset={row.index + 1}
                aria-setsize={scenarios.length}
                className={row.index === selectedIndex ? 'scenario on' : 'scenario'}
                style={{ transform: `translateY(${row.start}px)` }}
                onClick={() => onSelect(row.index)}
              >
                <div className="grow">
                  <div className="ell ink">{scenario.title}</div>
                  <div className="mono id">{scenario.itemId}</div>
                </div>
                <span className="sr">{words}</span>
                <span className="ms" aria-hidden="true" style={{ gridTemplateColumns: `repeat(${shown.length}, 22px)` }}>
                  {shown.map((model) => (
                    <OutcomeMark key={model.modelId} outcome={outcomeOf(scenario.byModel.get(model.modelId))} />
                  ))}
                </span>
              </div>
            );
          })}
        </div>
      </div>
      <div className="ft note">
        <OutcomeMark outcome="pass" />
        pass
        <OutcomeMark outcome="some" />
        some runs
        <OutcomeMark outcome="fail" />
        fail
        {(['open', 'skip'] as const).map((outcome) =>
          scenarios.some((scenario) => shown.some((model) => outcomeOf(scenario.byModel.get(model.modelId)) === outcome)) ? (
            <Fragment key={outcome}>
              <OutcomeMark outcome={outcome} />
              {outcomeWords[outcome]}
            </Fragment>
          ) : null,
        )}
        <span className="end">
          <Kbd keys={['J', 'K']} /> move <Kbd keys={['F']} /> failing
        </span>
      </div>
    </>
  );
}

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  pass: 'passes',
  some: 'passes some runs',
  fail: 'fails',
  open: 'not judged yet',
  skip: 'not run',
  none: 'not asked',
};
const markClass: Readonly<Record<Outcome, string>> = { pass: 'ok', some: 'hf', fail: 'no', open: 'op', skip: 'sk', none: 'un' };

function OutcomeMark({ outcome }: { readonly outcome: Outcome }) {
  return <i className={`mark-${markClass[outcome]}`} title={outcomeWords[outcome]} />;
}
