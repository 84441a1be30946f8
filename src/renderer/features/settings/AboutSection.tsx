import { useSystem } from '../../stores/system.ts';
import { SettingsRow } from '../../ui/SettingsRow.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';

const hosts = { desktop: 'Desktop app', serve: 'Browser, served by rightsize serve', cli: 'Command line' } as const;

export function AboutSection() {
  const about = useSystem((state) => state.about);
  if (about === null) return <Skeleton label="Reading the version" rows={4} />;
  const facts: readonly (readonly [string, string, boolean])[] = [
    ['Version', about.version, false],
    ['Runs as', hosts[about.host], false],
    ['Engine', about.engine ?? 'unknown until a model is loaded', false],
    ['Node', about.node, false],
    ...(about.electron === null ? [] : [['Electron', about.electron, false] as const]),
    ['System', about.platform, false],
    ['Data folder', about.dataFolder, true],
    ['Logs', about.logsFolder, true],
  ];
  return (
    <SettingsGroup title="Rightsize">
      {facts.map(([label, value, isPath]) => (
        <SettingsRow key={label} label={label}>
          <span className={isPath ? 'mono xs ink ell selectable' : 'ink sm ell selectable literal'} title={value}>
            {value}
          </span>
        </SettingsRow>
      ))}
      <SettingsRow label="License" hint="No account and no telemetry. Only what you look for and download on the hub leaves this machine">
        <span className="ink sm">Apache-2.0</span>
      </SettingsRow>
    </SettingsGroup>
  );
}
