import { formatGibibytes } from '#core/units.ts';
import type { LoadedModel } from '#shared/contract/models.ts';

/** A ruler that fills while the chosen model loads, with where it goes and what it is expected to take. */
export function LoadingStrip({ model }: { readonly model: LoadedModel }) {
  const [reason] = model.reasons;
  const percent = Math.round(model.progress * 100);
  return (
    <div className="loading-strip">
      <div className="row spread sm">
        <span className="ink">
          Loading {model.name} <span className="mono ink3">{model.quant}</span>
        </span>
        <span className="note">{percent}%</span>
      </div>
      <div
        className="tank mid"
        role="progressbar"
        aria-label={`Loading ${model.name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <i className="m-weights" style={{ width: `${percent}%` }} />
      </div>
      <div className="row spread xs ink3">
        <span className="ell">{reason}</span>
        <span className="size">{model.estimate === null ? null : `about ${formatGibibytes(model.estimate.totalBytes)}`}</span>
      </div>
    </div>
  );
}
