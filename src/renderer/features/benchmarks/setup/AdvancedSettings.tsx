import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { kvTypes } from '#core/fit/fitTypes.ts';
import type { Suite } from '#shared/contract/benchmarks.ts';
import { readEndpointModelId } from '#shared/contract/endpoints.ts';
import { useBenchmarks } from '../../../stores/benchmarks.ts';
import { changedSettings, type RunDraft } from '../../../stores/draftPlan.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Stepper } from '../../../ui/Stepper.tsx';
import { Switch } from '../../../ui/Switch.tsx';
import { formatDayAndTime } from '../runTime.ts';
import { ConcurrencyRow } from './ConcurrencyRow.tsx';
import { judgeDetail, judgeNote, type SelectableModel } from './judgeChoices.ts';
import { SettingRow } from './SettingRow.tsx';

interface AdvancedSettingsProps {
  readonly draft: RunDraft;
  readonly onChange: (change: Partial<RunDraft>) => void;
  /** The chosen ones. */
  readonly suites: readonly Suite[];
  readonly candidates: readonly SelectableModel[];
  readonly judges: readonly SelectableModel[];
}

/** What most runs never need: how models answer, what they are held against, who judges, what the machine does. Folded away until it is wanted. */
export function AdvancedSettings(props: AdvancedSettingsProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const changed = changedSettings(props.draft, props.suites);
  return (
    <div className="advanced">
      <button type="button" className="fold-head" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        <Icon of={isOpen ? ChevronDown : ChevronRight} size={14} />
        Advanced
        {changed === 0 ? null : <span className="ink3">{changed === 1 ? '1 changed' : `${changed} changed`}</span>}
      </button>
      {isOpen ? (
        <div id={id}>
          <AnswerSettings {...props} />
          <VerdictSettings {...props} />
          <MachineSettings {...props} />
        </div>
      ) : null}
    </div>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className="setting-group">
      <legend className="h3">{title}</legend>
      <ul className="set">{children}</ul>
    </fieldset>
  );
}

function AnswerSettings({ draft, onChange }: AdvancedSettingsProps) {
  return (
    <Group title="Answers">
      <SettingRow label="Thinking" note="where a model can">
        <Select<RunDraft['thinking']>
          label="Thinking"
          size="sm"
          value={draft.thinking}
          onChange={(thinking) => onChange({ thinking })}
          options={[
            { value: 'default', label: 'As the model does' },
            { value: 'on', label: 'On' },
            { value: 'off', label: 'Off' },
          ]}
        />
      </SettingRow>
      <SettingRow label="Answer length" note="tokens at most">
        <Stepper
          label="Answer length"
          value={draft.maxTokens}
          min={1}
          step={64}
          onCommit={(maxTokens) => {
            if (maxTokens !== draft.maxTokens) onChange({ maxTokens });
          }}
        />
      </SettingRow>
      <SettingRow label="Time for an answer" note="seconds, tools included">
        <Stepper
          label="Time for an answer"
          value={draft.answerSeconds}
          min={1}
          max={86_400}
          step={60}
          onCommit={(answerSeconds) => onChange({ answerSeconds: answerSeconds ?? 600 })}
        />
      </SettingRow>
      <SettingRow label="Turns with tools" note="of one answer at most">
        <Stepper label="Turns with tools" value={draft.turns} min={1} max={50} onCommit={(turns) => onChange({ turns: turns ?? 10 })} />
      </SettingRow>
      <SettingRow label="Force the JSON form" note="reported apart from free answers">
        <Switch label="Force the JSON form" checked={draft.constrained} onChange={(constrained) => onChange({ constrained })} />
      </SettingRow>
    </Group>
  );
}

const none = 'none';
const orNull = (value: string): string | null => (value === none ? null : value);

function VerdictSettings({ draft, onChange, candidates, judges }: AdvancedSettingsProps) {
  const runs = useBenchmarks((state) => state.runs);
  const done = (runs ?? []).filter((run) => run.state === 'done');
  const judge = judges.find(({ id }) => id === draft.judgeId);
  const barred = judge === undefined ? null : judgeNote(judge, candidates);
  const known = (id: string | null, list: readonly { readonly id: string }[]): string =>
    id !== null && list.some((one) => one.id === id) ? id : none;
  return (
    <Group title="Verdict">
      <SettingRow label="Hold against" note={draft.referenceId === null ? 'shown, decides nothing' : 'must not be beaten by the margin'}>
        <Select
          label="Hold against"
          size="sm"
          value={known(draft.referenceId, candidates)}
          onChange={(value) => onChange({ referenceId: orNull(value) })}
          options={[{ value: none, label: 'The best of the run' }, ...candidates.map((model) => ({ value: model.id, label: model.label }))]}
        />
      </SettingRow>
      <SettingRow label="Margin" note="worse than that and still as good">
        <Stepper
          label="Margin"
          unit="%"
          value={Math.round(draft.margin * 100)}
          min={1}
          max={50}
          onCommit={(percent) => onChange({ margin: (percent ?? 10) / 100 })}
        />
      </SettingRow>
      <SettingRow
        label="Doubt is shared"
        note={draft.testing === 'holm' ? 'each model can pass, each needs a little more' : 'ends at the first model that does not pass'}
      >
        <Select<RunDraft['testing']>
          label="Doubt is shared"
          size="sm"
          value={draft.testing}
          onChange={(testing) => onChange({ testing })}
          options={[
            { value: 'holm', label: 'Among all models' },
            { value: 'fixed-sequence', label: 'From the largest down' },
          ]}
        />
      </SettingRow>
      <SettingRow label="Baseline" note="an earlier run to compare with">
        <Select
          label="Baseline"
          size="sm"
          value={known(draft.baselineRunId, done)}
          onChange={(value) => onChange({ baselineRunId: orNull(value) })}
          options={[
            { value: none, label: 'None' },
            ...done.slice(0, 30).map((run) => ({ value: run.id, label: run.name, detail: formatDayAndTime(run.startedAt) })),
          ]}
        />
      </SettingRow>
      <SettingRow label="Judge" note="never of itself or its own family">
        <Select
          label="Judge"
          size="sm"
          value={known(draft.judgeId, judges)}
          onChange={(value) => onChange({ judgeId: orNull(value) })}
          options={[
            { value: none, label: 'None' },
            ...judges.map((model) => {
              const detail = judgeDetail(model, candidates);
              return { value: model.id, label: model.label, ...(detail === undefined ? {} : { detail }) };
            }),
          ]}
        />
      </SettingRow>
      {barred === null ? null : <li className="barred note">{barred}</li>}
    </Group>
  );
}

function MachineSettings({ draft, onChange, candidates }: AdvancedSettingsProps) {
  const hasRemote = candidates.some((model) => readEndpointModelId(model.id) !== null);
  return (
    <Group title="Machine">
      <SettingRow label="KV cache" note="how exactly the context is kept">
        <Select
          label="KV cache"
          size="sm"
          value={draft.kvType ?? none}
          onChange={(value) => onChange({ kvType: kvTypes.find((type) => type === value) ?? null })}
          options={[{ value: none, label: 'As in a chat' }, ...kvTypes.map((type) => ({ value: type as string, label: type }))]}
        />
      </SettingRow>
      <SettingRow label="Answers side by side" note="empty: as many as pay">
        <Stepper
          label="Answers side by side"
          placeholder="auto"
          value={draft.lanes}
          min={1}
          max={64}
          onCommit={(lanes) => onChange({ lanes })}
        />
      </SettingRow>
      {hasRemote ? <ConcurrencyRow value={draft.concurrency} onChange={(concurrency) => onChange({ concurrency })} /> : null}
      <SettingRow label="Ask again" note="after a crash or a lost connection">
        <Stepper label="Ask again" value={draft.retries} min={0} max={10} onCommit={(retries) => onChange({ retries: retries ?? 1 })} />
      </SettingRow>
      <SettingRow label="Pause after" note="minutes; empty is when it is done">
        <Stepper
          label="Pause after"
          placeholder="never"
          value={draft.runMinutes}
          min={1}
          step={15}
          onCommit={(runMinutes) => onChange({ runMinutes })}
        />
      </SettingRow>
      <SettingRow label="Pause on battery" note="instead of draining it">
        <Switch label="Pause on battery" checked={draft.pauseOnBattery} onChange={(pauseOnBattery) => onChange({ pauseOnBattery })} />
      </SettingRow>
      <SettingRow label="Pause on heat" note="when the processor is slowed">
        <Switch label="Pause on heat" checked={draft.pauseOnHeat} onChange={(pauseOnHeat) => onChange({ pauseOnHeat })} />
      </SettingRow>
    </Group>
  );
}
