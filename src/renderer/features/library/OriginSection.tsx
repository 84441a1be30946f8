import { ExternalLink } from 'lucide-react';
import type { Artifact } from '#shared/contract/models.ts';
import { ownerLabel } from '#shared/ownerWords.ts';
import { useLibrary } from '../../stores/library.ts';
import { Icon } from '../../ui/Icon.tsx';
import { dayShort } from '../../ui/shortForms.ts';

interface OriginSectionProps {
  readonly artifact: Artifact;
}

/** Whose the file is, and where it came from. */
export function OriginSection({ artifact }: OriginSectionProps) {
  const { provenance } = artifact;
  const twin = useTwin(artifact);
  return (
    <section className="sec">
      <h3 className="h3">Origin</h3>
      <dl className="kv">
        <dt>{artifact.owner === 'downloaded' ? 'Downloaded by' : 'From'}</dt>
        <dd>{artifact.owner === 'downloaded' ? 'Rightsize' : ownerLabel(artifact.owner)}</dd>
        {artifact.nameInApp === null ? null : (
          <>
            <dt>Named there</dt>
            <dd className="mono break-all">{artifact.nameInApp}</dd>
          </>
        )}
        {provenance === null ? null : (
          <>
            <dt>Repo</dt>
            <dd className="mono min-w-0">
              <a
                className="link inline-flex items-center gap-1 max-w-full"
                href={`https://huggingface.co/${provenance.repo}`}
                target="_blank"
                rel="noreferrer noopener"
                title={provenance.repo}
              >
                <span className="ell">{provenance.repo}</span>
                <Icon of={ExternalLink} size={12} />
              </a>
            </dd>
            <dt>Commit</dt>
            <dd className="mono" title={provenance.commit ?? undefined}>
              {provenance.commit === null ? '–' : provenance.commit.slice(0, 8)}
              {provenance.revision === null || provenance.revision === provenance.commit ? '' : ` (${provenance.revision})`}
            </dd>
            {provenance.verifiedAt === null ? null : (
              <>
                <dt>Verified</dt>
                <dd>{dayShort(provenance.verifiedAt, Date.now())}, against the hub’s hash</dd>
              </>
            )}
          </>
        )}
        {artifact.projectorPath === null ? null : (
          <>
            <dt>Projector</dt>
            <dd className="mono ell" title={artifact.projectorPath}>
              {fileNameOf(artifact.projectorPath)}
            </dd>
          </>
        )}
      </dl>
      {twin === undefined ? null : (
        <p className="xs ink3 mt-2">
          The same bytes are here twice: also as {twin.nameInApp ?? twin.name} ({ownerLabel(twin.owner)}). Reclaim space frees one of them.
        </p>
      )}
    </section>
  );
}

/** Another model with the same bytes. */
function useTwin(artifact: Artifact): Artifact | undefined {
  const hash = artifact.sha256 ?? artifact.claimedSha256 ?? null;
  return useLibrary((state) =>
    hash === null
      ? undefined
      : state.artifacts.find(
          (other) => other.id !== artifact.id && (other.sha256 ?? other.claimedSha256) === hash && other.state === 'ready',
        ),
  );
}

function fileNameOf(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return /^sha256-|^[0-9a-f]{64}$/.test(name) ? 'yes' : name;
}
