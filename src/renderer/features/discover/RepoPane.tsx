import { ArrowLeft, ExternalLink, Search } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { readName } from '#core/names/readName.ts';
import type { CatalogQuant, CatalogRepo } from '#shared/contract/catalog.ts';
import type { FitTarget } from '#shared/contract/fit.ts';
import { orNull } from '../../fit/fitPlan.ts';
import { useFitPlan } from '../../fit/useFitPlan.ts';
import { useRefinedFit } from '../../fit/useRefinedFit.ts';
import { navigate } from '../../router.ts';
import { headerKey, loadAccess, loadHeader, loadRepo, repoKey, typeSearch, useCatalog } from '../../stores/catalog.ts';
import { useLibrary } from '../../stores/library.ts';
import { onConnected } from '../../stores/rpc.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { CopyName } from './CopyName.tsx';
import { HubProblem } from './HubProblem.tsx';
import { MemorySection } from './MemorySection.tsx';
import { ModelCardView } from './ModelCardView.tsx';
import { NameDecode } from './NameDecode.tsx';
import { QuantTable } from './QuantTable.tsx';
import { quantShape } from './quantFit.ts';
import { RepoFacts } from './RepoFacts.tsx';
import { RepoFooter } from './RepoFooter.tsx';
import { RepoNotices } from './RepoNotices.tsx';
import { artifactOf } from './useQuantOnDisk.ts';
import { useSelectedQuant } from './useSelectedQuant.ts';

interface RepoPaneProps {
  readonly repo: string;
  readonly revision: string | null;
  /** Back to the list, where it is not beside it. */
  readonly onBack: (() => void) | null;
}

/** A repo passed over with the arrows is never asked for. */
const openRestMs = 120;

/** One repo: its name read aloud at once, then what the hub and a header of it tell. */
export function RepoPane({ repo, revision, onBack }: RepoPaneProps) {
  const entry = useCatalog((state) => state.repos[repoKey(repo, revision)]);
  // Opened from the list, where the arrows may go on; a list that comes later asks for nothing again.
  const [isListed] = useState(() => useCatalog.getState().list.models.some((model) => model.repo === repo));
  const reading = useMemo(() => readName(repo), [repo]);
  const [again, setAgain] = useState(0);
  const back = useRef<HTMLButtonElement>(null);
  // Where the pane covers the list, the row that had the focus is gone.
  useEffect(() => {
    if (document.activeElement === document.body) back.current?.focus();
  }, []);
  useEffect(() => {
    let stop: (() => void) | undefined;
    const ask = (): void => {
      stop = onConnected((signal) => void loadRepo(repo, revision, { signal, refresh: again > 0 }));
    };
    const timer = setTimeout(ask, isListed ? openRestMs : 0);
    return () => {
      clearTimeout(timer);
      stop?.();
    };
  }, [repo, revision, again, isListed]);

  const url = entry?.state === 'ready' ? entry.value.url : `https://huggingface.co/${repo}`;
  return (
    <section className="pane grow repo" aria-label={`Repository ${repo}`}>
      <div className="scroll">
        <header className="repo-head">
          <div className="row items-start">
            {onBack === null ? null : <IconButton ref={back} icon={ArrowLeft} label="Back to the results" onClick={onBack} />}
            <NameDecode name={repo} segments={reading.segments} />
            <span className="acts">
              <CopyName text={repo} />
              {url.startsWith('https://') ? (
                <a
                  className="ib"
                  href={url}
                  target="_blank"
                  rel="noreferrer noopener"
                  aria-label="Open model page in the browser"
                  title={url}
                >
                  <Icon of={ExternalLink} />
                </a>
              ) : null}
            </span>
          </div>
          <p className="reading">{reading.sentence}</p>
          {entry?.state === 'ready' ? <RepoFacts repo={entry.value} /> : null}
        </header>
        {entry?.state === 'failed' ? <HubProblem problem={entry.problem} url={url} onRetry={() => setAgain(again + 1)} /> : null}
        {entry === undefined || entry.state === 'loading' ? <Skeleton label={`Reading ${repo}`} rows={8} /> : null}
        {entry?.state === 'ready' ? <RepoBody repo={entry.value} onRefresh={() => setAgain(again + 1)} /> : null}
      </div>
      {entry?.state === 'ready' ? (
        <RepoFooter
          repo={entry.value}
          onOutdated={() => loadRepo(repo, revision, { signal: new AbortController().signal, refresh: true })}
        />
      ) : null}
    </section>
  );
}

type Section = 'quants' | 'card';

function RepoBody({ repo, onRefresh }: { readonly repo: CatalogRepo; readonly onRefresh: () => void }) {
  const [section, setSection] = useState<Section>('quants');
  return (
    <Tabs<Section>
      className="repo-tabs"
      label="Sections of the repository"
      value={section}
      onChange={setSection}
      tabs={[
        {
          value: 'quants',
          label: repo.quants.length === 1 ? '1 quant' : `${repo.quants.length} quants`,
          panel: <Quants repo={repo} onRefresh={onRefresh} />,
        },
        { value: 'card', label: 'Model card', panel: <ModelCardView repo={repo} /> },
      ]}
    />
  );
}

function Quants({ repo, onRefresh }: { readonly repo: CatalogRepo; readonly onRefresh: () => void }) {
  const { quant, missing, recommended, header } = useSelectedQuant(repo);
  const read = useHeader(repo, quant?.file);
  const plan = useFitPlan();
  // The selected quant follows the slider at once; the other rows when there is time.
  const calmPlan = useDeferredValue(plan);
  const subject = useMemo(() => {
    const shape = quant === undefined || header === null ? null : orNull(() => quantShape(quant, header));
    return shape === null ? null : { shape };
  }, [quant, header]);
  const refined = useRefinedFit(useTarget(repo, quant), subject, plan);

  if (quant === undefined) return <NoQuants repo={repo} />;
  const facts = read.entry?.state === 'ready' ? read.entry.value : null;
  return (
    <>
      <RepoNotices
        repo={repo}
        quant={quant}
        missing={missing}
        header={facts}
        onRefresh={() => {
          onRefresh();
          if (read.entry?.state === 'failed') read.retry();
        }}
      />
      <MemorySection
        repo={repo}
        quant={quant}
        header={read.entry}
        subject={subject}
        refined={refined}
        plan={plan}
        onRetryHeader={read.retry}
      />
      <QuantTable
        repo={repo}
        selected={quant}
        selectedFit={refined?.fit ?? null}
        recommended={recommended}
        header={header}
        plan={calmPlan}
        isReading={read.entry === undefined || read.entry.state === 'loading'}
      />
    </>
  );
}

/** What the engine would be asked about: the file that is here, else the one on the hub. */
function useTarget(repo: CatalogRepo, quant: CatalogQuant | undefined): FitTarget {
  const artifactId = useLibrary((state) =>
    quant === undefined ? undefined : artifactOf(quant, { repo: repo.repo, artifacts: state.artifacts, job: undefined })?.id,
  );
  const file = quant?.file ?? '';
  return useMemo(
    () => (artifactId === undefined ? { repo: repo.repo, commit: repo.commit, file } : { artifactId }),
    [artifactId, repo.repo, repo.commit, file],
  );
}

/** A repo of other formats, such as the lab's own: what somebody made of it for this engine is one search away. */
function NoQuants({ repo }: { readonly repo: CatalogRepo }) {
  const name = repo.repo.slice(repo.repo.indexOf('/') + 1);
  return (
    <EmptyState
      title="No quants here"
      actions={
        <Button
          variant="primary"
          icon={Search}
          onClick={() => {
            typeSearch(name);
            navigate({ screen: 'discover', repo: null, revision: null });
          }}
        >
          Search for GGUF versions
        </Button>
      }
    >
      This repository holds no GGUF file, so there is nothing this engine could run.
    </EmptyState>
  );
}

/** The header of one quant of the repo: the first that was looked at. It holds for all of them but for the weights. */
function useHeader(repo: CatalogRepo, wantedFile: string | undefined) {
  const headers = useCatalog((state) => state.headers);
  const [again, setAgain] = useState(0);
  const known = repo.quants.find((quant) => headers[headerKey(repo.repo, repo.commit, quant.file)] !== undefined);
  const file = known?.file ?? wantedFile;
  useEffect(() => {
    if (file === undefined) return;
    return onConnected((signal) => void loadHeader(repo, file, { signal, refresh: again > 0 }));
  }, [repo, file, again]);
  useEffect(() => {
    if (repo.gated === 'no') return;
    return onConnected((signal) => void loadAccess(repo.repo, { signal }));
  }, [repo]);
  const entry = file === undefined ? undefined : headers[headerKey(repo.repo, repo.commit, file)];
  return { file, entry, retry: () => setAgain(again + 1) };
}
