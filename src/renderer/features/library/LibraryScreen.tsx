import { ArrowUpFromLine, Ellipsis, FolderInput, FolderPlus, HardDrive, RefreshCw, Search } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { formatGigabytes } from '#core/units.ts';
import { useFitPlan } from '../../fit/useFitPlan.ts';
import { useFreshMachine } from '../../fit/useFreshMachine.ts';
import { PathDialog } from '../../shell/PathDialog.tsx';
import { useAddModels } from '../../shell/useAddModels.ts';
import { useShortcut } from '../../shell/useShortcut.ts';
import { keepShapesOf } from '../../stores/fit.ts';
import { findArtifact, useLibrary } from '../../stores/library.ts';
import { useModels } from '../../stores/models.ts';
import { rpc } from '../../stores/rpc.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { showError } from '../../ui/showError.ts';
import type { Sort } from '../../ui/sort.ts';
import { TextField } from '../../ui/TextField.tsx';
import { showToast } from '../../ui/toast.ts';
import { ColumnsMenu } from './ColumnsMenu.tsx';
import { checkForUpdates } from './checkForUpdates.ts';
import { type FitFilter, type LibraryColumn, libraryColumns, visibleModels } from './columns.ts';
import { FitContextSelect } from './FitContextSelect.tsx';
import { FitFilterSelect } from './FitFilterSelect.tsx';
import { FoundInApps } from './FoundInApps.tsx';
import { LibraryEmpty } from './LibraryEmpty.tsx';
import { ModelDrawer } from './ModelDrawer.tsx';
import { ModelTable } from './ModelTable.tsx';
import { OnlyStarters } from './OnlyStarters.tsx';
import { isOfOwner, type OwnerChoice, OwnerFilter } from './OwnerFilter.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import { ReclaimDialog } from './reclaim/ReclaimDialog.tsx';
import { canRemove } from './removalWords.ts';
import { StorageBar } from './StorageBar.tsx';
import { useFitRanks } from './useFitRanks.ts';
import { useFreshLibrary } from './useFreshLibrary.ts';
import { useHiddenColumns } from './useHiddenColumns.ts';
import './library.css';

/** Every model on this disk. */
export function LibraryScreen() {
  const { state, artifacts, scanning, problem } = useLibrary();
  const loaded = useModels((models) => models.loaded);
  const [query, setQuery] = useState('');
  const [owner, setOwner] = useState<OwnerChoice>('all');
  const [fits, setFits] = useState<FitFilter>('all');
  const [isReclaiming, setReclaiming] = useState(false);
  const [sort, setSort] = useState<Sort<LibraryColumn>>({ column: 'score', direction: 'descending' });
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [drawer, setDrawer] = useState<'closed' | 'shown' | 'focused'>('closed');
  const [removeId, setRemoveId] = useState<string | null>(null);
  const filter = useRef<HTMLInputElement>(null);
  const adding = useAddModels();
  const plan = useFitPlan();
  // The open model follows the slider at once; the rows when there is time.
  const calmPlan = useDeferredValue(plan);
  const [hidden, toggleColumn] = useHiddenColumns();
  const columns = useMemo(() => libraryColumns.filter(({ id }) => !hidden.has(id)), [hidden]);
  const fitRanks = useFitRanks(artifacts, calmPlan, sort.column === 'fit' || fits !== 'all');
  useFreshLibrary();
  useFreshMachine();
  useEffect(() => keepShapesOf(artifacts), [artifacts]);
  useShortcut('/', () => filter.current?.focus());
  useShortcut('Escape', () => setDrawer('closed'), { enabled: drawer !== 'closed' });

  const owned = useMemo(() => artifacts.filter((artifact) => isOfOwner(artifact, owner)), [artifacts, owner]);
  const models = useMemo(() => visibleModels(owned, { query, sort, fitRanks, fits }), [owned, query, sort, fitRanks, fits]);
  const loadedIds = useMemo(() => new Set(loaded.map((model) => model.artifactId)), [loaded]);
  const selected = findArtifact(artifacts, selectedId);
  const removing = findArtifact(artifacts, removeId);
  const totalBytes = artifacts.reduce((sum, artifact) => sum + (artifact.state === 'missing' ? 0 : artifact.sizeBytes), 0);

  const askToRemove = (id: string): void => {
    const artifact = findArtifact(artifacts, id);
    if (artifact === undefined) return;
    if (canRemove(artifact)) return setRemoveId(id);
    showToast({
      title: `${artifact.name} stays`,
      text: 'It is a starter model that came with Rightsize.',
    });
  };

  return (
    <>
      <div className="bar-top">
        <h1>Library</h1>
        {state === 'ready' && artifacts.length > 0 ? (
          <span className="sub ell library-count" role="status">
            {artifacts.length === 1 ? '1 model' : `${artifacts.length} models`}, {formatGigabytes(totalBytes)}
            {scanning ? ', reading folders' : ''}
          </span>
        ) : null}
        <div className="end">
          <TextField
            ref={filter}
            label="Filter models"
            labelHidden
            type="search"
            placeholder="Filter models"
            icon={Search}
            keys={['/']}
            className="w-44"
            value={query}
            onChange={setQuery}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setQuery('');
            }}
          />
          <OwnerFilter artifacts={artifacts} value={owner} onChange={setOwner} />
          <Button icon={FolderInput} onClick={adding.startImport}>
            Import
          </Button>
          <Button icon={FolderPlus} onClick={adding.startAddFolder}>
            Add folder
          </Button>
          <ColumnsMenu hidden={hidden} onToggle={toggleColumn} />
          <Menu
            align="end"
            trigger={<IconButton icon={Ellipsis} label="More for the library" className="btn" />}
            actions={[
              { label: 'Reclaim space', icon: HardDrive, run: () => setReclaiming(true) },
              { label: 'Check for newer files', icon: ArrowUpFromLine, run: () => void checkForUpdates() },
              {
                label: 'Read folders again',
                icon: RefreshCw,
                run: () => void rpc.call('library.rescan', {}).catch((thrown: unknown) => showError('The folders were not read', thrown)),
              },
            ]}
          />
        </div>
      </div>
      <div className="body library">
        <section className="pane grow" aria-label="Models">
          {state === 'loading' ? <Skeleton label="Reading the library" rows={8} /> : null}
          {state === 'failed' && problem !== null ? (
            <div className="p-4">
              <ErrorState
                title="The library cannot be read"
                error={problem}
                actions={<Button onClick={() => window.location.reload()}>Try again</Button>}
              />
            </div>
          ) : null}
          {state === 'ready' && artifacts.length === 0 ? (
            <LibraryEmpty scanning={scanning} onImport={adding.startImport} onAddFolder={adding.startAddFolder} />
          ) : null}
          {state === 'ready' && artifacts.length > 0 ? (
            <>
              <FoundInApps onShow={() => setOwner('apps')} />
              <OnlyStarters />
              <StorageBar onReclaim={() => setReclaiming(true)} />
              <ModelTable
                models={models}
                columns={columns}
                plan={calmPlan}
                loadedIds={loadedIds}
                sort={sort}
                onSort={setSort}
                selectedId={selectedId}
                query={query}
                onClearQuery={() => {
                  setQuery('');
                  setOwner('all');
                  setFits('all');
                }}
                onSelect={(id, how) => {
                  setSelectedId(id);
                  if (how === 'pointer' && drawer === 'closed') setDrawer('shown');
                }}
                onPreview={() => setDrawer(drawer === 'closed' ? 'focused' : 'closed')}
                onRemove={askToRemove}
              />
              <div className="foot note">
                <FitContextSelect plan={plan} />
                <FitFilterSelect value={fits} onChange={setFits} />
                <span className="ell grow">Speed is measured here; scores come from your latest benchmark.</span>
                <Kbd keys={['Space']} /> preview <Kbd keys={['Enter']} /> chat <Kbd keys={['Del']} /> remove
              </div>
            </>
          ) : null}
        </section>
        {selected !== undefined && drawer !== 'closed' ? (
          <ModelDrawer
            key={drawer}
            artifact={selected}
            plan={plan}
            isLoaded={loadedIds.has(selected.id)}
            takesFocus={drawer === 'focused'}
            onClose={() => setDrawer('closed')}
            onRemove={() => setRemoveId(selected.id)}
            onSelect={setSelectedId}
          />
        ) : null}
      </div>
      {removing === undefined ? null : (
        <RemoveDialog artifact={removing} isLoaded={loadedIds.has(removing.id)} onClose={() => setRemoveId(null)} />
      )}
      {isReclaiming ? <ReclaimDialog onClose={() => setReclaiming(false)} /> : null}
      <PathDialog request={adding.pathRequest} onClose={adding.cancelPath} onSubmit={adding.submitPath} />
    </>
  );
}
