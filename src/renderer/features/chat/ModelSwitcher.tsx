import { Popover } from '@base-ui/react/popover';
import { Check, ChevronDown, Search } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useId, useRef, useState } from 'react';
import { formatGibibytes, formatGigabytes } from '#core/units.ts';
import type { Artifact, LoadedModel } from '#shared/contract/models.ts';
import { useFitMachine } from '../../fit/useFitPlan.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { loadedBytes, loadedWords } from './loadedWords.ts';
import { readyWords } from './switcherWords.ts';
import { useReadyFits } from './useReadyFits.ts';

interface ModelSwitcherProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Models that can be loaded. */
  readonly artifacts: readonly Artifact[];
  readonly loaded: readonly LoadedModel[];
  readonly selected: Artifact | undefined;
  readonly onSelect: (artifact: Artifact) => void;
}

/** The model of this chat, and the list to switch it. Choosing one starts loading it. */
export function ModelSwitcher({ open, onOpenChange, artifacts, loaded, selected, onSelect }: ModelSwitcherProps) {
  const field = useRef<HTMLInputElement | null>(null);
  const running = loaded.find((model) => model.artifactId === selected?.id);
  return (
    <Popover.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Popover.Trigger className="select sw" aria-label={`Model: ${selected?.name ?? 'none chosen'}. Switch model`}>
        <span className={running?.state === 'ready' ? 'dot ok' : 'dot off'} />
        <span className="ink ell">{selected?.name ?? 'Choose a model'}</span>
        {selected?.quant == null ? null : <span className="mono ink3">{selected.quant}</span>}
        <span className="vr" aria-hidden="true" />
        <span className="st">{stateWords(selected, running)}</span>
        <Icon of={ChevronDown} size={14} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="layer" sideOffset={4} align="start" collisionPadding={8}>
          <Popover.Popup className="pop popup switcher" initialFocus={field} aria-label="Switch model">
            <SwitcherList
              fieldRef={field}
              artifacts={artifacts}
              loaded={loaded}
              selectedId={selected?.id ?? null}
              onSelect={(artifact) => {
                onOpenChange(false);
                onSelect(artifact);
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function stateWords(selected: Artifact | undefined, running: LoadedModel | undefined): string {
  if (selected === undefined) return 'nothing loaded';
  return running === undefined ? 'Not loaded' : loadedWords(running);
}

interface SwitcherListProps {
  readonly fieldRef: RefObject<HTMLInputElement | null>;
  readonly artifacts: readonly Artifact[];
  readonly loaded: readonly LoadedModel[];
  readonly selectedId: string | null;
  readonly onSelect: (artifact: Artifact) => void;
}

function SwitcherList({ fieldRef, artifacts, loaded, selectedId, onSelect }: SwitcherListProps) {
  const [search, setSearch] = useState('');
  const [activeId, setActiveId] = useState<string | null>(selectedId);
  const listId = useId();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = artifacts.filter((artifact) => {
    const text = `${artifact.name} ${artifact.quant ?? ''} ${artifact.publisher ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const memory = new Map(loaded.map((model) => [model.artifactId, model]));
  const machine = useFitMachine();
  const fits = useReadyFits(matching.filter((artifact) => !memory.has(artifact.id)));
  const groups = [
    { heading: 'In memory', models: matching.filter((artifact) => memory.has(artifact.id)) },
    { heading: 'Ready to load', models: matching.filter((artifact) => !memory.has(artifact.id)) },
  ].filter((group) => group.models.length > 0);
  const ordered = groups.flatMap((group) => group.models);
  const active = ordered.find((artifact) => artifact.id === activeId) ?? ordered[0];

  function detailOf(artifact: Artifact): string {
    const running = memory.get(artifact.id);
    if (running !== undefined) return runningWords(running);
    const fit = fits.get(artifact.id);
    return fit === undefined || machine === null ? formatGigabytes(artifact.sizeBytes) : readyWords(fit, { machine, loaded });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter' && active !== undefined) {
      event.preventDefault();
      onSelect(active);
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || active === undefined) return;
    event.preventDefault();
    const next = ordered[(ordered.indexOf(active) + step + ordered.length) % ordered.length];
    if (next === undefined) return;
    setActiveId(next.id);
    document.getElementById(`${listId}-${next.id}`)?.scrollIntoView({ block: 'nearest' });
  }

  return (
    <>
      <div className="find">
        <Icon of={Search} size={14} />
        <input
          ref={fieldRef}
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={active === undefined ? undefined : `${listId}-${active.id}`}
          aria-label="Switch model"
          placeholder="Switch model"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <Kbd keys={['Esc']} />
      </div>
      <div id={listId} role="listbox" aria-label="Models" className="list">
        {groups.map((group) => (
          <div key={group.heading} role="group" aria-label={group.heading}>
            <div className="heading" aria-hidden="true">
              {group.heading}
            </div>
            {group.models.map((artifact) => (
              <div
                key={artifact.id}
                id={`${listId}-${artifact.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={artifact.id === selectedId}
                className={artifact === active ? 'item is-active' : 'item'}
                onPointerMove={() => setActiveId(artifact.id)}
                onClick={() => onSelect(artifact)}
                onKeyDown={onKeyDown}
              >
                <span className={memory.has(artifact.id) ? 'dot ok' : 'dot off'} />
                <span className="ell">{artifact.name}</span>
                <span className="mono ink3">{artifact.quant}</span>
                <span className="end">{detailOf(artifact)}</span>
                <span className="mark">{artifact.id === selectedId ? <Icon of={Check} size={14} /> : null}</span>
              </div>
            ))}
          </div>
        ))}
        {ordered.length === 0 ? <p className="note none">No model of that name here.</p> : null}
      </div>
    </>
  );
}

function runningWords(running: LoadedModel): string {
  if (running.state === 'loading') return `loading ${Math.round(running.progress * 100)}%`;
  const bytes = loadedBytes(running);
  return bytes === null ? 'loaded' : formatGibibytes(bytes);
}
