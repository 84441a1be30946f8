import { formatGigabytes } from '#core/units.ts';
import type { Artifact } from '#shared/contract/models.ts';
import { useLibrary } from '../../stores/library.ts';
import { Button } from '../../ui/Button.tsx';

interface Share {
  readonly name: string;
  readonly bytes: number;
  readonly colour: string;
}

const colours = ['var(--chart-1)', 'var(--chart-2)', 'var(--chart-3)'] as const;

interface StorageBarProps {
  readonly onReclaim: () => void;
}

/** How much of the disk the models take, by architecture. */
export function StorageBar({ onReclaim }: StorageBarProps) {
  const artifacts = useLibrary((state) => state.artifacts);
  const disk = useLibrary((state) => state.disk);
  const present = artifacts.filter((artifact) => artifact.state !== 'missing');
  const modelBytes = present.reduce((sum, artifact) => sum + artifact.sizeBytes, 0);
  const shares = sharesOf(present);
  const total = disk?.totalBytes ?? modelBytes;
  const otherBytes = disk === null ? 0 : Math.max(0, disk.totalBytes - disk.freeBytes - modelBytes);
  const width = (bytes: number): string => `${total > 0 ? Math.min(100, (bytes / total) * 100) : 0}%`;
  const sentence = [
    `models ${formatGigabytes(modelBytes)}`,
    ...(disk === null ? [] : [`other files ${formatGigabytes(otherBytes)}`, `free ${formatGigabytes(disk.freeBytes)}`]),
  ].join(', ');
  return (
    <div className="storage">
      <div className="row spread sm">
        <b className="ink med">Models {formatGigabytes(modelBytes)}</b>
        <span className="row">
          {disk === null ? null : `${formatGigabytes(disk.freeBytes)} free of ${formatGigabytes(disk.totalBytes)}`}
          <Button variant="ghost" size="sm" className="-my-1 -mr-2" onClick={onReclaim}>
            Reclaim space
          </Button>
        </span>
      </div>
      <div className="tank mid" role="img" aria-label={`Disk: ${sentence}`}>
        {shares.map((share) => (
          <i key={share.name} style={{ width: width(share.bytes), background: share.colour }} />
        ))}
        {disk === null ? null : <i className="m-other" style={{ width: width(otherBytes) }} />}
      </div>
      <div className="legend">
        {shares.map((share) => (
          <span key={share.name}>
            <i style={{ background: share.colour }} />
            {share.name} <b>{formatGigabytes(share.bytes)}</b>
          </span>
        ))}
        {disk === null ? null : (
          <>
            <span>
              <i className="m-other" />
              Other files <b>{formatGigabytes(otherBytes)}</b>
            </span>
            <span>
              <i className="m-free" />
              Free <b>{formatGigabytes(disk.freeBytes)}</b>
            </span>
          </>
        )}
      </div>
    </div>
  );
}

function sharesOf(artifacts: readonly Artifact[]): readonly Share[] {
  const bytes = new Map<string, number>();
  for (const artifact of artifacts) {
    const name = artifact.architecture ?? 'unknown';
    bytes.set(name, (bytes.get(name) ?? 0) + artifact.sizeBytes);
  }
  const largest = [...bytes].toSorted((a, b) => b[1] - a[1]);
  const named = largest
    .slice(0, colours.length)
    .map(([name, size], index): Share => ({ name, bytes: size, colour: colours[index] ?? 'var(--chart-6)' }));
  const rest = largest.slice(colours.length).reduce((sum, [, size]) => sum + size, 0);
  return rest === 0 ? named : [...named, { name: 'others', bytes: rest, colour: 'var(--chart-6)' }];
}
