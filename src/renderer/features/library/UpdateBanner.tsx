import { ArrowUpFromLine } from 'lucide-react';
import { useState } from 'react';
import { formatGigabytes } from '#core/units.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { setDownloadsOpen } from '../../shell/downloads/downloadsPanel.ts';
import { findDownload, isFinished, startDownload, useDownloads } from '../../stores/downloads.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { showError } from '../../ui/showError.ts';
import { showToast } from '../../ui/toast.ts';

interface UpdateBannerProps {
  readonly artifact: Artifact;
}

/** The hub has another file under this name now; this one stays until the new one is here and verified. */
export function UpdateBanner({ artifact }: UpdateBannerProps) {
  const { update, provenance } = artifact;
  const repo = provenance?.repo ?? null;
  const file = provenance?.file ?? null;
  const job = useDownloads((state) => (repo === null || file === null ? undefined : findDownload(state.jobs, { repo, file })));
  const [busy, setBusy] = useState(false);
  if (update === null || provenance === null || repo === null || file === null) return null;
  const isUnderWay = job !== undefined && !isFinished(job.state);
  const start = async (): Promise<void> => {
    setBusy(true);
    try {
      await startDownload({ repo, file, ...(provenance.revision === null ? {} : { revision: provenance.revision }) });
      showToast({ tone: 'done', title: `Downloading the new ${artifact.name}`, text: 'The one you have stays until you remove it.' });
    } catch (thrown) {
      showError('The download did not start', thrown);
    }
    setBusy(false);
  };
  return (
    <div className="sec">
      <Banner tone="acc" icon={ArrowUpFromLine} title="A newer file is on the hub">
        {formatGigabytes(update.sizeBytes)}, commit <span className="mono">{update.commit.slice(0, 8)}</span>. The one you have stays.
        <span className="block mt-2">
          {isUnderWay ? (
            <Button size="sm" onClick={() => setDownloadsOpen(true)}>
              Show its download
            </Button>
          ) : (
            <Button size="sm" busy={busy} onClick={() => void start()}>
              Download {formatGigabytes(update.sizeBytes)}
            </Button>
          )}
        </span>
      </Banner>
    </div>
  );
}
