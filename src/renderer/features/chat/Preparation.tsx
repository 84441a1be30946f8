import { formatCount } from '#core/units.ts';

interface PreparationProps {
  readonly words: { readonly loading: string; readonly reading: string };
  /** Of several side by side: whose, for screen readers. */
  readonly name?: string;
  readonly phase: 'loading' | 'prompt';
  /** 0 to 1; null before the load has told. */
  readonly loadProgress: number | null;
  readonly prompt: { readonly processedTokens: number; readonly totalTokens: number } | null;
}

/** How far the load is, or the reading of what was asked, before the first word. */
export function Preparation({ words, name, phase, loadProgress, prompt }: PreparationProps) {
  const isLoading = phase === 'loading';
  const share = isLoading ? (loadProgress ?? 0) : (prompt?.processedTokens ?? 0) / Math.max(1, prompt?.totalTokens ?? 1);
  const percent = Math.round(share * 100);
  const said = isLoading ? words.loading : words.reading;
  return (
    <div className="prep">
      <div className="row spread sm">
        <span className="ink">{said}</span>
        <span className="note">
          {isLoading ? `${percent}%` : `${formatCount(prompt?.processedTokens ?? 0)} of ${formatCount(prompt?.totalTokens ?? 0)} tokens`}
        </span>
      </div>
      <div
        className="tank"
        role="progressbar"
        aria-label={name === undefined ? said : `${said}: ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <i className="m-weights" style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}
