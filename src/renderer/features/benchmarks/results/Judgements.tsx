import { Check, CircleHelp, Minus, X } from 'lucide-react';
import { formatPercent } from '#core/units.ts';
import type { ModelResult } from '#shared/contract/benchmarkResults.ts';
import type { Judgement } from '#shared/contract/benchmarkSamples.ts';
import { Icon } from '../../../ui/Icon.tsx';

interface JudgementsProps {
  readonly judgements: readonly Judgement[];
  readonly models: readonly ModelResult[];
}

const marks = {
  met: { icon: Check, words: 'met' },
  'not-met': { icon: X, words: 'not met' },
  'cannot-tell': { icon: CircleHelp, words: 'cannot tell' },
  void: { icon: Minus, words: 'void: its evidence is not in the answer' },
} as const;

/** What a judge said of an answer, criterion by criterion with the words it rests on. */
export function Judgements({ judgements, models }: JudgementsProps) {
  return judgements.map((judgement, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: judgements never move
    <section key={index} className="judged" aria-label={`Judgement by ${judgement.judgeName}`}>
      <div className="gh">
        <h3 className="ink med">{headline(judgement, models)}</h3>
        <span className="note end">{judgement.judgeName}, a model's opinion</span>
      </div>
      {judgement.criteria.length === 0 ? null : (
        <ul>
          {judgement.criteria.map((one) => {
            const mark = marks[one.met];
            return (
              <li key={one.criterion} className={one.met}>
                <Icon of={mark.icon} size={14} />
                <div className="grow">
                  <p className="ink">
                    {one.criterion} <span className="ink3">{mark.words}</span>
                  </p>
                  {one.evidence === '' ? null : <p className="evidence selectable">“{one.evidence}”</p>}
                </div>
              </li>
            );
          })}
        </ul>
      )}
      {judgement.note === '' ? null : <p className="note selectable">{judgement.note}</p>}
    </section>
  ));
}

function headline({ kind, score, againstId }: Judgement, models: readonly ModelResult[]): string {
  if (score === null) return 'The judge did not do as it was told: no judgement';
  if (kind === 'checklist') return `Judged: ${formatPercent(score)} of the criteria`;
  const other = models.find((model) => model.modelId === againstId);
  const name = other === undefined ? 'the other' : `${other.name}${other.quant === null ? '' : ` ${other.quant}`}`;
  return score === 1 ? `Preferred over ${name}` : score === 0 ? `${name} was preferred` : `As good as ${name}`;
}
