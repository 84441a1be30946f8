import { useEffect, useState } from 'react';
import { useServer } from '../../stores/server.ts';
import { ErrorState } from '../../ui/ErrorState.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { ApiPaths } from './ApiPaths.tsx';
import { CodeSamples } from './CodeSamples.tsx';
import { ConnectionCard } from './ConnectionCard.tsx';
import { RemoteEndpoints } from './RemoteEndpoints.tsx';
import { RequestDrawer } from './RequestDrawer.tsx';
import { RequestLogCard } from './RequestLogCard.tsx';
import { ServerBar } from './ServerBar.tsx';
import { ServerNotices } from './ServerNotices.tsx';
import '../../styles/work.css';
import './server.css';

/** The local API that other programs talk to: where it is, what they asked, and whom this app may ask itself. */
export function ServerScreen() {
  const server = useServer((state) => state.server);
  const problem = useServer((state) => state.problem);
  const [openId, setOpenId] = useState<string | null>(null);
  const [key, setKey] = useState<string | null>(null);
  const hint = server?.keyHint ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a key made elsewhere is not the one that is shown
  useEffect(() => setKey(null), [hint]);
  if (server === null) {
    return problem === null ? (
      <Skeleton label="Reading the server" rows={8} />
    ) : (
      <div className="p-4">
        <ErrorState title="The server’s state could not be read" error={problem} />
      </div>
    );
  }
  return (
    <>
      <ServerBar server={server} />
      <div className="body server">
        <div className="pane grow">
          <div className="server-grid">
            <ServerNotices server={server} />
            <ConnectionCard server={server} shownKey={{ key, set: setKey }} />
            <div className="server-middle">
              <ApiPaths />
              <CodeSamples server={server} shownKey={key} />
            </div>
            <div className="server-below">
              <RequestLogCard server={server} openId={openId} onOpen={setOpenId} />
              <RemoteEndpoints />
            </div>
          </div>
        </div>
        {openId === null ? null : <RequestDrawer key={openId} id={openId} server={server} onClose={() => setOpenId(null)} />}
      </div>
    </>
  );
}
