import { CircleX, Network, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { ServerState } from '#shared/contract/server.ts';
import { configureServer, restartServer, startServer } from '../../stores/server.ts';
import { Banner } from '../../ui/Banner.tsx';
import { Button } from '../../ui/Button.tsx';
import { CopyButton } from './CopyButton.tsx';
import { tryOr } from './serverActions.ts';

/** What wants a decision: a start that failed, a change that waits, other devices that may connect. */
export function ServerNotices({ server }: { readonly server: ServerState }) {
  const [busy, setBusy] = useState(false);
  const act = (title: string, work: () => Promise<void>): void => {
    setBusy(true);
    void tryOr(title, work).then(() => setBusy(false));
  };
  const onFreePort = async (): Promise<void> => {
    await configureServer({ port: 0 });
    await startServer();
  };
  return (
    <>
      {server.state === 'failed' && server.problem !== null ? (
        <Banner
          tone="bad"
          icon={CircleX}
          title={server.problem.message}
          actions={
            <Button busy={busy} onClick={() => act('The server was not started', onFreePort)}>
              Take any free port
            </Button>
          }
        >
          {server.problem.hint}
        </Banner>
      ) : null}
      {server.needsRestart && server.state === 'running' ? (
        <Banner
          tone="acc"
          icon={RotateCw}
          title="It still runs as it was started"
          actions={
            <Button busy={busy} onClick={() => act('The server was not restarted', restartServer)}>
              Restart now
            </Button>
          }
        >
          Port and network take effect with a restart. What is being answered is cut off by it.
        </Banner>
      ) : null}
      {server.settings.lan && server.state === 'running' ? (
        <Banner tone="warn" icon={Network} title="Other devices on this network can connect, with the key">
          {server.lanUrls.length === 0 ? (
            server.needsRestart ? (
              'Their addresses are shown after a restart.'
            ) : (
              'This machine is in no network now.'
            )
          ) : (
            <span className="lan-addresses">
              {server.lanUrls.map((url) => (
                <span key={url} className="row gap-1">
                  <span className="mono">{url}</span>
                  <CopyButton label={`Copy ${url}`} text={() => url} />
                </span>
              ))}
            </span>
          )}
        </Banner>
      ) : null}
    </>
  );
}
