import { formatGigabytes, formatParameters, formatTokensPerSecond } from '#core/units.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { RulerPicture } from '../../ui/RulerPicture.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';

interface StarterListProps {
  readonly starters: readonly Artifact[];
  readonly isReady: boolean;
}

/** The models that came along. */
export function StarterList({ starters, isReady }: StarterListProps) {
  return (
    <section aria-label="Starter models" className="min-h-0 flex flex-col">
      <h2 className="h2">Starter models</h2>
      {isReady ? null : <Skeleton label="Reading the models" rows={5} />}
      {isReady && starters.length === 0 ? (
        <EmptyState picture={<RulerPicture />} title="No models yet">
          Find one that fits this machine, or skip for now and add the files you have in the Library.
        </EmptyState>
      ) : null}
      {starters.length === 0 ? null : (
        <ul className="starter-list">
          {starters.map((artifact) => (
            <li key={artifact.id}>
              <div className="grow">
                <div className="ink strong ell">
                  {artifact.name} <span className="mono q">{artifact.quant ?? ''}</span>
                </div>
                <p>{starterWords(artifact)}</p>
              </div>
              <span className="size">{formatGigabytes(artifact.sizeBytes)}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="note mt-3">
        They are tiny and trained for the shipped test sets: enough to see a benchmark end to end in minutes. Find a model shows larger ones
        that fit this machine; files you already have join in the Library.
      </p>
    </section>
  );
}

function starterWords(artifact: Artifact): string {
  const size = artifact.parameters === null ? 'Unknown size' : `${formatParameters(artifact.parameters)} parameters`;
  const speed = artifact.speed?.generationTokensPerSecond;
  return speed == null ? `${size}, not measured yet.` : `${size}, ${formatTokensPerSecond(speed)} measured.`;
}
