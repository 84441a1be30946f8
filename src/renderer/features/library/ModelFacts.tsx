import { formatCount, formatDuration, formatGibibytes, formatGigabytes, formatTokensPerSecond } from '#core/units.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { dayShort, whenShort } from '../../ui/shortForms.ts';

interface ModelFactsProps {
  readonly artifact: Artifact;
}

/** The file, and what was measured with it. */
export function ModelFacts({ artifact }: ModelFactsProps) {
  const { speed } = artifact;
  return (
    <>
      <section className="sec">
        <h3 className="h3">File</h3>
        <dl className="kv">
          <dt>Size</dt>
          <dd>
            {formatGigabytes(artifact.sizeBytes)}
            {artifact.files.length > 1 ? ` in ${artifact.files.length} files` : ''}
          </dd>
          <dt>Quant</dt>
          <dd className="mono">{artifact.quant ?? '–'}</dd>
          <dt>Context</dt>
          <dd>{artifact.contextTokens === null ? '–' : `${formatCount(artifact.contextTokens)} tokens`}</dd>
          <dt>Chat template</dt>
          <dd>{artifact.hasChatTemplate ? 'yes' : artifact.architecture === null ? '–' : 'none'}</dd>
          <dt>License</dt>
          <dd>{artifact.license ?? '–'}</dd>
          <dt>Added</dt>
          <dd>{dayShort(artifact.addedAt, Date.now())}</dd>
        </dl>
        <p className="mono xs ink3 mt-2 break-all">{artifact.path}</p>
      </section>
      {speed === null ? null : (
        <section className="sec">
          <h3 className="h3">Measured here</h3>
          <dl className="kv">
            <dt>Generation</dt>
            <dd>{formatTokensPerSecond(speed.generationTokensPerSecond)}</dd>
            <dt>Prompt</dt>
            <dd>{formatTokensPerSecond(speed.promptTokensPerSecond)}</dd>
            <dt>Load time</dt>
            <dd>{formatDuration(speed.loadMs)}</dd>
            <dt>Peak memory</dt>
            <dd>{formatGibibytes(speed.peakMemoryBytes)}</dd>
            <dt>When</dt>
            <dd>{whenShort(speed.measuredAt, Date.now())}</dd>
          </dl>
        </section>
      )}
    </>
  );
}
