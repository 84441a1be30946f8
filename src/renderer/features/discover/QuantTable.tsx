import { useCallback } from 'react';
import type { FitEstimate } from '#core/fit/fitTypes.ts';
import { formatCount } from '#core/units.ts';
import type { CatalogQuant, CatalogRepo } from '#shared/contract/catalog.ts';
import type { FitPlan } from '../../fit/fitPlan.ts';
import { pickQuant } from '../../stores/catalog.ts';
import { measureHardware, useSystem } from '../../stores/system.ts';
import { Button } from '../../ui/Button.tsx';
import { showError } from '../../ui/showError.ts';
import { QuantRow } from './QuantRow.tsx';
import { type ReadHeader, type RecommendedQuant, recommendedContextTokens } from './quantFit.ts';

interface QuantTableProps {
  readonly repo: CatalogRepo;
  readonly selected: CatalogQuant;
  /** As exactly as it is known; the other rows compute their own. */
  readonly selectedFit: FitEstimate | null;
  readonly recommended: RecommendedQuant | null;
  readonly header: ReadHeader | null;
  readonly plan: FitPlan | null;
  /** The header is on its way: what a quant takes is not known yet. */
  readonly isReading: boolean;
}

/** Every quant of the repo, one of them chosen: a group of radio buttons laid out as a table. */
export function QuantTable({ repo, selected, selectedFit, recommended, header, plan, isReading }: QuantTableProps) {
  const select = useCallback((file: string) => pickQuant(repo.repo, file), [repo]);
  const best = repo.quants.find((quant) => quant.file === recommended?.file);
  const context = plan === null ? '' : ` at ${formatCount(Math.min(plan.contextTokens, repo.contextTokens ?? plan.contextTokens))}`;
  return (
    <div role="radiogroup" aria-label="Quants">
      <table className="tbl quants">
        <colgroup>
          <col className="c-radio" />
          <col className="c-quant" />
          <col className="c-bits" />
          <col className="c-size" />
          <col className="c-memory" />
          <col />
          <col className="c-speed" />
          <col className="c-quality" />
        </colgroup>
        <thead>
          <tr>
            <th>
              <span className="sr">Selected</span>
            </th>
            <th scope="col" title="How far the model was compressed: fewer bits take less memory and answer worse">
              Quant
            </th>
            <th scope="col" className="r" title="Bits per weight">
              Bits
            </th>
            <th scope="col" className="r">
              Size
            </th>
            <th scope="col" className="r">
              Memory
            </th>
            <th scope="col">Fit{context}</th>
            <th scope="col" className="r" title="Tokens per second: predicted with a tilde, measured without">
              tok/s
            </th>
            <th scope="col">Quality</th>
          </tr>
        </thead>
        <tbody>
          {repo.quants.map((quant) => (
            <QuantRow
              key={quant.file}
              repo={repo}
              quant={quant}
              header={header}
              plan={plan}
              isReading={isReading}
              isSelected={quant.file === selected.file}
              knownFit={quant.file === selected.file ? selectedFit : null}
              reason={quant.file === recommended?.file && recommended.fits !== false ? recommended.reason : null}
              onSelect={select}
            />
          ))}
        </tbody>
      </table>
      {best === undefined || recommended === null ? null : (
        <p className="note reason-line">
          {recommended.fits === false ? (
            `No quant here fits this machine at ${formatCount(recommendedContextTokens)} tokens. A smaller model will do better.`
          ) : (
            <>
              <b className="ink2 med">{best.type ?? best.file}</b> is recommended. {recommended.reason}
            </>
          )}
        </p>
      )}
      {plan !== null && plan.machine.bandwidthBytesPerSecond === null ? <MeasureSpeed /> : null}
    </div>
  );
}

/** Without the speed of the memory no speed of a model can be predicted. */
function MeasureSpeed() {
  const isMeasuring = useSystem((state) => state.measuring);
  return (
    <p className="note reason-line row">
      Speeds can be predicted once the memory of this machine is measured.
      <Button
        size="sm"
        busy={isMeasuring}
        onClick={() => void measureHardware().catch((thrown: unknown) => showError('The memory was not measured', thrown))}
      >
        Measure, a few seconds
      </Button>
    </p>
  );
}
