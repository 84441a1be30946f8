import type { Settings } from '#shared/contract/settings.ts';
import { isDesktop } from '../../hostPipe.ts';
import { Button } from '../../ui/Button.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import { SettingsRow } from '../../ui/SettingsRow.tsx';
import { DesktopRows } from './DesktopRows.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';
import { saveSettings } from './saveSettings.ts';

const themes = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

export function GeneralSection({ settings }: { readonly settings: Settings }) {
  return (
    <>
      <SettingsGroup title="Appearance">
        <SettingsRow label="Theme">
          <Segmented label="Theme" value={settings.theme} options={themes} onChange={(theme) => saveSettings({ theme })} />
        </SettingsRow>
        <SettingsRow label="Motion" hint="Follows the setting of your system" />
      </SettingsGroup>
      <SettingsGroup title="Start">
        <SettingsRow label="First run" hint="The machine and the starter models on one page">
          <Button onClick={() => saveSettings({ firstRunDone: false })}>Show again</Button>
        </SettingsRow>
      </SettingsGroup>
      {isDesktop ? <DesktopRows settings={settings} /> : null}
    </>
  );
}
