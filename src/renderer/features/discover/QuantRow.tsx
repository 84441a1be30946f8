import { MessageSquare } from 'lucide-react';
import { memo, useMemo } from 'react';
import type { FitEstimate } from '#core/fit/fitTypes.ts';
import { formatGibibytes, formatGigabytes, formatPercent, formatScore } from '#core/units.ts';
import type { CatalogQuant, CatalogRepo } from '#shared/contract/catalog.ts';
import type { DownloadJob } from '#shared/contract/downloads.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { speedRange } from '../../fit/fitFigures.ts';
import type { FitPlan } from '../../fit/fitPlan.ts';
import { stateWord } from '../../shell/downloads/downloadWords.ts';
import { chatWith } from '../../shell/paletteCommands.ts';
import { isFinished } from '../../stores/downloads.ts';
import { FitBadge } from '../../ui/FitBadge.tsx';
import { fitWords } from '../../ui/fitWords.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { speedShort } from '../../ui/shortForms.ts';
import { Tag } from '../../ui/Tag.tsx';
import { quantFit, type ReadHeader } from './quantFit.ts';
import { bitsShort } from './quantWords.ts';
import { useQuantOnDisk } from './useQuantOnDisk.ts';

interface QuantRowProps {
  readonly repo: CatalogRepo;
  readonly quant: CatalogQuant;
  readonly header: ReadHeader | null;
  readonly plan: FitPlan | null;
  readonly isReading: boolean;
  readonly isSelected: boolean;
  /** What is known of its fit beyond what is computed here. */
  readonly knownFit: FitEstimate | null;
  /** Why it is recommended; null where it is not. */
  readonly reason: string | null;
  readonly onSelect: (file: string) => void;
}

/** One quant. It works out its own fit, so that many of them never keep the page from a frame. */
export const QuantRow = memo(function QuantRow(props: QuantRowProps) {
  const { repo, quant, header, plan, isReading, isSelected, knownFit, reason, onSelect } = props;
  const { artifact, job } = useQuantOnDisk(repo, quant);
  const computed = useMemo(() => (header === null || plan === null ? null : quantFit(quant, header, plan)), [quant, header, plan]);
  const fit = knownFit ?? computed;
  const name = quant.type ?? quant.file;
  const classes = [isSelected ? 'sel' : '', fit?.state === 'none' && !isSelected ? 'dim' : ''].filter(Boolean).join(' ');
  return (
    <tr className={classes === '' ? undefined : classes} onClick={() => onSelect(quant.file)}>
      <td>
        <input
          type="radio"
          className="radio"
          name={`quant of ${repo.repo}`}
          checked={isSelected}
          onChange={() => onSelect(quant.file)}
          aria-label={[name, formatGigabytes(quant.sizeBytes), fit === null ? 'fit unknown' : fitWords(fit).words].join(', ')}
        />
      </td>
      <td className="ell">
        <span className="mono ink qn" title={quant.file}>
          {name}
        </span>
        <QuantState quant={quant} artifact={artifact} job={job} reason={reason} />
      </td>
      <td className="r">{bitsShort(quant.bitsPerWeight ?? quant.bits)}</td>
      <td className="r ink">{formatGigabytes(quant.sizeBytes)}</td>
      <td className="r">{formatGibibytes(fit?.bytes.total)}</td>
      <td className="ell">{fit === null && isReading ? <span className="skel inline" /> : <FitBadge fit={fit} />}</td>
      <td className="r">
        <Speed fit={fit} artifact={artifact} />
      </td>
      <td className="ell">
        {artifact?.score == null ? (
          (quant.quality ?? '–')
        ) : (
          <span
            className="ink"
            title={`${formatScore(artifact.score)} measured here, ${artifact.score.n} items of ${artifact.score.suite}. ${quant.quality ?? ''}`}
          >
            {formatPercent(artifact.score.passRate)} here
          </span>
        )}
      </td>
    </tr>
  );
});

interface QuantStateProps {
  readonly quant: CatalogQuant;
  readonly artifact: Artifact | undefined;
  readonly job: DownloadJob | undefined;
  readonly reason: string | null;
}

function QuantState({ quant, artifact, job, reason }: QuantStateProps) {
  if (artifact !== undefined)
    return (
      <>
        <Tag tone="ok">in library</Tag>
        <IconButton
          size="sm"
          icon={MessageSquare}
          label={`Open ${quant.type ?? quant.file} in chat`}
          onClick={() => chatWith(artifact.id)}
        />
      </>
    );
  if (job !== undefined && !isFinished(job.state)) {
    const share = job.bytesTotal > 0 ? Math.floor((job.bytesDone / job.bytesTotal) * 100) / 100 : 0;
    return <Tag tone={job.state === 'failed' ? 'bad' : 'acc'}>{job.state === 'running' ? formatPercent(share) : stateWord(job)}</Tag>;
  }
  if (quant.missingShards.length > 0) return <Tag tone="bad">Parts missing</Tag>;
  if (reason !== null)
    return (
      <Tag tone="acc" title={reason}>
        Recommended
      </Tag>
    );
  return null;
}

/** What was measured on this machine; else the prediction, as a range. */
function Speed({ fit, artifact }: { readonly fit: FitEstimate | null; readonly artifact: Artifact | undefined }) {
  const measured = artifact?.speed?.generationTokensPerSecond ?? null;
  if (measured !== null)
    return (
      <span className="ink" title="Measured on this machine">
        {speedShort(measured)}
      </span>
    );
  if (fit === null || fit.tokensPerSecond === null || fit.state === 'none') return '–';
  return <span title={`Predicted: ${fit.tokensPerSecond.basis}`}>{speedRange(fit.tokensPerSecond)}</span>;
}
