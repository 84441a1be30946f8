import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import type { Settings } from '#shared/contract/settings.ts';
import { PathDialog } from '../../shell/PathDialog.tsx';
import { useLibrary } from '../../stores/library.ts';
import { rpc } from '../../stores/rpc.ts';
import { useSettings } from '../../stores/settings.ts';
import { useSystem } from '../../stores/system.ts';
import { Button } from '../../ui/Button.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { SettingsRow } from '../../ui/SettingsRow.tsx';
import { Stepper } from '../../ui/Stepper.tsx';
import { showError } from '../../ui/showError.ts';
import { SettingsGroup } from './SettingsGroup.tsx';
import { saveSettings } from './saveSettings.ts';

const layouts = [
  { value: 'hub-cache', label: 'Shared cache' },
  { value: 'folder', label: 'Folder' },
] as const;

/** Where downloads go, and how many at once. */
export function DownloadsSection({ settings }: { readonly settings: Settings }) {
  return (
    <>
      <SettingsGroup title="Place">
        <SettingsRow
          label="Keep downloads in"
          hint={
            settings.downloadLayout === 'hub-cache'
              ? 'The cache that the hub’s own tools and llama.cpp share: nothing is fetched twice'
              : 'Plain files, as publisher/repo/file'
          }
        >
          <Segmented
            label="Keep downloads in"
            value={settings.downloadLayout}
            options={layouts}
            onChange={(downloadLayout) => saveSettings({ downloadLayout })}
          />
        </SettingsRow>
        {settings.downloadLayout === 'hub-cache' ? <CacheRow /> : <FolderRow folder={settings.downloadFolder} />}
      </SettingsGroup>
      <SettingsGroup title="Transfer">
        <SettingsRow label="At the same time" hint="Further downloads wait in line">
          <Stepper
            label="Downloads at the same time"
            value={settings.simultaneousDownloads}
            min={1}
            max={8}
            onCommit={(count) => (count === null ? undefined : saveSettings({ simultaneousDownloads: count }))}
          />
        </SettingsRow>
        <SettingsRow label="Connections per file" hint="At most. Few at first, more while they make it faster">
          <Stepper
            label="Connections per file"
            value={settings.downloadConnections}
            min={1}
            max={16}
            onCommit={(count) => (count === null ? undefined : saveSettings({ downloadConnections: count }))}
          />
        </SettingsRow>
        <SettingsRow label="Verification" hint="Every file is compared with the publisher’s SHA-256 before it can be loaded" />
        <SettingsRow label="After a restart" hint="Downloads go on where they were" />
      </SettingsGroup>
    </>
  );
}

function CacheRow() {
  const path = useLibrary((state) => state.apps.find((source) => source.app === 'hub-cache')?.path ?? null);
  return (
    <SettingsRow label="Hugging Face cache" hint="HF_HUB_CACHE and HF_HOME move it, for all tools at once">
      {path === null ? null : <Path path={path} />}
    </SettingsRow>
  );
}

function FolderRow({ folder }: { readonly folder: string | null }) {
  const canPickFiles = useSystem((state) => state.about?.canPickFiles ?? false);
  const dataFolder = useSystem((state) => state.about?.dataFolder ?? null);
  const [isAsking, setAsking] = useState(false);
  const choose = async (request: { readonly path?: string; readonly reset?: boolean }): Promise<void> => {
    useSettings.setState({ settings: await rpc.call('downloads.chooseFolder', request) });
    setAsking(false);
  };
  const sayingWhy = (thrown: unknown): void => showError('The folder was not changed', thrown);
  return (
    <>
      <SettingsRow
        label="Folder"
        hint={folder === null ? 'The models folder of Rightsize' : 'What is already downloaded stays where it is'}
      >
        {folder === null && dataFolder === null ? null : <Path path={folder ?? `${dataFolder}/models`} />}
        <Button icon={FolderOpen} onClick={() => (canPickFiles ? void choose({}).catch(sayingWhy) : setAsking(true))}>
          Choose
        </Button>
        {folder === null ? null : (
          <Button variant="ghost" onClick={() => void choose({ reset: true }).catch(sayingWhy)}>
            Use the default
          </Button>
        )}
      </SettingsRow>
      <PathDialog request={isAsking ? 'downloads' : null} onClose={() => setAsking(false)} onSubmit={(path) => choose({ path })} />
    </>
  );
}

function Path({ path }: { readonly path: string }) {
  return (
    <span className="mono xs ink ell selectable" title={path}>
      {path}
    </span>
  );
}
