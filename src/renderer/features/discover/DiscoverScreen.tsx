import { useEffect, useMemo, useRef } from 'react';
import { useFreshMachine } from '../../fit/useFreshMachine.ts';
import { navigate } from '../../router.ts';
import { firstFound, noteOpened, search, useCatalog, wantQuant } from '../../stores/catalog.ts';
import { onConnected } from '../../stores/rpc.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { RulerPicture } from '../../ui/RulerPicture.tsx';
import { useIsNarrow } from '../../ui/useIsNarrow.ts';
import { openTarget } from './openTarget.ts';
import { RepoPane } from './RepoPane.tsx';
import { ResultList } from './ResultList.tsx';
import { readSearch } from './readSearch.ts';
import { SearchBar } from './SearchBar.tsx';
import '../../styles/work.css';
import './discover.css';

interface DiscoverScreenProps {
  readonly repo: string | null;
  readonly revision: string | null;
}

/** Finds a model, reads its name aloud and says what of it fits, before anything is downloaded. */
export function DiscoverScreen({ repo, revision }: DiscoverScreenProps) {
  const text = useCatalog((state) => state.text);
  const isNarrow = useIsNarrow();
  const reading = useMemo(() => readSearch(text), [text]);
  const list = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      onConnected(() => {
        const { state, problem } = useCatalog.getState().list;
        if (state === 'idle' || state === 'loading' || problem !== null) void search();
      }),
    [],
  );
  useFreshMachine();
  useOpenWhenFound(reading, { isOff: isNarrow });
  useEffect(() => {
    if (repo !== null) return noteOpened(repo, revision);
    const { opened } = useCatalog.getState();
    if (opened !== null && !isNarrow) navigate({ screen: 'discover', ...opened }, { replace: true });
  }, [repo, revision, isNarrow]);

  const open = (name: string, how: 'keyboard' | 'pointer'): void => {
    // Words with a quant, such as `8B Q4_K_M`, mean that quant of whatever they find.
    const { kind, quant } = reading?.target ?? { kind: 'search', quant: null };
    if (kind === 'search' && quant !== null) wantQuant({ repo: name, quant, file: null });
    navigate({ screen: 'discover', repo: name, revision: null }, { replace: how === 'keyboard' && !isNarrow });
  };
  const openFirst = async (): Promise<void> => {
    if (reading?.target.kind === 'repo') return openTarget(reading.target);
    const { hash } = window.location;
    const first = await firstFound();
    if (first !== undefined && window.location.hash === hash) open(first.repo, 'pointer');
  };

  return (
    <>
      <h1 className="sr">Discover</h1>
      <SearchBar
        onEnter={() => void openFirst()}
        onType={() => {
          if (isNarrow && repo !== null) navigate({ screen: 'discover', repo: null, revision: null }, { replace: true });
        }}
        onArrowDown={() => list.current?.focus()}
      />
      <div className="body discover">
        {isNarrow && repo !== null ? null : <ResultList ref={list} reading={reading} openRepo={repo} isWide={!isNarrow} onOpen={open} />}
        {repo === null ? (
          isNarrow ? null : (
            <NothingOpen />
          )
        ) : (
          <RepoPane
            key={`${repo}@${revision ?? ''}`}
            repo={repo}
            revision={revision}
            onBack={isNarrow ? () => navigate({ screen: 'discover', repo: null, revision: null }) : null}
          />
        )}
      </div>
    </>
  );
}

/** What a typed name has opened by itself; it outlives the screen, so that coming back opens nothing over what was chosen since. */
let openedBy: string | null = null;

/** A full name that was typed opens its repo as soon as the hub lists it, once. */
function useOpenWhenFound(reading: ReturnType<typeof readSearch>, { isOff }: { readonly isOff: boolean }): void {
  const models = useCatalog((state) => state.list.models);
  const latest = useRef(reading);
  useEffect(() => {
    latest.current = reading;
  });
  useEffect(() => {
    const target = latest.current?.target;
    if (isOff || target?.kind !== 'repo') return;
    const key = JSON.stringify(target);
    const found = models.find((model) => model.repo.toLowerCase() === target.repo.toLowerCase());
    if (found === undefined || openedBy === key) return;
    openedBy = key;
    openTarget({ ...target, repo: found.repo });
  }, [models, isOff]);
}

function NothingOpen() {
  return (
    <section className="pane grow grid place-items-center" aria-label="Repository">
      <EmptyState picture={<RulerPicture />} title="Choose a model from the list">
        You see what its name means, which of its sizes (quants) fit this machine and which to take, before anything is downloaded. Or type
        a name you know: a repository, a link, an Ollama or Docker name.
      </EmptyState>
    </section>
  );
}
