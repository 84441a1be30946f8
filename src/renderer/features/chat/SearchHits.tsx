import type { KeyboardEvent } from 'react';
import type { ChatHit } from '#shared/contract/chat.ts';
import type { ChatFound } from './useChatSearch.ts';

interface SearchHitsProps {
  /** Null until the first answer. */
  readonly found: ChatFound | null;
  readonly selectedId: string | null;
  readonly onOpen: (hit: ChatHit) => void;
}

/** Where the searched words stand. One tab stop: arrows move, Enter opens the place. */
export function SearchHits({ found, selectedId, onOpen }: SearchHitsProps) {
  if (found === null) return null;
  if (found.hits === null) return <p className="note none">The chats could not be searched.</p>;
  if (found.hits.length === 0) return <p className="note none">No chat has these words.</p>;
  return (
    <ul aria-label="Found">
      {found.hits.map((hit, index) => (
        <li key={`${hit.conversationId} ${hit.messageId}`} className={hit.conversationId === selectedId ? 'on' : undefined}>
          <button type="button" className="open hit" tabIndex={index === 0 ? 0 : -1} onKeyDown={moveFocus} onClick={() => onOpen(hit)}>
            <span className="ell t">{hit.title}</span>
            {hit.messageId === null ? null : (
              <span className="m">
                {hit.snippet.map((part, at) => {
                  // biome-ignore lint/suspicious/noArrayIndexKey: parts of a snippet never move
                  return part.isMarked ? <mark key={at}>{part.text}</mark> : <span key={at}>{part.text}</span>;
                })}
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

function moveFocus(event: KeyboardEvent<HTMLButtonElement>): void {
  const item = event.currentTarget.closest('li');
  const next = event.key === 'ArrowDown' ? item?.nextElementSibling : event.key === 'ArrowUp' ? item?.previousElementSibling : null;
  if (next == null) return;
  event.preventDefault();
  next.querySelector('button')?.focus();
}
