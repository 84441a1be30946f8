import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { RunDraft } from '../../../stores/draftPlan.ts';
import { Chip } from '../../../ui/Chip.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Stepper } from '../../../ui/Stepper.tsx';
import { Switch } from '../../../ui/Switch.tsx';

interface RunSettingsProps {
  readonly draft: RunDraft;
  readonly onChange: (change: Partial<RunDraft>) => void;
}

const offered = [0, 0.3, 0.7, 1] as const;

/** Temperatures, repeats, the bar and what bounds a run. */
export function RunSettings({ draft, onChange }: RunSettingsProps) {
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
        <li>
          <span className="label">Temperatures</span>
          <div className="row row-1 temps">
            {temperatures.map((temperature) => (
              <Chip key={temperature} pressed={draft.temperatures.includes(temperature)} onPressedChange={(on) => toggle(temperature, on)}>
                {temperature}
              </Chip>
            ))}
            {isAdding ? null : <IconButton icon={Plus} size="sm" label="More temperatures" onClick={() => setAdding(true)} />}
          </div>
        </li>
        <li>
          <span className="label">
            Repeats<small>above temperature 0 only</small>
          </span>
          <Stepper label="Repeats" value={draft.repeats} min={1} max={100} onCommit={(repeats) => onChange({ repeats: repeats ?? 1 })} />
        </li>
        <li>
          <span className="label">
            Pass bar<small>reached with 95% confidence</small>
          </span>
          <Stepper
            label="Pass bar"
            unit="%"
            value={Math.round(draft.bar * 100)}
            min={1}
            max={99}
            step={1}
            onCommit={(percent) => onChange({ bar: (percent ?? 80) / 100 })}
          />
        </li>
        <li>
          <span className="label">
            Items a suite<small>first ones; empty is all</small>
          </span>
          <Stepper
            label="Items a suite"
            placeholder="all"
            value={draft.itemLimit}
            min={1}
            step={10}
            onCommit={(itemLimit) => onChange({ itemLimit })}
          />
        </li>
        <li>
          <span className="label">
            Context<small>tokens; empty is automatic</small>
          </span>
          <Stepper
            label="Context"
            placeholder="auto"
            value={draft.contextTokens}
            min={128}
            step={1024}
            onCommit={(contextTokens) => onChange({ contextTokens })}
          />
        </li>
        <li>
          <span className="label">
            Stop early<small>once a model cannot reach the bar</small>
          </span>
          <Switch label="Stop early" checked={draft.earlyStop} onChange={(earlyStop) => onChange({ earlyStop })} />
        </li>
      </ul>
    </section>
  );
}
