import { useState } from 'react';
import type { Settings } from '#shared/contract/settings.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { SettingsRow } from '../../ui/SettingsRow.tsx';
import { AddressField } from './AddressField.tsx';
import { saveSettings } from './saveSettings.ts';

const choices = [
  { value: 'system', label: 'System' },
  { value: 'none', label: 'None' },
  { value: 'custom', label: 'Address' },
] as const;

interface ProxyRowsProps {
  readonly settings: Pick<Settings, 'proxy' | 'proxyUrl'>;
  /** The proxy in use, without credentials; null = none; undefined = not known (yet). */
  readonly inUse: string | null | undefined;
}

/** How requests leave this machine. An address is used once it is stored. */
export function ProxyRows({ settings, inUse }: ProxyRowsProps) {
  const [isTyping, setTyping] = useState(false);
  const shown = isTyping ? 'custom' : settings.proxy;
  return (
    <>
      <SettingsRow label="Proxy" hint={hintFor(shown, isTyping && settings.proxyUrl === null ? undefined : inUse)}>
        <Segmented
          label="Proxy"
          value={shown}
          options={choices}
          onChange={(proxy) => {
            setTyping(proxy === 'custom' && settings.proxyUrl === null);
            if (proxy !== 'custom' || settings.proxyUrl !== null) saveSettings({ proxy });
          }}
        />
      </SettingsRow>
      {shown === 'custom' ? (
        <div className="settings-row block">
          <AddressField
            label="Proxy address"
            hint="For everything that goes to the hub, lists and downloads. A name and password in it are kept with the settings, unencrypted."
            placeholder="http://proxy.example:3128"
            setting="proxyUrl"
            saved={settings.proxyUrl}
          />
        </div>
      ) : null}
    </>
  );
}

function hintFor(proxy: Settings['proxy'], inUse: string | null | undefined): string {
  switch (proxy) {
    case 'system':
      return `What HTTPS_PROXY or the system says${inUse === undefined ? '' : inUse === null ? '; none now' : `; now ${inUse}`}`;
    case 'none':
      return 'Requests go out directly, whatever the system says';
    case 'custom':
      return inUse === undefined ? 'Used once it is saved' : inUse === null ? 'For everything that goes to the hub' : `Now ${inUse}`;
  }
}
