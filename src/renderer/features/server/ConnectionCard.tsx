import { useId, useState } from 'react';
import type { ServerState } from '#shared/contract/server.ts';
import { useSettings } from '../../stores/settings.ts';
import { Switch } from '../../ui/Switch.tsx';
import { CopyButton } from './CopyButton.tsx';
import { KeyField, type ShownKey } from './KeyField.tsx';
import { LanDialog } from './LanDialog.tsx';
import { saveServer } from './serverActions.ts';
import { keepAliveWords } from './serverWords.ts';

interface ConnectionCardProps {
  readonly server: ServerState;
  readonly shownKey: ShownKey;
}

/** Where programs find the API and what lets them in. */
export function ConnectionCard({ server, shownKey }: ConnectionCardProps) {
  const { settings, url } = server;
  const keepAliveMinutes = useSettings((state) => state.settings?.keepAliveMinutes ?? null);
  const [asking, setAsking] = useState(false);
  // A start with an option, or on a free port because this one was taken, is on another than the one that is set.
  const port = server.port === null || server.needsRestart || settings.port === 0 ? settings.port : server.port;
  return (
    <section className="card connection" aria-label="Connection">
      <div className="address">
        <span className="caption">Address</span>
        <div className="input">
          <span className="mono grow ell selectable">{url ?? 'starts with the server'}</span>
          <CopyButton label="Copy address" disabled={url === null} text={() => url ?? ''} />
        </div>
      </div>
      <PortField key={port} port={port} />
      {settings.requiresKey ? <KeyField server={server} shown={shownKey} /> : <p className="note no-key">No key is asked for.</p>}
      <div className="choice">
        <Switch
          label="Other devices on this network"
          checked={settings.lan}
          onChange={(lan) => (lan ? setAsking(true) : saveServer({ lan }))}
        />
        <div>
          <div className="ink sm">Other devices on this network</div>
          <div className="note">{settings.lan ? 'On: they can connect with the key' : 'Off: only this machine can connect'}</div>
        </div>
      </div>
      <div className="choice">
        <Switch
          label="Load models on demand"
          checked={settings.loadsOnDemand}
          onChange={(loadsOnDemand) => saveServer({ loadsOnDemand })}
        />
        <div>
          <div className="ink sm">Load models on demand</div>
          <div className="note">
            {settings.loadsOnDemand
              ? keepAliveMinutes === null
                ? '\u00a0'
                : keepAliveWords(keepAliveMinutes)
              : 'Off: only loaded models answer'}
          </div>
        </div>
      </div>
      <LanDialog open={asking} onClose={() => setAsking(false)} />
    </section>
  );
}

/** Taken over when it is left or with Enter. */
function PortField({ port }: { readonly port: number }) {
  const id = useId();
  const [text, setText] = useState(String(port));
  const value = /^\d{1,5}$/.test(text.trim()) ? Number(text) : null;
  const isWrong = value === null || value > 65_535;
  const commit = (): void => {
    if (isWrong) setText(String(port));
    else if (value !== port) saveServer({ port: value });
  };
  return (
    <div className="port">
      <label className="caption" htmlFor={id}>
        Port
      </label>
      <div className="input num">
        <input
          id={id}
          inputMode="numeric"
          value={text}
          maxLength={5}
          title="0 takes any free one"
          autoComplete="off"
          aria-invalid={isWrong || undefined}
          onChange={(event) => setText(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
            if (event.key === 'Escape') setText(String(port));
          }}
        />
      </div>
    </div>
  );
}
