import { useState } from 'react';
import { type AnswerShape, defaultAnswerShape, defaultSampling, type Sampling } from '#shared/contract/chat.ts';
import type { Artifact, LoadedModel, LoadOptions } from '#shared/contract/models.ts';
import { Button } from '../../ui/Button.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { LoadedNote } from './LoadedNote.tsx';
import { LoadSettings } from './loading/LoadSettings.tsx';
import { PresetMenu } from './PresetMenu.tsx';
import { SamplingFields } from './SamplingFields.tsx';
import { SavePresetDialog } from './SavePresetDialog.tsx';
import { ShowReasoning } from './ShowReasoning.tsx';
import { useDebounced } from './useDebounced.ts';

interface ParametersPanelProps {
  readonly systemPrompt: string;
  readonly sampling: Sampling;
  readonly shape: AnswerShape;
  readonly onChange: (change: { readonly systemPrompt?: string; readonly sampling?: Sampling; readonly shape?: AnswerShape }) => void;
  /** The model of the conversation; undefined while none of this disk is chosen. */
  readonly artifact: Artifact | undefined;
  /** The same as it is loaded; undefined while it is not. */
  readonly running: LoadedModel | undefined;
  readonly onLoad: (options: LoadOptions) => Promise<unknown>;
}

/** System prompt and sampling of one conversation. Changes count from the next answer on. */
export function ParametersPanel({ systemPrompt, sampling, shape, onChange, artifact, running, onLoad }: ParametersPanelProps) {
  const [prompt, setPrompt] = useDebounced(systemPrompt, { restMs: 400, onCommit: (value) => onChange({ systemPrompt: value }) });
  const [shown, setShown] = useDebounced(sampling, { restMs: 250, onCommit: (value) => onChange({ sampling: value }) });
  const [isSaving, setSaving] = useState(false);
  const now = { systemPrompt: prompt, sampling: shown, shape };
  const isDefault = JSON.stringify(shown) === JSON.stringify(defaultSampling) && shape.overflow === defaultAnswerShape.overflow;
  return (
    <aside className="pane params" aria-label="Parameters">
      <div className="row spread head">
        <h2 className="h2">Parameters</h2>
        <PresetMenu
          now={now}
          onApply={(preset) => {
            if (preset.systemPrompt !== null) setPrompt(preset.systemPrompt);
            setShown(preset.sampling);
            if (preset.shape !== null) onChange({ shape: preset.shape });
          }}
        />
      </div>
      <div className="scroll">
        <div className="p">
          <TextArea label="System prompt" value={prompt} onChange={setPrompt} rows={3} placeholder="None" maxLength={100_000} />
        </div>
        <SamplingFields sampling={shown} onChange={setShown} />
        <div className="p">
          <span className="med-label">When the context is full</span>
          <Select<AnswerShape['overflow']>
            label="When the context is full"
            value={shape.overflow}
            onChange={(overflow) => onChange({ shape: { ...shape, overflow } })}
            options={[
              { value: 'drop-oldest', label: 'Leave out the oldest' },
              { value: 'fail', label: 'Stop and say so' },
            ]}
          />
        </div>
        <ShowReasoning />
        <hr className="hr" />
        {artifact === undefined ? null : (
          <>
            <LoadSettings artifact={artifact} running={running} onLoad={onLoad} />
            {running === undefined ? null : <LoadedNote model={running} />}
          </>
        )}
      </div>
      <div className="foot row spread">
        <Button
          variant="ghost"
          size="sm"
          disabled={isDefault}
          onClick={() => {
            setShown(defaultSampling);
            if (shape.overflow !== defaultAnswerShape.overflow) onChange({ shape: { ...shape, overflow: defaultAnswerShape.overflow } });
          }}
        >
          Reset
        </Button>
        <Button size="sm" onClick={() => setSaving(true)}>
          Save as preset
        </Button>
      </div>
      {isSaving ? <SavePresetDialog now={now} onClose={() => setSaving(false)} /> : null}
    </aside>
  );
}
