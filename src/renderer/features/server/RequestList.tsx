import { useVirtualizer } from '@tanstack/react-virtual';
import { Check, CircleDashed, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { formatCount, formatDuration, missing } from '#core/units.ts';
import type { LoggedRequest } from '#shared/contract/server.ts';
import { useLibrary } from '../../stores/library.ts';
import { isError } from '../../stores/requestLog.ts';
import { Icon } from '../../ui/Icon.tsx';
import { listStep } from '../../ui/listStep.ts';
import { RowSpacer } from '../../ui/RowSpacer.tsx';
import { useNow } from '../../ui/useNow.ts';
import { speedWords, stateWords, timeWords, tokensOf } from './serverWords.ts';

interface RequestListProps {
  readonly requests: readonly LoggedRequest[];
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
  /** Called when the end comes into view: there may be older ones. */
  readonly onEnd: () => void;
}

const rowHeight = 29;
const pageRows = 10;
const headHeight = 25;

/** One tab stop; the arrows move, Enter opens, and only rows in view exist. */
export function RequestList({ requests, openId, onOpen, onClose, onEnd }: RequestListProps) {
  const listId = useId();
  const scroll = useRef<HTMLDivElement>(null);
  // Times count on only while something is being answered.
  const now = useNow(requests.some(({ state }) => state !== 'done') ? 1000 : 60_000);
  const artifacts = useLibrary((state) => state.artifacts);
  const rows = useVirtualizer({
    count: requests.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    paddingStart: headHeight,
    scrollPaddingStart: headHeight,
    getItemKey: (index) => requests[index]?.id ?? index,
  });
  const items = rows.getVirtualItems();
  const isAtEnd = (items.at(-1)?.index ?? -1) >= requests.length - 1;
  useEffect(() => {
    if (isAtEnd) onEnd();
  }, [isAtEnd, onEnd]);

  const at = requests.findIndex(({ id }) => id === openId);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape' && openId !== null) {
      event.preventDefault();
      return onClose();
    }
    // Enter opens the first one where none is open.
    const next = event.key === 'Enter' ? Math.max(0, at) : listStep(event.key, { index: at, count: requests.length, pageRows });
    const request = next === null ? undefined : requests[next];
    if (next === null || request === undefined) return;
    event.preventDefault();
    rows.scrollToIndex(next);
    onOpen(request.id);
  };
  const before = (items[0]?.start ?? headHeight) - headHeight;
  const after = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="scroll request-scroll" ref={scroll}>
      <table
        className="tbl requests"
        role="grid"
        aria-label="Requests"
        aria-rowcount={requests.length + 1}
        tabIndex={0}
        aria-activedescendant={at >= 0 ? `${listId}-${requests[at]?.id}` : undefined}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th className="c-time">Time</th>
            <th className="c-method">
              <span className="sr">Method</span>
            </th>
            <th className="c-path">Path</th>
            <th className="c-model">Model</th>
            <th className="c-status">Status</th>
            <th className="r c-ttft" title="Time to first token">
              TTFT
            </th>
            <th className="r c-speed" title="Tokens a second while it wrote">
              tok/s
            </th>
            <th className="r c-tokens" title="Read and written">
              Tokens
            </th>
            <th className="r c-total">Total</th>
          </tr>
        </thead>
        <tbody>
          <RowSpacer height={before} />
          {items.map((item) => {
            const request = requests[item.index];
            return request === undefined ? null : (
              <tr
                key={request.id}
                id={`${listId}-${request.id}`}
                aria-rowindex={item.index + 2}
                aria-selected={request.id === openId}
                className={request.id === openId ? 'sel' : request.state === 'done' ? '' : 'hov'}
                onClick={() => onOpen(request.id)}
              >
                <Cells request={request} now={now} modelName={artifacts.find(({ id }) => id === request.modelId)?.name ?? request.model} />
              </tr>
            );
          })}
          <RowSpacer height={after} />
        </tbody>
      </table>
    </div>
  );
}

function Cells({ request, now, modelName }: { readonly request: LoggedRequest; readonly now: number; readonly modelName: string | null }) {
  const { state, problem, totalMs } = request;
  const elapsedMs = state === 'done' ? totalMs : Math.max(0, now - request.at);
  return (
    <>
      <td className="c-time">{timeWords(request.at, now)}</td>
      <td className="c-method mono">{request.method}</td>
      <td className="c-path mono ell" title={request.path}>
        {request.path}
      </td>
      <td className="c-model ell ink" title={request.model ?? undefined}>
        {modelName ?? (isError(request) ? 'none' : '')}
      </td>
      <td className="c-status">
        <RequestState request={request} />
      </td>
      {state === 'done' && problem !== null ? (
        <td colSpan={3} className="problem ell" title={problem}>
          {problem}
        </td>
      ) : (
        <>
          <td className="r c-ttft">{request.ttftMs === null ? '' : formatDuration(request.ttftMs)}</td>
          <td className="r c-speed">{speedWords(request) ?? speedless(request)}</td>
          <td className="r c-tokens">{tokensOf(request) === null ? '' : formatCount(tokensOf(request))}</td>
        </>
      )}
      <td className="r c-total">{elapsedMs === null ? missing : formatDuration(elapsedMs)}</td>
    </>
  );
}

/** What read and wrote tokens has a speed that was not measured; what did neither has none. */
const speedless = (request: LoggedRequest): string => (request.state === 'done' && request.usage !== null ? missing : '');

/** Icon and word; the colour comes last. */
export function RequestState({ request }: { readonly request: LoggedRequest }) {
  const words = stateWords(request);
  if (request.state === 'waiting')
    return (
      <span className="request-state">
        <Icon of={CircleDashed} size={12} />
        {words}
      </span>
    );
  if (request.state === 'running')
    return (
      <span className="request-state live">
        <span className="pulse" />
        {words}
      </span>
    );
  return isError(request) ? (
    <span className="request-state bad">
      <Icon of={X} size={12} />
      {words}
    </span>
  ) : (
    <span className="request-state ok">
      <Icon of={Check} size={12} />
      {words}
    </span>
  );
}
