import type { LoadedModel } from '#shared/contract/models.ts';
import { estimatedMeasured } from '../../fit/fitFigures.ts';

/** How the model is loaded and why, and what that was expected to take beside what it took. */
export function LoadedNote({ model }: { readonly model: LoadedModel }) {
  const { reasons, estimate, measured } = model;
  const figures = estimate === null || measured === null ? null : capitalised(estimatedMeasured({ estimated: estimate, measured }));
  if (reasons.length === 0 && figures === null) return null;
  return (
    <section className="loaded-note note p" aria-label="How it is loaded">
      {reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
      {figures === null ? null : <p className="num">{figures}</p>}
    </section>
  );
}

const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
