import { FolderInput, FolderPlus, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { formatGigabytes } from '#core/units.ts';
import type { ModelFolder } from '#shared/contract/models.ts';
import type { Settings } from '#shared/contract/settings.ts';
import { PathDialog } from '../../shell/PathDialog.tsx';
import { useAddModels } from '../../shell/useAddModels.ts';
import { useLibrary } from '../../stores/library.ts';
import { rpc } from '../../stores/rpc.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { SettingsRow } from '../../ui/SettingsRow.tsx';
import { showError } from '../../ui/showError.ts';
import { Tag } from '../../ui/Tag.tsx';
import { showToast } from '../../ui/toast.ts';
import { AppsGroup } from './AppsGroup.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';

export function ModelsSection({ settings }: { readonly settings: Settings }) {
  const { artifacts, folders, disk, scanning } = useLibrary();
  const [leaving, setLeaving] = useState<ModelFolder | null>(null);
  const adding = useAddModels();
  const bytes = artifacts.reduce((sum, artifact) => sum + (artifact.state === 'missing' ? 0 : artifact.sizeBytes), 0);
  const remove = async (folder: ModelFolder): Promise<void> => {
    setLeaving(null);
    try {
      await rpc.call('library.removeFolder', { folderId: folder.id });
      showToast({ tone: 'done', title: 'Folder removed from the library', text: 'Its files were not touched.' });
    } catch (thrown) {
      showError('The folder was not removed', thrown);
    }
  };
  return (
    <>
      <SettingsGroup title="Storage">
        <SettingsRow
          label="Models"
          hint={`${formatGigabytes(bytes)} in ${artifacts.length === 1 ? '1 model' : `${artifacts.length} models`}${disk === null ? '' : `, ${formatGigabytes(disk.freeBytes)} free`}`}
        >
          <Button icon={FolderInput} onClick={adding.startImport}>
            Import
          </Button>
          <Button
            icon={RefreshCw}
            busy={scanning}
            onClick={() => void rpc.call('library.rescan', {}).catch((thrown: unknown) => showError('The folders were not read', thrown))}
          >
            Read folders again
          </Button>
        </SettingsRow>
      </SettingsGroup>
      <SettingsGroup title="Models folders">
        {folders.map((folder) => (
          <SettingsRow
            key={folder.id}
            label={folder.path}
            hint={`${folder.artifactCount === 1 ? '1 model' : `${folder.artifactCount} models`}, ${formatGigabytes(folder.sizeBytes)}`}
          >
            {folder.available ? null : <Tag tone="warn">not reachable</Tag>}
            <Button variant="ghost" aria-label={`Remove ${folder.path} from the library`} onClick={() => setLeaving(folder)}>
              Remove
            </Button>
          </SettingsRow>
        ))}
        <SettingsRow label={folders.length === 0 ? 'No folder added' : 'Another folder'} hint="Used where it is; nothing is copied">
          <Button icon={FolderPlus} onClick={adding.startAddFolder}>
            Add folder
          </Button>
        </SettingsRow>
      </SettingsGroup>
      <AppsGroup ignoredApps={settings.ignoredApps} />
      <ConfirmDialog
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title="Remove this folder from the library?"
        confirmLabel="Remove folder"
        onConfirm={() => (leaving === null ? undefined : void remove(leaving))}
      >
        <p>Its models leave the library. The files stay where they are.</p>
        <p className="mono xs ink3 break-all mt-2">{leaving?.path}</p>
      </ConfirmDialog>
      <PathDialog request={adding.pathRequest} onClose={adding.cancelPath} onSubmit={adding.submitPath} />
    </>
  );
}
