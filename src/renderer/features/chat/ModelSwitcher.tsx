import { Popover } from '@base-ui/react/popover';
import { Check, ChevronDown, Cloud, Search } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useId, useRef, useState } from 'react';
import { formatGibibytes, formatGigabytes } from '#core/units.ts';
import type { LoadedModel } from '#shared/contract/models.ts';
import { useFitMachine } from '../../fit/useFitPlan.ts';
import type { ModelChoice } from '../../stores/modelChoices.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { loadedBytes, loadedWords } from './loadedWords.ts';
import { readyWords } from './switcherWords.ts';
import { useReadyFits } from './useReadyFits.ts';

interface ModelSwitcherProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Models that can be loaded, and those behind endpoints. */
  readonly choices: readonly ModelChoice[];
  readonly loaded: readonly LoadedModel[];
  readonly selected: ModelChoice | undefined;
  readonly onSelect: (choice: ModelChoice) => void;
}

/** The model of this chat, and the list to switch it. */
export function ModelSwitcher({ open, onOpenChange, choices, loaded, selected, onSelect }: ModelSwitcherProps) {
  const field = useRef<HTMLInputElement | null>(null);
  const running = loaded.find((model) => model.artifactId === selected?.id);
  return (
    <Popover.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Popover.Trigger className="select sw" aria-label={`Model: ${selected?.name ?? 'none chosen'}. Switch model`}>
        <Presence choice={selected} isReady={running?.state === 'ready'} />
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
              choices={choices}
              loaded={loaded}
              selectedId={selected?.id ?? null}
              onSelect={(choice) => {
                onOpenChange(false);
                onSelect(choice);
              }}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** A cloud for what another machine answers, else a light that is on while the model is in memory. */
function Presence({ choice, isReady }: { readonly choice: ModelChoice | undefined; readonly isReady: boolean }) {
  if (choice !== undefined && choice.artifact === null) return <Icon of={Cloud} size={14} />;
  return <span className={isReady ? 'dot ok' : 'dot off'} />;
}

function stateWords(selected: ModelChoice | undefined, running: LoadedModel | undefined): string {
  if (selected === undefined) return 'nothing loaded';
  if (selected.endpoint !== null) return `at ${selected.endpoint.name}`;
  return running === undefined ? 'Not loaded' : loadedWords(running);
}

interface SwitcherListProps {
  readonly fieldRef: RefObject<HTMLInputElement | null>;
  readonly choices: readonly ModelChoice[];
  readonly loaded: readonly LoadedModel[];
  readonly selectedId: string | null;
  readonly onSelect: (choice: ModelChoice) => void;
}

function SwitcherList({ fieldRef, choices, loaded, selectedId, onSelect }: SwitcherListProps) {
  const [search, setSearch] = useState('');
  const [activeId, setActiveId] = useState<string | null>(selectedId);
  const listId = useId();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = choices.filter(({ name, quant, publisher }) => {
    const text = `${name} ${quant ?? ''} ${publisher ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const memory = new Map(loaded.map((model) => [model.artifactId, model]));
  const machine = useFitMachine();
  const isHere = ({ id }: ModelChoice): boolean => memory.has(id);
  const loadable = matching.flatMap(({ id, artifact }) => (artifact === null || memory.has(id) ? [] : [artifact]));
  const fits = useReadyFits(loadable);
  const groups = [
    { heading: 'In memory', models: matching.filter(isHere) },
    { heading: 'Ready to load', models: matching.filter((choice) => choice.artifact !== null && !isHere(choice)) },
    { heading: 'On other machines', models: matching.filter(({ artifact }) => artifact === null) },
  ].filter((group) => group.models.length > 0);
  const ordered = groups.flatMap((group) => group.models);
  const active = ordered.find(({ id }) => id === activeId) ?? ordered[0];

  function detailOf({ id, artifact, endpoint }: ModelChoice): string {
    const running = memory.get(id);
    if (running !== undefined) return runningWords(running);
    if (artifact === null) return endpoint?.name ?? '';
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
            {group.models.map((choice) => (
              <div
                key={choice.id}
                id={`${listId}-${choice.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={choice.id === selectedId}
                className={choice === active ? 'item is-active' : 'item'}
                onPointerMove={() => setActiveId(choice.id)}
                onClick={() => onSelect(choice)}
                onKeyDown={onKeyDown}
              >
                <Presence choice={choice} isReady={memory.has(choice.id)} />
                <span className="ell">{choice.name}</span>
                <span className="mono ink3">{choice.quant}</span>
                <span className="end">{detailOf(choice)}</span>
                <span className="mark">{choice.id === selectedId ? <Icon of={Check} size={14} /> : null}</span>
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
