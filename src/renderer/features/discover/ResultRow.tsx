import { AudioLines, BadgeCheck, Brain, Code, Eye, Lock, type LucideIcon, Waypoints } from 'lucide-react';
import { memo } from 'react';
import { readName } from '#core/names/readName.ts';
import { formatGibibytes, formatGigabytes } from '#core/units.ts';
import type { CatalogModel } from '#shared/contract/catalog.ts';
import { speedRange } from '../../fit/fitFigures.ts';
import { FitBadge } from '../../ui/FitBadge.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { downloadsWords } from './quantWords.ts';
import { resultTags, type TagIcon } from './resultTags.ts';
import type { ListedFit } from './useListedFits.ts';

interface ResultRowProps {
  readonly id: string;
  readonly model: CatalogModel;
  readonly listed: ListedFit | undefined;
  readonly isSelected: boolean;
  readonly position: number;
  /** -1 while more may come. */
  readonly count: number;
  readonly top: number;
  readonly onOpen: (repo: string) => void;
  readonly onPublisher: (publisher: string) => void;
}

/** One repo of the list. A fit is shown only where one was computed. */
export const ResultRow = memo(function ResultRow(props: ResultRowProps) {
  const { id, model, listed, isSelected, position, count, top, onOpen, onPublisher } = props;
  const reading = readName(model.repo);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the list, which is the tab stop
    <div
      role="option"
      id={id}
      aria-selected={isSelected}
      aria-posinset={position}
      aria-setsize={count}
      tabIndex={-1}
      className={isSelected ? 'it on' : 'it'}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => {
        const isPublisher = event.target instanceof Element && event.target.closest('.pub') !== null;
        if (isPublisher) onPublisher(model.publisher);
        else onOpen(model.repo);
      }}
    >
      <div className="l1">
        <span className="nm ell" title={model.repo}>
          {reading.displayName}
        </span>
        <State model={model} listed={listed} />
      </div>
      <div className="l2">
        <span className="pub" title={`Only ${model.publisher}`}>
          <span className="ell">{model.publisher}</span>
          {model.isTrusted ? <BadgeCheck size={13} strokeWidth={1.75} role="img" aria-label="trusted publisher" /> : null}
        </span>
        <span className="r">
          {model.gated === 'no' ? null : <Lock size={12} strokeWidth={1.75} role="img" aria-label="gated" />}
          {listed === undefined ? (
            model.downloads === null ? null : (
              downloadsWords(model.downloads)
            )
          ) : (
            <>
              {formatGigabytes(listed.quant.sizeBytes)}
              {listed.fit.tokensPerSecond === null || listed.fit.state === 'none' ? null : (
                <span className="speed">{speedRange(listed.fit.tokensPerSecond)} tok/s</span>
              )}
            </>
          )}
        </span>
      </div>
      <div className="l3">
        {resultTags(model, reading).map((tag) => (
          <Tag
            key={tag.text}
            {...(tag.icon === null ? {} : { icon: icons[tag.icon] })}
            {...(tag.title === null ? {} : { title: tag.title })}
          >
            {tag.text}
          </Tag>
        ))}
        {model.artifactIds.length > 0 ? <Tag tone="ok">in library</Tag> : null}
        {listed === undefined ? null : <MiniFit listed={listed} />}
      </div>
    </div>
  );
});

function State({ model, listed }: { readonly model: CatalogModel; readonly listed: ListedFit | undefined }) {
  if (model.isRunnable === false) return <span className="xs ink3 nowrap">not for this engine</span>;
  return listed === undefined ? null : <FitBadge fit={listed.fit} short />;
}

function MiniFit({ listed: { fit, machineBytes, gpuShare } }: { readonly listed: ListedFit }) {
  const share = Math.min(1, fit.bytes.total / machineBytes);
  const words = `${formatGibibytes(fit.bytes.total)} on a machine of ${formatGibibytes(machineBytes)}`;
  return (
    <span className={`minifit fit ${fit.state === 'gpu' ? 'gpu' : fit.state === 'cpu' ? 'ram' : fit.state === 'none' ? 'no' : 'partial'}`}>
      <i style={{ width: `${share * 100}%` }} title={gpuShare === null ? words : `${words}; the tick is the GPU limit`} />
      {gpuShare === null ? null : <u style={{ left: `${gpuShare * 100}%` }} />}
    </span>
  );
}

const icons: Readonly<Record<TagIcon, LucideIcon>> = {
  vision: Eye,
  reasoning: Brain,
  coder: Code,
  embedding: Waypoints,
  audio: AudioLines,
};
