import { Cloud, Laptop, Pencil } from 'lucide-react';
import { useState } from 'react';
import { formatMoney } from '#core/bench/runCost.ts';
import { formatCount, formatPercent } from '#core/units.ts';
import type { RunCost } from '#shared/contract/benchmarkResults.ts';
import { Button } from '../../../../ui/Button.tsx';
import { Icon } from '../../../../ui/Icon.tsx';
import { ScrollBox } from '../../../../ui/ScrollBox.tsx';
import { enteredWords } from './costWords.ts';
import { PricesDialog } from './PricesDialog.tsx';

interface CostCardProps {
  readonly cost: RunCost;
  readonly runId: string;
}

/** What a thousand calls like those of this run cost: electricity here, tokens by the user's own price table elsewhere. */
export function CostCard({ cost, runId }: CostCardProps) {
  const [isEditing, setEditing] = useState(false);
  const dearest = Math.max(0, ...cost.rows.map((row) => row.perThousandCalls ?? 0));
  const entered = enteredWords(cost.rows);
  const hasHosted = cost.rows.some((row) => row.kind === 'hosted');
  return (
    <section className="card cst" aria-label="Cost per 1,000 calls">
      <header>
        <h3 className="h3">Cost per 1,000 calls</h3>
        <span className="note ell">
          {formatCount(cost.inputTokens)} tokens in and {formatCount(cost.outputTokens)} out per call, the average of this run
        </span>
        <span className="grow" />
        <Button size="sm" variant="ghost" icon={Pencil} onClick={() => setEditing(true)}>
          Edit prices
        </Button>
      </header>
      <ScrollBox label="Cost per 1,000 calls">
        <table className="tbl cost">
          <caption className="sr">Cost per 1,000 calls</caption>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col">Price per 1M tokens</th>
              <th scope="col" className="r">
                Score
              </th>
              <th scope="col">
                <span className="sr">Against the dearest</span>
              </th>
              <th scope="col" className="r">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {cost.rows.map((row) => (
              <tr key={`${row.kind} ${row.modelId ?? ''} ${row.label}`}>
                <th scope="row" className="ink ell" title={row.label}>
                  <Icon of={row.kind === 'local' ? Laptop : Cloud} size={14} />
                  {row.label}
                  {row.kind === 'local' ? ', here' : <span className="sr">, hosted</span>}
                </th>
                <td className="ell" title={row.price}>
                  {row.price}
                </td>
                <td className="r ink">{formatPercent(row.passRate)}</td>
                <td aria-hidden="true">
                  <div className="cb">
                    {row.perThousandCalls === null || dearest === 0 ? null : (
                      <i
                        className={row.kind === 'local' ? 'me' : undefined}
                        style={{ width: `${Math.max(0.6, (row.perThousandCalls / dearest) * 100)}%` }}
                      />
                    )}
                  </div>
                </td>
                <td className="r ink">{formatMoney(row.perThousandCalls, row.currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p className="note chart-foot">
        {cost.watts === null
          ? 'Electricity is unknown: this machine has no sensor that could be read. '
          : `Electricity: ${formatCount(cost.watts)} W measured on this machine. `}
        {entered === null ? '' : `Hosted prices were entered ${entered} and are yours to edit. `}
        {hasHosted ? 'A hosted score stands here only where that model answered the same scenarios.' : ''}
      </p>
      {isEditing ? <PricesDialog runId={runId} onClose={() => setEditing(false)} /> : null}
    </section>
  );
}
