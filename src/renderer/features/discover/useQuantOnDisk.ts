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
  const jobs = useDownloads((state) => state.jobs);
  return useMemo(() => quantOnDisk(quant, { repo: repo.repo, artifacts, jobs }), [repo, quant, artifacts, jobs]);
}

interface Disk {
  readonly repo: string;
  readonly artifacts: readonly Artifact[];
  readonly jobs: Readonly<Record<string, DownloadJob>>;
}

export function quantOnDisk(quant: CatalogQuant, { repo, artifacts, jobs }: Disk): QuantOnDisk {
  const job = findDownload(jobs, { repo, file: quant.file });
  const artifact = artifacts.find(
    (one) =>
      one.state === 'ready' &&
      (one.id === quant.artifactId ||
        one.id === job?.artifactId ||
        (quant.sha256 !== null && (one.sha256 ?? one.claimedSha256) === quant.sha256) ||
        (one.provenance?.repo === repo && one.provenance.file === quant.file)),
  );
  return { artifact, job };
}
