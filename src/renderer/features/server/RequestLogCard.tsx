import { Inbox, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { formatCount } from '#core/units.ts';
import type { ServerState } from '#shared/contract/server.ts';
import { isError } from '../../stores/requestLog.ts';
import { clearRequests, countRequests, readOlderRequests, useServer } from '../../stores/server.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { showError } from '../../ui/showError.ts';
import { RequestList } from './RequestList.tsx';
import { tryOr } from './serverActions.ts';

interface RequestLogCardProps {
  readonly server: ServerState;
  readonly openId: string | null;
  readonly onOpen: (id: string | null) => void;
}

/** What programs asked, as it happens. */
export function RequestLogCard({ server, openId, onOpen }: RequestLogCardProps) {
  const log = useServer((state) => state.log);
  const [filter, setFilter] = useState<'all' | 'errors'>('all');
  const [asking, setAsking] = useState(false);
  const errorsOnly = filter === 'errors';
  const requests = errorsOnly ? log.requests.filter(isError) : log.requests;
  useEffect(() => {
    countRequests().catch((thrown: unknown) => showError('The log was not read', thrown));
  }, []);
  const readOlder = useCallback(() => {
    readOlderRequests(errorsOnly).catch((thrown: unknown) => showError('Older requests were not read', thrown));
  }, [errorsOnly]);
  const clear = async (): Promise<void> => {
    if (await tryOr('The log was not cleared', clearRequests)) onOpen(null);
    setAsking(false);
  };
  return (
    <section className="card log" aria-label="Request log">
      <header>
        <h2 className="h3">Requests</h2>
        <span className="note">{server.state === 'running' ? 'live' : 'the server is off'}</span>
        <span className="grow" />
        <Segmented
          label="Requests shown"
          value={filter}
          onChange={setFilter}
          options={[
            { value: 'all', label: 'All' },
            { value: 'errors', label: log.errors === 0 ? 'Errors' : `Errors ${formatCount(log.errors)}` },
          ]}
        />
        <IconButton icon={Trash2} label="Clear log" disabled={log.total === 0} onClick={() => setAsking(true)} />
      </header>
      {requests.length === 0 ? (
        <div className="grow grid place-items-center">
          <EmptyState
            picture={<Inbox size={24} strokeWidth={1} aria-hidden="true" />}
            title={errorsOnly ? 'No request failed' : 'No requests yet'}
          >
            {emptyWords(server, errorsOnly)}
          </EmptyState>
        </div>
      ) : (
        <RequestList key={filter} requests={requests} openId={openId} onOpen={onOpen} onClose={() => onOpen(null)} onEnd={readOlder} />
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Clear the log?"
        confirmLabel={`Delete ${formatCount(log.total)} ${log.total === 1 ? 'request' : 'requests'}`}
        onConfirm={() => void clear()}
      >
        <p>What was kept of questions and answers goes too. Test items that were made of them stay.</p>
      </ConfirmDialog>
    </section>
  );
}

function emptyWords({ state, settings }: ServerState, errorsOnly: boolean): string {
  if (errorsOnly) return 'What is refused or breaks off is listed here with the reason.';
  if (settings.logLimit === 0) return 'The log keeps no requests: see the server settings.';
  return state === 'running'
    ? 'Give a program the address and the key, or run one of the samples.'
    : 'Start the server, then ask it something.';
}
