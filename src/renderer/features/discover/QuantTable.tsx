import type { FitEstimate } from '#core/fit/fitTypes.ts';
import { formatCount } from '#core/units.ts';
import type { CatalogQuant, CatalogRepo } from '#shared/contract/catalog.ts';
import { QuantRow } from './QuantRow.tsx';

interface QuantTableProps {
  readonly repo: CatalogRepo;
  readonly selected: CatalogQuant;
  /** By first file; unknown ones are left out. */
  readonly fits: ReadonlyMap<string, FitEstimate>;
  readonly contextTokens: number | null;
  readonly onSelect: (file: string) => void;
}

/** Every quant of the repo, one of them chosen: a group of radio buttons laid out as a table. */
export function QuantTable({ repo, selected, fits, contextTokens, onSelect }: QuantTableProps) {
  const recommended = repo.quants.find((quant) => quant.recommended !== null);
  const context =
    selected === undefined || contextTokens === null
      ? ''
      : ` at ${formatCount(Math.min(contextTokens, repo.contextTokens ?? contextTokens))}`;
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
            <th scope="col">Quant</th>
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
              fit={fits.get(quant.file) ?? null}
              isSelected={quant.file === selected.file}
              onSelect={onSelect}
            />
          ))}
        </tbody>
      </table>
      {recommended === undefined ? null : (
        <p className="note reason-line">
          <b className="ink2 med">{recommended.type ?? recommended.file}</b> is recommended: {recommended.recommended}
        </p>
      )}
    </div>
  );
}
