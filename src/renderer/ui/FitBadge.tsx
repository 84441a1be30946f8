import type { FitEstimate } from '#core/fit/fitTypes.ts';
import { type FitLook, fitWords } from './fitWords.ts';

interface FitBadgeProps {
  /** Null = not computed. */
  readonly fit: Pick<FitEstimate, 'state' | 'gpuLayers' | 'layers'> | null;
  /** The short form of lists and grids. */
  readonly short?: boolean;
  /** `pill` is tinted, above details; `glyph` stands alone before a name in a dense table, its words are read aloud. */
  readonly form?: 'plain' | 'pill' | 'glyph';
}

/** Glyph and words: full = fits the GPU, filled to the share of layers, two bars = RAM, slash = won't fit. Colour comes last. */
export function FitBadge({ fit, short = false, form = 'plain' }: FitBadgeProps) {
  if (fit === null) return <span className="ink3">unknown</span>;
  const said = fitWords(fit);
  const shown = short ? said.short : said.words;
  return (
    <span className={`fit ${said.look}${form === 'pill' ? ' pill' : ''}`} title={said.words}>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
        <rect x="1.25" y="1.25" width="11.5" height="11.5" rx="2.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <Mark look={said.look} share={said.share} />
      </svg>
      <span className={form === 'glyph' ? 'sr' : 'ell'}>{shown}</span>
    </span>
  );
}

function Mark({ look, share }: { readonly look: FitLook; readonly share: number }) {
  switch (look) {
    case 'gpu':
      return <rect x="3.5" y="3.5" width="7" height="7" rx="1" fill="currentColor" />;
    case 'partial': {
      const height = Math.min(6.2, Math.max(1.2, share * 7));
      return <rect x="3.5" y={10.5 - height} width="7" height={height} rx=".8" fill="currentColor" />;
    }
    case 'ram':
      return <path d="M4 5.2h6M4 8.8h6" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />;
    case 'no':
      return <path d="M4.2 9.8l5.6-5.6" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />;
  }
}
