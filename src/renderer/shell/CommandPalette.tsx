import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useBenchmarks } from '../stores/benchmarks.ts';
import { useChat } from '../stores/chat.ts';
import { loadEndpoints, useEndpoints } from '../stores/endpoints.ts';
import { useLibrary } from '../stores/library.ts';
import { modelChoices } from '../stores/modelChoices.ts';
import { useModels } from '../stores/models.ts';
import { onConnected } from '../stores/rpc.ts';
import { useServer } from '../stores/server.ts';
import { Icon } from '../ui/Icon.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import { findCommands, type PaletteActions, type PaletteCommand, paletteCommands } from './paletteCommands.ts';
import { screenActions } from './screenActions.ts';

interface CommandPaletteProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly actions: PaletteActions;
}

/** Models, chats, screens and commands behind one field. */
export function CommandPalette({ open, onClose, actions }: CommandPaletteProps) {
  const chosen = useRef<PaletteCommand | null>(null);
  const choose = (command: PaletteCommand): void => {
    onClose();
    chosen.current = command.group === 'On this screen' ? command : null;
    if (chosen.current === null) command.run();
  };
  // Once the focus is back on the screen: what is pressed there opens where it stands, and keeps the focus. Opened anew before, it is forgotten.
  const onMoved = (isOpen: boolean): void => {
    if (!isOpen) chosen.current?.run();
    chosen.current = null;
  };
  return (
    <Dialog.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())} onOpenChangeComplete={onMoved}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="pop palette" aria-label="Command palette">
          <PaletteBody onChoose={choose} actions={actions} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface PaletteBodyProps {
  readonly onChoose: (command: PaletteCommand) => void;
  readonly actions: PaletteActions;
}

function PaletteBody({ onChoose, actions }: PaletteBodyProps) {
  const listId = useId();
  const artifacts = useLibrary((state) => state.artifacts);
  const endpoints = useEndpoints((state) => state.endpoints);
  const models = useMemo(() => modelChoices(artifacts, endpoints ?? []), [artifacts, endpoints]);
  const loaded = useModels((state) => state.loaded);
  const [onScreen] = useState(() => [...document.querySelectorAll('main')].flatMap(screenActions));
  const conversations = useChat((state) => state.conversations);
  const isServing = useServer((state) => state.server?.state === 'running');
  const runs = useBenchmarks((state) => state.runs);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(
    () =>
      findCommands(
        paletteCommands({ models, loaded, conversations: conversations ?? [], runs: runs ?? [], isServing, actions, onScreen, query }),
        query,
      ),
    [models, loaded, conversations, runs, isServing, actions, onScreen, query],
  );
  const current = Math.min(active, found.length - 1);

  useEffect(() => onConnected(() => void loadEndpoints()), []);
  useEffect(() => {
    list.current?.querySelectorAll('[role="option"]')[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const run = (command: PaletteCommand | undefined): void => {
    if (command !== undefined) onChoose(command);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && found.length > 0) setActive((current + step + found.length) % found.length);
    else if (event.key === 'Enter') run(found[current]);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="pi">
        <Icon of={Search} />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found[current] === undefined ? undefined : `${listId}-${found[current].id}`}
          aria-label="Go to a model, chat or command"
          placeholder="Go to a model, chat or command"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <Kbd keys={['Esc']} />
      </div>
      <div className="options" role="listbox" id={listId} aria-label="Results" ref={list}>
        {found.map((command, index) => (
          <div key={command.id} role="presentation">
            {command.group === found[index - 1]?.group ? null : <h4 role="presentation">{command.group}</h4>}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the combobox that owns this list */}
            <div
              className="option"
              role="option"
              id={`${listId}-${command.id}`}
              aria-selected={index === current}
              tabIndex={-1}
              onPointerMove={() => setActive(index)}
              onClick={() => run(command)}
            >
              <Icon of={command.icon} size={15} />
              <span className="ell">{marked(command.label, query)}</span>
              {command.detail === undefined ? null : <em>{command.detail}</em>}
              {command.keys === undefined ? null : (
                <span className="row gap-1 ml-auto">
                  <Kbd keys={command.keys} />
                </span>
              )}
            </div>
          </div>
        ))}
        {found.length === 0 ? <p className="note p-3">Nothing is called that.</p> : null}
      </div>
      <footer>
        <span>
          <Kbd keys={['↑', '↓']} /> move
        </span>
        <span>
          <Kbd keys={['Enter']} /> open
        </span>
      </footer>
    </>
  );
}

function marked(label: string, query: string): ReactNode {
  const start = query.trim() === '' ? -1 : label.toLowerCase().indexOf(query.trim().toLowerCase());
  if (start < 0) return label;
  const end = start + query.trim().length;
  return (
    <>
      {label.slice(0, start)}
      <mark>{label.slice(start, end)}</mark>
      {label.slice(end)}
    </>
  );
}
