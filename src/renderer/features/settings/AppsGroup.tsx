import { formatGigabytes } from '#core/units.ts';
import type { AppSource } from '#shared/contract/models.ts';
import type { Settings } from '#shared/contract/settings.ts';
import { useLibrary } from '../../stores/library.ts';
import { Switch } from '../../ui/Switch.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';
import { saveSettings } from './saveSettings.ts';

/** Other apps on this machine whose models are used where they lie. */
export function AppsGroup({ ignoredApps }: Pick<Settings, 'ignoredApps'>) {
  const apps = useLibrary((state) => state.apps);
  const found = apps.filter((source) => source.path !== null || source.problem !== null);
  const others = apps.filter((source) => !found.includes(source)).map((source) => source.label);
  return (
    <SettingsGroup title="Models of other apps">
      {found.map((source) => (
        <div key={source.app} className="settings-row">
          <div className="grow">
            <div className="ink sm">{source.label}</div>
            <div className="note">{countWords(source, ignoredApps.includes(source.app))}</div>
            {source.path === null ? null : <div className="note mono">{source.path}</div>}
            {source.problem === null ? null : <div className="xs bad-ink">{source.problem}</div>}
          </div>
          <Switch
            label={`Show models of ${source.label}`}
            checked={!ignoredApps.includes(source.app)}
            onChange={(isShown) =>
              saveSettings({ ignoredApps: isShown ? ignoredApps.filter((app) => app !== source.app) : [...ignoredApps, source.app] })
            }
          />
        </div>
      ))}
      <div className="settings-row">
        <div className="note grow">
          {found.length === 0
            ? 'None was found.'
            : 'Used where they are: nothing is copied, moved or changed. Only what Rightsize downloads itself goes into the shared cache.'}
          {others.length === 0 ? '' : ` Looked for and not found: ${others.join(', ')}.`}
        </div>
      </div>
    </SettingsGroup>
  );
}

function countWords(source: AppSource, isIgnored: boolean): string {
  if (isIgnored) return 'Not shown';
  if (source.artifactCount === 0) return 'No models';
  return `${source.artifactCount === 1 ? '1 model' : `${source.artifactCount} models`}, ${formatGigabytes(source.sizeBytes)}`;
}
