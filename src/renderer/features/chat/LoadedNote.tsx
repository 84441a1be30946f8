import type { LoadedModel } from '#shared/contract/models.ts';

/** Why a model is loaded the way it is. */
export function LoadedNote({ model: { reasons } }: { readonly model: LoadedModel }) {
  if (reasons.length === 0) return null;
  return (
    <section className="loaded-note note p" aria-label="As it is loaded">
      <h3 className="ink2 med">Loaded like this because</h3>
      {reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
    </section>
  );
}
