import { useMemo } from 'react';
import type { CatalogQuant, CatalogRepo } from '#shared/contract/catalog.ts';
import type { DownloadJob } from '#shared/contract/downloads.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { findDownload, useDownloads } from '../../stores/downloads.ts';
import { useLibrary } from '../../stores/library.ts';

export interface QuantOnDisk {
  /** In the library and usable. */
  readonly artifact: Artifact | undefined;
  /** On its way, held up, or over. */
  readonly job: DownloadJob | undefined;
}

/** Whether a quant is here already or on its way, as of now: what the catalog said of it may be older. */
export function useQuantOnDisk(repo: CatalogRepo, quant: CatalogQuant): QuantOnDisk {
  const artifacts = useLibrary((state) => state.artifacts);
  // The job itself, not all of them: a row is drawn again only for news of its own.
  const job = useDownloads((state) => findDownload(state.jobs, { repo: repo.repo, file: quant.file }));
  const artifact = useMemo(() => artifactOf(quant, { repo: repo.repo, artifacts, job }), [repo, quant, artifacts, job]);
  return { artifact, job };
}

interface Disk {
  readonly repo: string;
  readonly artifacts: readonly Artifact[];
  readonly job: DownloadJob | undefined;
}

/** @returns the model in the library that a quant of a repo is: by its download, its hash, or where it came from */
export function artifactOf(quant: CatalogQuant, { repo, artifacts, job }: Disk): Artifact | undefined {
  return artifacts.find(
    (one) =>
      one.state === 'ready' &&
      (one.id === quant.artifactId ||
        one.id === job?.artifactId ||
        (quant.sha256 !== null && (one.sha256 ?? one.claimedSha256) === quant.sha256) ||
        (one.provenance?.repo === repo && one.provenance.file === quant.file)),
  );
}
