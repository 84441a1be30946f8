import { useMemo, useState } from 'react';
import { formatCount } from '#core/units.ts';
import type { Comparison } from '#shared/contract/comparisons.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Select } from '../../../ui/Select.tsx';
import { firstPair, wordDifference } from './wordDifference.ts';

interface DifferenceDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly comparison: Comparison;
}

/** Two answers, word by word. */
export function DifferenceDialog({ open, onClose, comparison }: DifferenceDialogProps) {
  const pair = firstPair(
    comparison.answers.map(({ text }) => text),
    comparison.vote,
  );
  return (
    <Dialog open={open && pair !== null} onClose={onClose} title="Differences" wide>
      {open && pair !== null ? <Difference comparison={comparison} pair={pair} /> : null}
    </Dialog>
  );
}

function Difference({ comparison, pair }: { readonly comparison: Comparison; readonly pair: readonly [number, number] }) {
  const [[from, to], setPair] = useState(pair);
  const { answers } = comparison;
  const difference = useMemo(() => wordDifference(answers[from]?.text ?? '', answers[to]?.text ?? ''), [answers, from, to]);
  const options = answers.map(({ label, modelName }, index) => ({
    value: String(index),
    label: modelName === null ? `Model ${label}` : `${label}: ${modelName}`,
    disabled: answers[index]?.text === '',
  }));
  const nameOf = (index: number): string => answers[index]?.label ?? '';
  return (
    <>
      <div className="row difference-pair">
        <Select label="From" value={String(from)} onChange={(value) => setPair([Number(value), to])} options={options} />
        <span className="note">against</span>
        <Select label="To" value={String(to)} onChange={(value) => setPair([from, Number(value)])} options={options} />
      </div>
      {difference === null ? (
        <p className="note">These two answers have too little in common to show what differs.</p>
      ) : (
        <>
          <p className="note" role="status">
            {difference.removedWords + difference.addedWords === 0 ? (
              'Both answers say the same, word for word.'
            ) : (
              <>
                <del className="diff-sample">{formatCount(difference.removedWords)} words</del> only in {nameOf(from)},{' '}
                <ins className="diff-sample">{formatCount(difference.addedWords)} words</ins> only in {nameOf(to)}
              </>
            )}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keys */}
          <div className="difference selectable" tabIndex={0} role="group" aria-label={`How ${nameOf(to)} differs from ${nameOf(from)}`}>
            {difference.parts.map((part, index) => {
              const key = `${index}-${part.kind}`;
              if (part.kind === 'same') return <span key={key}>{part.text}</span>;
              return part.kind === 'removed' ? <del key={key}>{part.text}</del> : <ins key={key}>{part.text}</ins>;
            })}
          </div>
        </>
      )}
    </>
  );
}
