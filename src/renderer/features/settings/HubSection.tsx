import { useEffect } from 'react';
import type { Settings } from '#shared/contract/settings.ts';
import { loadHubAccount, useHubAccount } from '../../stores/hubAccount.ts';
import { Banner } from '../../ui/Banner.tsx';
import { AddressField } from './AddressField.tsx';
import { HubTokenRow } from './HubTokenRow.tsx';
import { ProxyRows } from './ProxyRows.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';

/** The hub that models are found and fetched on: token, mirror, proxy. */
export function HubSection({ settings }: { readonly settings: Settings }) {
  const { account, problem } = useHubAccount();
  // Address and proxy in use follow from these settings.
  const way = `${settings.hubMirror} ${settings.proxy} ${settings.proxyUrl}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the way to the hub changes
  useEffect(() => void loadHubAccount(), [way]);
  return (
    <>
      {problem === null ? null : (
        <Banner tone="bad" title={problem.message} className="settings-banner">
          {problem.hint}
        </Banner>
      )}
      <SettingsGroup title="Account">
        <HubTokenRow account={account} />
      </SettingsGroup>
      <SettingsGroup title="Mirror">
        <div className="settings-row block">
          <AddressField
            label="Mirror address"
            hint="Requests go there in place of the hub’s own address. A mirror never gets the token, so gated models cannot be fetched through it."
            placeholder="https://mirror.example"
            setting="hubMirror"
            saved={settings.hubMirror}
            clearLabel="Use no mirror"
          />
        </div>
      </SettingsGroup>
      <SettingsGroup title="Proxy">
        <ProxyRows settings={settings} inUse={account === null ? undefined : account.proxy} />
      </SettingsGroup>
    </>
  );
}
