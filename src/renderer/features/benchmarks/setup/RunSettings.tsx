import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Suite } from '#shared/contract/benchmarks.ts';
import { ownTemperatures, type RunDraft } from '../../../stores/draftPlan.ts';
import { Button } from '../../../ui/Button.tsx';
import { Chip } from '../../../ui/Chip.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Stepper } from '../../../ui/Stepper.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { AdvancedSettings } from './AdvancedSettings.tsx';
import type { SelectableModel } from './judgeChoices.ts';
import { SettingRow } from './SettingRow.tsx';

interface RunSettingsProps {
  readonly draft: RunDraft;
  readonly onChange: (change: Partial<RunDraft>) => void;
  /** The chosen ones. */
  readonly suites: readonly Suite[];
  /** The chosen ones: one of them may be what the others are held against. */
  readonly candidates: readonly SelectableModel[];
  /** All that could judge. */
  readonly judges: readonly SelectableModel[];
}

const offered = [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1] as const;

/** Temperatures, repeats, the bar and what bounds a run; the rest is folded away. */
export function RunSettings({ draft, onChange, suites, candidates, judges }: RunSettingsProps) {
  const [isAdding, setAdding] = useState(false);
  const temperatures = isAdding ? [...new Set([...offered, ...draft.temperatures])].sort((a, b) => a - b) : draft.temperatures;
  function toggle(temperature: number, on: boolean): void {
    const next = on ? [...draft.temperatures, temperature].sort((a, b) => a - b) : draft.temperatures.filter((one) => one !== temperature);
    if (next.length > 0) onChange({ temperatures: next });
  }
  return (
    <section aria-label="Settings">
      <div className="row section-head">
        <h2 className="h2">Settings</h2>
      </div>
      <ul className="set">
        <SettingRow label="Temperatures">
          <div className="row row-1 temps">
            {temperatures.map((temperature) => (
              <Chip key={temperature} pressed={draft.temperatures.includes(temperature)} onPressedChange={(on) => toggle(temperature, on)}>
                {temperature}
              </Chip>
            ))}
            {isAdding ? null : <IconButton icon={Plus} size="sm" label="More temperatures" onClick={() => setAdding(true)} />}
          </div>
        </SettingRow>
        <OwnTemperatures suites={suites} draft={draft} onChange={onChange} />
        <SettingRow label="Repeats" note="above temperature 0 only">
          <Stepper label="Repeats" value={draft.repeats} min={1} max={100} onCommit={(repeats) => onChange({ repeats: repeats ?? 1 })} />
        </SettingRow>
        <SettingRow label="Pass bar" note="reached with 95% confidence">
          <Stepper
            label="Pass bar"
            unit="%"
            value={Math.round(draft.bar * 100)}
            min={1}
            max={99}
            step={1}
            onCommit={(percent) => onChange({ bar: (percent ?? 80) / 100 })}
          />
        </SettingRow>
        <SettingRow label="Items a suite" note="first ones; empty is all">
          <Stepper
            label="Items a suite"
            placeholder="all"
            value={draft.itemLimit}
            min={1}
            step={10}
            onCommit={(itemLimit) => onChange({ itemLimit })}
          />
        </SettingRow>
        <SettingRow label="Context" note="tokens; empty is automatic">
          <Stepper
            label="Context"
            placeholder="auto"
            value={draft.contextTokens}
            min={128}
            step={1024}
            onCommit={(contextTokens) => onChange({ contextTokens })}
          />
        </SettingRow>
        <SettingRow label="Stop early" note="once a model cannot reach the bar">
          <Switch label="Stop early" checked={draft.earlyStop} onChange={(earlyStop) => onChange({ earlyStop })} />
        </SettingRow>
      </ul>
      <AdvancedSettings draft={draft} onChange={onChange} suites={suites} candidates={candidates} judges={judges} />
    </section>
  );
}

/** A suite that was made for certain temperatures, where others are set. */
function OwnTemperatures({ suites, draft, onChange }: Pick<RunSettingsProps, 'suites' | 'draft' | 'onChange'>) {
  const suite = suites.find((one) => {
    const own = ownTemperatures([one]);
    return own !== null && own.join() !== draft.temperatures.join();
  });
  const own = suite === undefined ? null : ownTemperatures([suite]);
  if (suite === undefined || own === null) return null;
  return (
    <li className="own-temps note">
      <span>
        {suite.name} is made for {own.join(', ')}.
      </span>
      <Button size="sm" variant="ghost" onClick={() => onChange({ temperatures: own })}>
        Use these
      </Button>
    </li>
  );
}
