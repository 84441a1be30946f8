import { Ellipsis, FileDown, FileText, Pencil, Search, Trash2 } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useMemo, useRef, useState } from 'react';
import type { ChatHit, Conversation } from '#shared/contract/chat.ts';
import { exportChats } from '../../stores/chatFiles.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { showError } from '../../ui/showError.ts';
import { groupConversations } from './groupConversations.ts';
import { ListMenu } from './ListMenu.tsx';
import { SearchHits } from './SearchHits.tsx';
import { useChatSearch } from './useChatSearch.ts';

interface ConversationListProps {
  /** Null until they have arrived. */
  readonly conversations: readonly Conversation[] | null;
  readonly selectedId: string | null;
  readonly modelNames: ReadonlyMap<string, string>;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  /** Those that are being answered now. */
  readonly answeringIds: ReadonlySet<string>;
  readonly onOpen: (id: string) => void;
  readonly onOpenHit: (hit: ChatHit) => void;
  readonly onRename: (id: string, title: string) => void;
  readonly onRemove: (conversation: Conversation) => void;
}

/** Conversations by day. One tab stop: arrows move, Enter opens, F2 renames, Delete removes. */
export function ConversationList(props: ConversationListProps) {
  const { conversations, selectedId, searchRef } = props;
  const [search, setSearch] = useState('');
  const [renamingId, setRenamingId] = useState<string | null>(null);
  const list = useRef<HTMLDivElement | null>(null);
  const found = useChatSearch(search);
  const isSearching = search.trim() !== '';
  const groups = useMemo(() => groupConversations(conversations ?? [], { now: Date.now() }), [conversations]);
  const shown = groups.flatMap((group) => group.conversations);
  const tabStop = shown.find((one) => one.id === selectedId)?.id ?? shown[0]?.id;

  function onKeyDown(event: KeyboardEvent, conversation: Conversation): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      const next = shown[shown.indexOf(conversation) + step];
      if (next !== undefined) list.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(next.id)}"]`)?.focus();
    } else if (event.key === 'F2') setRenamingId(conversation.id);
    else if (event.key === 'Delete') props.onRemove(conversation);
    else return;
    event.preventDefault();
  }

  return (
    <aside className="pane convs" aria-label="Conversations">
      <div className="find-box">
        <div className="input">
          <Icon of={Search} size={14} />
          <input
            ref={searchRef}
            type="search"
            aria-label="Search chats"
            placeholder="Search chats"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowDown') return;
              event.preventDefault();
              list.current?.querySelector<HTMLElement>('button.open')?.focus();
            }}
          />
        </div>
        <ListMenu onOpen={props.onOpen} />
      </div>
      {conversations === null ? <Skeleton label="Loading conversations" rows={5} /> : null}
      <div className="scroll" ref={list}>
        {isSearching ? <SearchHits found={found} selectedId={selectedId} onOpen={props.onOpenHit} /> : null}
        {(isSearching ? [] : groups).map((group) => (
          <section key={group.heading} aria-label={group.heading}>
            <h3>{group.heading}</h3>
            <ul>
              {group.conversations.map((conversation) => (
                <li key={conversation.id} className={conversation.id === selectedId ? 'on' : undefined}>
                  {renamingId === conversation.id ? (
                    <TitleField
                      title={conversation.title}
                      onDone={(title) => {
                        setRenamingId(null);
                        if (title !== null) props.onRename(conversation.id, title);
                      }}
                    />
                  ) : (
                    <>
                      <button
                        type="button"
                        data-id={conversation.id}
                        className="open"
                        tabIndex={conversation.id === tabStop ? 0 : -1}
                        aria-current={conversation.id === selectedId ? 'true' : undefined}
                        onClick={() => props.onOpen(conversation.id)}
                        onKeyDown={(event) => onKeyDown(event, conversation)}
                      >
                        <span className="ell t">{conversation.title}</span>
                        <span className="ell m">
                          {props.answeringIds.has(conversation.id) ? <span className="pulse" role="img" aria-label="Answering" /> : null}
                          {modelWords(conversation, props.modelNames)}
                        </span>
                      </button>
                      <Menu
                        align="end"
                        trigger={
                          <button
                            type="button"
                            className="ib sm more-of"
                            aria-label={`Actions for ${conversation.title}`}
                            tabIndex={conversation.id === tabStop ? 0 : -1}
                          >
                            <Icon of={Ellipsis} size={14} />
                          </button>
                        }
                        actions={[
                          { label: 'Rename', icon: Pencil, detail: 'F2', run: () => setRenamingId(conversation.id) },
                          { label: 'Export as Markdown', icon: FileText, run: () => exportOne(conversation, 'markdown') },
                          { label: 'Export as JSON', icon: FileDown, run: () => exportOne(conversation, 'json') },
                          null,
                          { label: 'Remove', icon: Trash2, detail: 'Del', danger: true, run: () => props.onRemove(conversation) },
                        ]}
                      />
                    </>
                  )}
                </li>
              ))}
            </ul>
          </section>
        ))}
        {conversations !== null && shown.length === 0 && !isSearching ? (
          <p className="note none">Chats appear here. They stay on this machine.</p>
        ) : null}
      </div>
    </aside>
  );
}

function exportOne(conversation: Conversation, format: 'json' | 'markdown'): void {
  exportChats(conversation.id, format).catch((thrown: unknown) => showError('The chat was not exported', thrown));
}

function modelWords(conversation: Conversation, names: ReadonlyMap<string, string>): string {
  if (conversation.modelId === null) return 'No model yet';
  return names.get(conversation.modelId) ?? 'Model no longer here';
}

/** Enter keeps the new title, Esc the old one. */
function TitleField({ title, onDone }: { readonly title: string; readonly onDone: (title: string | null) => void }) {
  const [value, setValue] = useState(title);
  const isDone = useRef(false);
  function finish(next: string | null): void {
    if (isDone.current) return;
    isDone.current = true;
    const trimmed = next?.trim() ?? '';
    onDone(trimmed === '' || trimmed === title ? null : trimmed);
  }
  return (
    <input
      className="rename"
      aria-label="Title"
      ref={focusWhenMounted}
      maxLength={200}
      value={value}
      onChange={(event) => setValue(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={() => finish(value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(value);
        else if (event.key === 'Escape') finish(null);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}

function focusWhenMounted(field: HTMLInputElement | null): void {
  field?.focus();
}
