import { useState } from 'react';
import { defaultSampling, type Sampling } from '#shared/contract/chat.ts';
import type { Artifact, LoadedModel } from '#shared/contract/models.ts';
import { Button } from '../../ui/Button.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { LoadedNote } from './LoadedNote.tsx';
import { LongerContextNote } from './LongerContextNote.tsx';
import { NumberParameter } from './NumberParameter.tsx';
import { useDebounced } from './useDebounced.ts';

interface ParametersPanelProps {
  readonly systemPrompt: string;
  readonly sampling: Sampling;
  readonly onChange: (change: { readonly systemPrompt?: string; readonly sampling?: Sampling }) => void;
  /** The model of the conversation; undefined while none is chosen. */
  readonly artifact: Artifact | undefined;
  /** The same as it is loaded; undefined while it is not. */
  readonly running: LoadedModel | undefined;
  readonly onContext: ((contextTokens: number | null) => void) | null;
}

/** System prompt and sampling of one conversation. Changes count from the next answer on. */
export function ParametersPanel({ systemPrompt, sampling, onChange, artifact, running, onContext }: ParametersPanelProps) {
  const [prompt, setPrompt] = useDebounced(systemPrompt, { restMs: 400, onCommit: (value) => onChange({ systemPrompt: value }) });
  const [shown, setShown] = useDebounced(sampling, { restMs: 250, onCommit: (value) => onChange({ sampling: value }) });
  const [stopText, setStopText] = useState<string | null>(null);
  const set = (change: Partial<Sampling>): void => setShown({ ...shown, ...change });
  const isDefault = JSON.stringify(shown) === JSON.stringify(defaultSampling);
  return (
    <aside className="pane params" aria-label="Parameters">
      <h2 className="h2">Parameters</h2>
      <div className="scroll">
        <div className="p">
          <TextArea label="System prompt" value={prompt} onChange={setPrompt} rows={3} placeholder="None" maxLength={100_000} />
        </div>
        <NumberParameter
          label="Temperature"
          title="0 always takes the likeliest word; higher varies more"
          value={shown.temperature}
          onChange={(value) => set({ temperature: value ?? 0 })}
          min={0}
          max={5}
          digits={2}
          slider={{ min: 0, max: 2, step: 0.05, whenEmpty: 0 }}
        />
        <NumberParameter
          label="Top-p"
          title="Only the likeliest words that together reach this share"
          value={shown.topP}
          onChange={(topP) => set({ topP })}
          min={0}
          max={1}
          digits={2}
          emptyWord="off"
          slider={{ min: 0, max: 1, step: 0.01, whenEmpty: 1 }}
        />
        <NumberParameter
          label="Top-k"
          title="Only this many of the likeliest words"
          value={shown.topK}
          onChange={(topK) => set({ topK })}
          min={0}
          max={1_000_000}
          digits={0}
          emptyWord="off"
          slider={{ min: 0, max: 100, step: 1, whenEmpty: 0 }}
        />
        <NumberParameter
          label="Min-p"
          title="Only words at least this likely, compared with the likeliest"
          value={shown.minP}
          onChange={(minP) => set({ minP })}
          min={0}
          max={1}
          digits={2}
          emptyWord="off"
          slider={{ min: 0, max: 1, step: 0.01, whenEmpty: 0 }}
        />
        <NumberParameter
          label="Repeat penalty"
          title="Above 1 makes words that were just used less likely"
          value={shown.repeatPenalty}
          onChange={(repeatPenalty) => set({ repeatPenalty })}
          min={0.5}
          max={3}
          digits={2}
          emptyWord="off"
          slider={{ min: 1, max: 2, step: 0.01, whenEmpty: 1 }}
        />
        <hr className="hr" />
        <NumberParameter
          label="Max tokens"
          title="An answer is cut at this length"
          value={shown.maxTokens}
          onChange={(maxTokens) => set({ maxTokens })}
          min={1}
          max={16_777_216}
          digits={0}
          emptyWord="no limit"
        />
        <NumberParameter
          label="Seed"
          title="The same seed gives the same answer again"
          value={shown.seed}
          onChange={(seed) => set({ seed })}
          min={0}
          max={4_294_967_295}
          digits={0}
          emptyWord="random"
        />
        {onContext === null ? null : (
          <>
            <NumberParameter
              label="Context"
              title="Tokens the model can look back on"
              value={running?.contextTokens ?? null}
              onChange={onContext}
              min={128}
              max={16_777_216}
              digits={0}
              emptyWord="auto"
            />
            <p className="note p">
              {artifact === undefined || running?.state !== 'ready' ? null : <LongerContextNote artifact={artifact} running={running} />}A
              new context loads the model again.
            </p>
            {running === undefined ? null : <LoadedNote model={running} />}
          </>
        )}
        <div className="p">
          <TextArea
            label="Stop at"
            value={stopText ?? shown.stop.join('\n')}
            onChange={setStopText}
            onBlur={() => {
              if (stopText !== null)
                set({
                  stop: stopText
                    .split('\n')
                    .filter((line) => line !== '')
                    .slice(0, 16),
                });
              setStopText(null);
            }}
            rows={2}
            placeholder="One text per line"
          />
        </div>
      </div>
      <div className="foot">
        <Button variant="ghost" size="sm" disabled={isDefault} onClick={() => setShown(defaultSampling)}>
          Reset
        </Button>
      </div>
    </aside>
  );
}
