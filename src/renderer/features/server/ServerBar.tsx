import { Check, CircleX, LoaderCircle, Play, RotateCw, Settings2, Square } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ServerState } from '#shared/contract/server.ts';
import { restartServer, startServer, stopServer } from '../../stores/server.ts';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { useNow } from '../../ui/useNow.ts';
import { ServerSettingsDialog } from './ServerSettingsDialog.tsx';
import { tryOr } from './serverActions.ts';
import { countWords, uptimeWords } from './serverWords.ts';

const minuteMs = 60_000;

/** How the local API stands, and what starts and stops it. */
export function ServerBar({ server }: { readonly server: ServerState }) {
  const [isChanging, setChanging] = useState(false);
  const [busy, setBusy] = useState<'start' | 'stop' | 'restart' | null>(null);
  const act = async (what: 'start' | 'stop' | 'restart', title: string, work: () => Promise<void>): Promise<void> => {
    setBusy(what);
    await tryOr(title, work);
    setBusy(null);
  };
  const isUp = server.state === 'running';
  return (
    <div className="bar-top">
      <h1>Server</h1>
      <StateTag server={server} />
      {isUp && server.startedAt !== null ? (
        <span className="sub ell">
          <Uptime startedAt={server.startedAt} />, {countWords(server)}
        </span>
      ) : null}
      <div className="end">
        <IconButton icon={Settings2} label="Server settings" onClick={() => setChanging(true)} />
        {isUp ? (
          <>
            <Button
              icon={RotateCw}
              busy={busy === 'restart'}
              disabled={busy === 'stop'}
              onClick={() => void act('restart', 'The server was not restarted', restartServer)}
            >
              Restart
            </Button>
            <Button
              icon={Square}
              busy={busy === 'stop'}
              disabled={busy === 'restart'}
              onClick={() => void act('stop', 'The server was not stopped', stopServer)}
            >
              Stop server
            </Button>
          </>
        ) : (
          <Button
            variant="primary"
            icon={Play}
            busy={busy !== null || server.state === 'starting'}
            onClick={() => void act('start', 'The server was not started', startServer)}
          >
            Start server
          </Button>
        )}
      </div>
      {isChanging ? <ServerSettingsDialog server={server} onClose={() => setChanging(false)} /> : null}
    </div>
  );
}

/** Seconds are counted in the first minute only. */
function Uptime({ startedAt }: { readonly startedAt: number }) {
  const [isYoung, setYoung] = useState(() => Date.now() - startedAt < minuteMs);
  const now = useNow(isYoung ? 1000 : minuteMs / 2);
  const isOld = now - startedAt >= minuteMs;
  useEffect(() => setYoung(!isOld), [isOld]);
  return uptimeWords(startedAt, now);
}

function StateTag({ server: { state } }: { readonly server: ServerState }) {
  switch (state) {
    case 'running':
      return (
        <Tag tone="ok" size="lg" icon={Check}>
          Running
        </Tag>
      );
    case 'starting':
      return (
        <Tag size="lg" icon={LoaderCircle}>
          Starting
        </Tag>
      );
    case 'failed':
      return (
        <Tag tone="bad" size="lg" icon={CircleX}>
          Not started
        </Tag>
      );
    case 'stopped':
      return <Tag size="lg">Stopped</Tag>;
  }
}
