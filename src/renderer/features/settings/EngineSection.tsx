import type { Settings } from '#shared/contract/settings.ts';
import { useSystem } from '../../stores/system.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { Select } from '../../ui/Select.tsx';
import { SettingsRow } from '../../ui/SettingsRow.tsx';
import { Stepper } from '../../ui/Stepper.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';
import { saveSettings } from './saveSettings.ts';

const contexts = [
  { value: 'auto', label: 'The model’s own, at most 8,192' },
  ...[2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072].map((tokens) => ({
    value: String(tokens),
    label: tokens.toLocaleString('en-US'),
  })),
];
const gpuModes = [
  { value: 'auto', label: 'Use it' },
  { value: 'off', label: 'Off' },
] as const;

export function EngineSection({ settings }: { readonly settings: Settings }) {
  const hardware = useSystem((state) => state.hardware);
  const cores = hardware?.cpu.physicalCores ?? hardware?.cpu.logicalCores ?? null;
  const context = settings.contextTokens === null ? 'auto' : String(settings.contextTokens);
  const options = contexts.some((option) => option.value === context)
    ? contexts
    : [...contexts, { value: context, label: Number(context).toLocaleString('en-US') }];
  return (
    <>
      <SettingsGroup title="Loading a model">
        <SettingsRow label="Context" hint="Tokens a conversation can hold. More needs more memory">
          <Select
            label="Context"
            value={context}
            options={options}
            onChange={(value) => saveSettings({ contextTokens: value === 'auto' ? null : Number(value) })}
          />
        </SettingsRow>
        <SettingsRow label="Threads" hint={`Empty: Rightsize chooses${cores === null ? '' : `, ${Math.max(1, cores - 1)} here`}`}>
          <Stepper
            label="Threads"
            value={settings.threads}
            min={1}
            max={hardware?.cpu.logicalCores ?? 1024}
            placeholder="auto"
            onCommit={(threads) => saveSettings({ threads })}
          />
        </SettingsRow>
        <SettingsRow
          label="GPU"
          hint={
            hardware !== null && hardware.gpus.length === 0
              ? 'No GPU found: models run on the processor'
              : 'Off runs every model on the processor'
          }
        >
          <Segmented label="GPU" value={settings.gpu} options={gpuModes} onChange={(gpu) => saveSettings({ gpu })} />
        </SettingsRow>
      </SettingsGroup>
      <SettingsGroup title="Memory">
        <SettingsRow label="Unload after" hint="Minutes without use; 0 keeps a model until you unload it">
          <Stepper
            label="Unload after"
            value={settings.keepAliveMinutes}
            min={0}
            max={1440}
            step={5}
            unit="min"
            onCommit={(minutes) => (minutes === null ? undefined : saveSettings({ keepAliveMinutes: minutes }))}
          />
        </SettingsRow>
      </SettingsGroup>
    </>
  );
}
