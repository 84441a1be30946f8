import type { LoadedModel } from '#shared/contract/models.ts';

/** A ruler that fills while the chosen model loads. */
export function LoadingStrip({ model }: { readonly model: LoadedModel }) {
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
    </div>
  );
}
